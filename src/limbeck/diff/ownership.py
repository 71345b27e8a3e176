"""Which differences are about things that the project's own history never created."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from limbeck.diff.changes import Added, Change, Changed, Removed
from limbeck.diff.compare import freed_columns, is_free
from limbeck.facts.object_kinds import kind_words
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    EnumFact,
    ExcludeFact,
    IndexFact,
    SequenceFact,
    TableKey,
)
from limbeck.facts.schema_objects import ObjectKey, SchemaObject


@dataclass(frozen=True)
class Owner:
    """Says what the history has created.

    :param table: asked with the key of a table.
    :param column: asked with the key of a table and the name of a column in it.
    :param sequence: asked with the key of a sequence.
    :param enum: asked with the key of an enumerated type.
    :param item: asked with the key of a view, a routine or the like.
    """

    table: Callable[[TableKey], bool]
    column: Callable[[TableKey, str], bool]
    sequence: Callable[[TableKey], bool]
    enum: Callable[[TableKey], bool]
    item: Callable[[ObjectKey], bool]


_OBJECTS = frozenset(
    {"view", "materialized_view", "function", "procedure", "trigger", "domain", "extension"}
)
"""The kinds that somebody may have created beside the project. Rights are not among them:
who has them compared wants those that the models say."""


def may_drop(changes: Iterable[Change]) -> bool:
    """Whether anything is dropped of which it matters who has created it."""
    return any(
        isinstance(change, Removed)
        and change.kind in {"table", "column", "sequence", "enum", *_OBJECTS}
        for change in changes
    )


def owned_changes(
    changes: Sequence[Change], owner: Owner
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Leave alone what the history never created.

    A column that is left alone keeps the constraints and indexes that it is part of.

    :param changes: what differs.
    :param owner: knows what the history has created.
    :returns: the changes that are left, and what is left alone, for people.
    """
    words: list[str] = []
    columns: dict[TableKey, set[str]] = {}
    kept: list[Change] = []
    for change in changes:
        if not isinstance(change, Removed) or _is_owned(change, owner):
            kept.append(change)
            continue
        if isinstance(change.before, ColumnFact) and change.table is not None:
            columns.setdefault(change.table, set()).add(change.before.name)
        words.append(_words(change))
    kept = [change for change in kept if not _is_part_of(change, columns)]
    freed = freed_columns(kept)
    return (
        tuple(
            change
            for change in kept
            if not (isinstance(change, Removed) and isinstance(change.before, EnumFact))
            or is_free(change.before, freed)
        ),
        tuple(words),
    )


def _is_owned(change: Removed, owner: Owner) -> bool:
    before, table = change.before, change.table
    if isinstance(before, ColumnFact) and table is not None:
        return owner.column(table, before.name)
    if isinstance(before, SequenceFact):
        return owner.sequence(before.key)
    if isinstance(before, EnumFact):
        return owner.enum(before.key)
    if isinstance(before, SchemaObject):
        return change.kind not in _OBJECTS or owner.item(before.key)
    return change.kind != "table" or table is None or owner.table(table)


def _words(change: Removed) -> str:
    if isinstance(change.before, ColumnFact):
        return f"column {change.table}.{change.before.name}"
    if isinstance(change.before, SequenceFact):
        return f"sequence {change.before.key}"
    if isinstance(change.before, EnumFact):
        return f"type {change.before.key}"
    if isinstance(change.before, SchemaObject):
        return f"{kind_words(change.kind)} {change.before.key}"
    return f"table {change.table}"


def _is_part_of(change: Change, columns: dict[TableKey, set[str]]) -> bool:
    """Whether a constraint or index goes, or changes, that holds a column which is left alone."""
    if isinstance(change, Added) or change.table not in columns:
        return False
    if isinstance(change, Changed) and change.kind in ("column", "table"):
        return False
    return bool(_columns_of(change.before) & columns[change.table])


def _columns_of(fact: object) -> set[str]:
    match fact:
        case IndexFact():
            words = " ".join((*fact.elements, fact.where or ""))
        case CheckFact():
            words = fact.condition
        case ExcludeFact():
            words = fact.definition
        case _:
            return set(getattr(fact, "columns", ())) - {None}
    return set(re.findall(r"\w+", words)) | set(getattr(fact, "elements", ()))
