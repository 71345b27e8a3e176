"""The graph of revisions: names, ranges, branches and plans; no file, no connection.

The map of this room, in reading order::

    errors     what the graph refuses, and how it says so
    revision   one revision and its place in the graph
    linking    revisions in, a checked graph out
    walk       ancestors, descendants, an order in which to run
    names      the words for revisions that people type, taken apart
    resolve    those words to revisions
    ranges     which revisions lie between two ends
    rows       how the rows of the version table change
    step       one step of a plan
    plan       what to run to go from one place to another
    stamp      what to write down without running it
    graph      all of it behind one object, with Alembic's names
"""

from __future__ import annotations
