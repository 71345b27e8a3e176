"""What a run writes down where the database cannot roll a revision back as a whole.

``marks.py`` tells operations apart, ``journal.py`` writes down what is done, ``settling.py`` finds
out what an interrupted run has left behind, ``undoing.py`` takes it back.
"""
