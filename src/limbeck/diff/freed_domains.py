"""Domains that a change of columns leaves without any use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from limbeck.diff.changes import Added, Change, Changed, Removed
from limbeck.diff.object_order import any_mentions
from limbeck.facts.objects import ColumnFact, SchemaFact, TableFact, TableKey
from limbeck.facts.rights import Domain

Place = tuple[TableKey, str]
"""A column: its table and its name."""


def left_columns(changes: Iterable[Change]) -> dict[Place, str]:
    """The columns that go or get another type, with the type that they had.

    :param changes: what differs.
    """
    found: dict[Place, str] = {}
    for change in changes:
        if isinstance(change, Added) or change.table is None:
            continue
        before = change.before
        if isinstance(change, Removed) and isinstance(before, TableFact):
            found |= {(before.key, column.name): column.type for column in before.columns}
        if isinstance(before, ColumnFact) and not _keeps_type(change):
            found[change.table, before.name] = before.type
    return found


def _keeps_type(change: Change) -> bool:
    return isinstance(change, Changed) and "type" not in change.fields


def without_held_domains(changes: Sequence[Change], before: SchemaFact) -> tuple[Change, ...]:
    """The changes without the drops of domains that columns which stay are of.

    :param changes: what is to be done.
    :param before: what the database has.
    """
    if not any(map(_dropped, changes)):
        return tuple(changes)
    left = left_columns(changes)
    held = [
        column.type
        for table in before.tables
        for column in table.columns
        if (table.key, column.name) not in left
    ]
    dropped = ((change, _dropped(change)) for change in changes)
    return tuple(change for change, name in dropped if not (name and any_mentions(held, name)))


def _dropped(change: Change) -> str:
    """The name of the domain that a change drops, "" for any other."""
    if isinstance(change, Removed) and isinstance(change.before, Domain):
        return change.before.name
    return ""
