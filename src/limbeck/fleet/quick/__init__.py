"""The quick road: what a revision has sent to one tenant is sent to the others as it was.

Only where it is proved that every tenant gets the same, see :mod:`limbeck.runtime.resent.purity`.
It reports no failure and waits for nobody: whatever is not as expected is rolled back and left to
the usual road, which finds the database as it is, and tells what is wrong with it.
"""
