"""What a revision will send is found out without running it, where it is alike in all but names.

A history is made of few forms: most columns, indexes and keys are like others, and have other
names. What a form sends is seen once, under names that no database has, and the names are put in
for each statement of that form: :mod:`~limbeck.runtime.foretold.trial`. A new table is put
together of its parts: :mod:`~limbeck.runtime.foretold.tables`. What comes of it is sent in long
runs as though it had been seen before, see :mod:`limbeck.runtime.resent` and ADR 49.

That holds for names that SQL writes as they are. Everything else is part of the form.
"""
