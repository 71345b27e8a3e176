"""What a revision was seen to send is sent again, without running it.

Whoever builds a database from its whole history does so again and again: for each tenant, in each
run of the tests, after each checkout. Most revisions send the same each time, and making their
tables, operations and statements anew costs a multiple of what sending takes. So the statements of
a revision that can send nothing else are kept, and sent to the next database by the bare driver, in
the same transaction as ever.

Only where it is proved that it gets the same, see :mod:`limbeck.runtime.resent.purity` and
:mod:`limbeck.runtime.resent.ground`, and only in a run of many revisions: the few of a deployment
take the usual road. This one reports no failure and waits for nobody: whatever is not as expected
is rolled back and left to the usual road, which finds the database as it is.
"""
