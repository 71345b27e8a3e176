"""Which differences may be no more than two spellings of one thing.

Whoever has a database at hand asks it; see :mod:`limbeck.database.compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Change, Changed, Removed

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey

_SPELLED = frozenset({"type", "default", "computed", "identity", "collation", "options"})
_SPELLED_KINDS = frozenset({"check", "exclude", "index"})


def is_spelling(change: Change) -> bool:
    """Whether a difference within a table may be one of spelling only."""
    if isinstance(change, Changed) and change.kind in ("column", "table"):
        return not _SPELLED.isdisjoint(change.fields)
    return change.kind in _SPELLED_KINDS


def undecided(changes: Sequence[Change]) -> set[TableKey]:
    """The tables with a difference that may be one of spelling only.

    :param changes: what differs.
    """
    found: set[TableKey] = set()
    gone: dict[tuple[TableKey, str], bool] = {}
    for change in changes:
        if change.table is None:
            continue
        if isinstance(change, Changed):
            if is_spelling(change):
                found.add(change.table)
        elif isinstance(change, Removed) and change.kind in _SPELLED_KINDS:
            gone[change.table, change.kind] = True
        elif isinstance(change, Added) and (change.table, change.kind) in gone:
            found.add(change.table)  # what is removed here and added there may be the same
    return found
