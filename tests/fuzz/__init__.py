"""Random models and random changes of them, through the closing loop on every database.

``model`` is what is drawn: plain frozen values. ``source`` prints a model as the Python source that
makes its MetaData, ``catalogue`` holds the words of each database, ``tables``, ``columns``,
``constraints`` and ``changes`` draw, ``sound`` takes out what a database does not have, ``loop``
is the property.
"""
