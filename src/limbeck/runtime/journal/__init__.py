"""What a run writes down where the database cannot roll a revision back as a whole.

``marks.py`` tells operations apart, ``planned.py`` makes their statements, ``journal.py`` knows
which is done, ``lasting.py`` runs statements that last, ``joined_statements.py`` and ``ending.py``
do so in few messages where the server takes them, and ``written.py`` writes the rows.
``settling.py`` finds out what an interrupted run has left behind, ``undoing.py`` takes it back.
"""
