"""Which differences are about things that the project's own history never created."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from limbeck.diff.changes import Added, Change, Changed, Fact, Removed
from limbeck.diff.compare import freed_columns, is_free
from limbeck.diff.owned_parts import (
    PARTS,
    OwnsPart,
    PartFact,
    columns_of,
    part_words,
    parts_left_alone,
)
from limbeck.facts.kind_words import kind_words
from limbeck.facts.objects import (
    ColumnFact,
    EnumFact,
    SchemaFact,
    SequenceFact,
    TableKey,
)
from limbeck.facts.schema_objects import ObjectKey, SchemaObject
from limbeck.value import Value


class Owner(Value):
    """Says what the history has created.

    :param table: asked with the key of a table.
    :param column: asked with the key of a table and the name of a column in it.
    :param sequence: asked with the key of a sequence.
    :param enum: asked with the key of an enumerated type.
    :param item: asked with the key of a view, a routine or the like.
    :param part: asked with the key of a table and a constraint or an index of it.
    """

    table: Callable[[TableKey], bool]
    column: Callable[[TableKey, str], bool]
    sequence: Callable[[TableKey], bool]
    enum: Callable[[TableKey], bool]
    item: Callable[[ObjectKey], bool]
    part: OwnsPart


_OBJECTS = frozenset(
    {"view", "materialized_view", "function", "procedure", "trigger", "domain", "extension"}
)
"""The kinds that somebody may have created beside the project. Rights are not among them:
who has them compared wants those that the models say."""


def may_drop(changes: Iterable[Change]) -> bool:
    """Whether anything is dropped of which it matters who has created it."""
    return any(
        isinstance(change, Removed)
        and change.kind in {"table", "column", "sequence", "enum", *PARTS, *_OBJECTS}
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
    strange = parts_left_alone(kept, owner.part)
    words += map(part_words, strange)
    kept = [change for change in kept if change not in strange]
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


def changes_but_from_before(
    changes: Sequence[Change], owner: Owner, stored: Callable[[], SchemaFact]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Let be what is missing because the database had it before the history began.

    :param changes: what the models have and the history does not make, and the like.
    :param owner: knows what the history creates.
    :param stored: asked for what the project's own database has, where that matters.
    :returns: the changes that are left, and what the database has from before, for people.
    """
    strange = [each for each in changes if isinstance(each, Added) and not _is_owned(each, owner)]
    if not strange:
        return tuple(changes), ()
    there = stored()
    let_be = [each for each in strange if _is_in(each, there)]
    columns: dict[TableKey, set[str]] = {}
    for each in let_be:
        if isinstance(each.after, ColumnFact) and each.table is not None:
            columns.setdefault(each.table, set()).add(each.after.name)
    return (
        tuple(change for change in changes if change not in let_be and not _needs(change, columns)),
        tuple(_words(each) for each in let_be),
    )


def _is_in(change: Added, stored: SchemaFact) -> bool:
    after = change.after
    match after:
        case ColumnFact():
            return any(
                table.key == change.table and after.name in {each.name for each in table.columns}
                for table in stored.tables
            )
        case EnumFact():
            return after.key in {each.key for each in stored.enums}
        case SequenceFact():
            return after.key in {each.key for each in stored.sequences}
        case SchemaObject():
            return (change.kind, after.key) in {(each.kind, each.key) for each in stored.objects}
    return change.table in {each.key for each in stored.tables}


def _needs(change: Change, columns: dict[TableKey, set[str]]) -> bool:
    """Whether a constraint or index is over a column that is let be."""
    if isinstance(change, Removed) or change.table not in columns:
        return False
    if change.kind in ("column", "table"):
        return False
    return bool(columns_of(change.after) & columns[change.table])


def _is_owned(change: Added | Removed, owner: Owner) -> bool:
    fact, table = _fact(change), change.table
    if isinstance(fact, ColumnFact) and table is not None:
        return owner.column(table, fact.name)
    if isinstance(fact, SequenceFact):
        return owner.sequence(fact.key)
    if isinstance(fact, EnumFact):
        return owner.enum(fact.key)
    if isinstance(fact, SchemaObject):
        return change.kind not in _OBJECTS or owner.item(fact.key)
    return change.kind != "table" or table is None or owner.table(table)


def _words(change: Added | Removed) -> str:
    fact = _fact(change)
    if isinstance(fact, ColumnFact):
        return f"column {change.table}.{fact.name}"
    if isinstance(fact, SequenceFact):
        return f"sequence {fact.key}"
    if isinstance(fact, EnumFact):
        return f"type {fact.key}"
    if isinstance(fact, SchemaObject):
        return f"{kind_words(change.kind)} {fact.key}"
    if isinstance(fact, PartFact):
        return part_words(change)
    return f"table {change.table}"


def _fact(change: Added | Removed) -> Fact:
    return change.after if isinstance(change, Added) else change.before


def _is_part_of(change: Change, columns: dict[TableKey, set[str]]) -> bool:
    """Whether a constraint or index goes, or changes, that holds a column which is left alone."""
    if isinstance(change, Added) or change.table not in columns:
        return False
    if isinstance(change, Changed) and change.kind in ("column", "table"):
        return False
    return bool(columns_of(change.before) & columns[change.table])
