"""What users' ``include_object`` leaves out of a comparison.

The filter is asked with real SQLAlchemy objects, and only about what differs: what is equal on
both sides has nothing to leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from limbeck.diff.changes import Added, Change, Changed, Fact, Removed
from limbeck.diff.compare import freed_columns, is_free
from limbeck.facts.objects import (
    EnumFact,
    PrimaryKeyFact,
    SchemaFact,
    SequenceFact,
    TableFact,
    TableKey,
)
from limbeck.facts.schema_objects import SchemaObject
from limbeck.facts.scope import FILTER_TYPES

IncludeObject = Callable[[Any, "str | None", str, bool, Any], bool]
"""``fn(object, name, type_, reflected, compare_to) -> bool``"""


def kept_changes(
    changes: Sequence[Change], before: SchemaFact, after: SchemaFact, include: IncludeObject
) -> tuple[Change, ...]:
    """The changes that ``include`` lets through.

    A table that is left out takes everything inside of it along. An enum is dropped only if the
    changes that are left free the last of its columns.
    """
    tables = _Tables(before, after, include)
    kept = [
        c
        for change in changes
        for c in _apart(change, include)
        if tables.include(c.table) and _is_included(c, include)
    ]
    freed = freed_columns(kept)
    return tuple(
        change
        for change in kept
        if not (isinstance(change, Removed) and isinstance(change.before, EnumFact))
        or is_free(change.before, freed)
    )


class _Tables:
    """The answers about whole tables, each asked for once."""

    def __init__(self, before: SchemaFact, after: SchemaFact, include: IncludeObject) -> None:
        self._before = {table.key: table for table in before.tables}
        self._after = {table.key: table for table in after.tables}
        self._include = include
        self._answers: dict[TableKey, bool] = {}

    def include(self, key: TableKey | None) -> bool:
        """Whether a table is compared; what belongs to no table is."""
        if key is None:
            return True
        if key not in self._answers:
            self._answers[key] = self._ask(key)
        return self._answers[key]

    def _ask(self, key: TableKey) -> bool:
        old, new = self._before.get(key), self._after.get(key)
        if new is not None:
            compared = None if old is None else old.source
            return bool(self._include(new.source, key.name, "table", False, compared))
        source = None if old is None else old.source
        return bool(self._include(source, key.name, "table", True, None))


def _apart(change: Change, include: IncludeObject) -> tuple[Change, ...]:
    """A constraint or index under another name; only the new one where the old one is to stay."""
    if not isinstance(change, Changed) or "name" not in change.fields:
        return (change,)
    gone = Removed(change.kind, change.table, change.before)
    if _is_included(gone, include):
        return (change,)
    return (Added(change.kind, change.table, change.after),)


def _is_included(change: Change, include: IncludeObject) -> bool:
    fact: Fact = change.before if isinstance(change, Removed) else change.after
    if isinstance(fact, TableFact | PrimaryKeyFact):
        return True  # tables are asked for before, and Alembic has no word for primary keys
    if isinstance(fact, SchemaObject):
        return _is_object_included(fact, change, include)
    word = change.kind if isinstance(fact, EnumFact | SequenceFact) else FILTER_TYPES[type(fact)]
    name = getattr(fact, "name", None) or getattr(getattr(fact, "key", None), "name", None)
    compared = None if isinstance(change, Added | Removed) else getattr(change.before, "source", 0)
    return bool(include(fact.source, name, word, isinstance(change, Removed), compared))


def _is_object_included(item: SchemaObject, change: Change, include: IncludeObject) -> bool:
    """Ask about a view or the like: with the declaration, or with what the database says."""
    compared = change.before if isinstance(change, Changed) else None
    is_stored = isinstance(change, Removed)
    return bool(include(item.source or item, item.key.name, item.kind, is_stored, compared))
