"""What must change so that one schema becomes another.

A pure function over facts: no connection, no SQLAlchemy, the same result in the same order for
the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType

from limbeck.diff.changes import Added, Change, Changed, Fact, Removed
from limbeck.diff.lists import Paired, pair_by_key, pair_by_name_or_content
from limbeck.diff.objects import compare_objects
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    SequenceFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.value import Value, compared_names

KINDS: Mapping[type[Fact], str] = MappingProxyType(
    {
        TableFact: "table",
        ColumnFact: "column",
        PrimaryKeyFact: "primary_key",
        UniqueFact: "unique",
        ForeignKeyFact: "foreign_key",
        CheckFact: "check",
        ExcludeFact: "exclude",
        IndexFact: "index",
        EnumFact: "enum",
        SequenceFact: "sequence",
    }
)
"""The word for each kind of fact in a change."""

_FIELDS: Mapping[type[Fact], tuple[str, ...]] = MappingProxyType(
    {kind: compared_names(kind) for kind in KINDS}
)
_CONSTRAINTS = (UniqueFact, CheckFact, ExcludeFact, ForeignKeyFact)
_TABLE_PARTS = frozenset({"columns", "primary_key", "constraints", "indexes"})
_OF_WHOLE_TABLE = tuple(name for name in _FIELDS[TableFact] if name not in _TABLE_PARTS)
_NO_COLUMNS: Paired[ColumnFact] = Paired((), (), ())


class DiffOptions(Value):
    """What counts as a difference.

    :param types: whether column types and collations are compared.
    :param defaults: whether server defaults are compared.
    :param verdicts: for (table, column, field), what a user's own comparison has decided:
        True for different, False for equal.
    """

    types: bool = True
    defaults: bool = True
    verdicts: Mapping[tuple[TableKey, str, str], bool] = field(
        default_factory=lambda: MappingProxyType({})
    )


def compare(
    before: SchemaFact, after: SchemaFact, options: DiffOptions | None = None
) -> tuple[Change, ...]:
    """The changes that turn ``before`` into ``after``.

    :param before: what the database has.
    :param after: what the models want.
    :param options: what counts as a difference; everything does by default.
    :return: added enums and sequences, added tables, removed tables, what changes inside of
        tables, removed sequences and enums, objects of other kinds; each group in the order of
        its keys.
    """
    tables = pair_by_key(before.tables, after.tables, lambda t: t.key)
    sequences = pair_by_key(before.sequences, after.sequences, lambda s: s.key)
    enums = pair_by_key(before.enums, after.enums, lambda e: e.key)
    objects = compare_objects(before.objects, after.objects)
    inside = [
        change
        for old, new in tables.both
        for change in _table_changes(old, new, options or DiffOptions())
    ]
    removed_tables: list[Change] = [Removed("table", t.key, t) for t in tables.removed]
    freed = freed_columns([*removed_tables, *inside])
    asked = freed_columns([*removed_tables, *inside], "default")
    return (
        *(Added("enum", None, e) for e in enums.added if e.managed),
        *(c for old, new in enums.both for c in _changed(None, old, new)),
        *(Added("sequence", None, s) for s in sequences.added),
        *(c for old, new in sequences.both for c in _changed(None, old, new)),
        *(Added("table", t.key, t) for t in tables.added),
        *removed_tables,
        *inside,
        *(Removed("sequence", None, s) for s in sequences.removed if is_free(s, asked)),
        *(Removed("enum", None, e) for e in enums.removed if is_free(e, freed)),
        *objects,
    )


def freed_columns(changes: Sequence[Change], part: str = "type") -> frozenset[tuple[TableKey, str]]:
    """The columns that are no longer of their type when ``changes`` are done.

    :param part: what of a column needs another object: its type, or its default.
    """
    freed: set[tuple[TableKey, str]] = set()
    for change in changes:
        if isinstance(change, Added) or change.table is None:
            continue
        if isinstance(change.before, TableFact) and isinstance(change, Removed):
            freed.update((change.table, column.name) for column in change.before.columns)
        elif isinstance(change.before, ColumnFact) and (
            isinstance(change, Removed) or part in change.fields
        ):
            freed.add((change.table, change.before.name))
    return frozenset(freed)


def is_free(fact: EnumFact | SequenceFact, freed: frozenset[tuple[TableKey, str]]) -> bool:
    """Whether nothing needs an enum or a sequence any more that no model has."""
    return not fact.held and all(user in freed for user in fact.users)


def _table_changes(before: TableFact, after: TableFact, options: DiffOptions) -> Iterator[Change]:
    """What changes inside of one table."""
    # Most of what is compared is equal, and told so at once; each part is looked at once only, as
    # often only the name of a primary key that nobody has named differs in a table.
    table = after.key
    columns: Paired[ColumnFact] = _NO_COLUMNS
    if options.verdicts or before.columns != after.columns:
        columns = pair_by_key(before.columns, after.columns, _name)
    yield from (Added("column", table, c) for c in columns.added)
    for old, new in columns.both:
        yield from _column_changes(table, old, new, options)
    if before.primary_key != after.primary_key:
        yield from _primary_key_changes(table, before.primary_key, after.primary_key)
    for kind in _CONSTRAINTS if before.constraints != after.constraints else ():
        yield from _item_changes(
            table,
            pair_by_name_or_content(
                [c for c in before.constraints if isinstance(c, kind)],
                [c for c in after.constraints if isinstance(c, kind)],
                _content,
            ),
        )
    if before.indexes != after.indexes:
        indexes = pair_by_name_or_content(before.indexes, after.indexes, _content)
        yield from _item_changes(table, indexes)
    different = tuple([f for f in _OF_WHOLE_TABLE if getattr(before, f) != getattr(after, f)])
    if different:
        yield Changed("table", table, before, after, different)
    yield from (Removed("column", table, c) for c in columns.removed)


def _name(column: ColumnFact) -> str:
    return column.name


def _column_changes(
    table: TableKey, before: ColumnFact, after: ColumnFact, options: DiffOptions
) -> Iterator[Change]:
    """What changes in one column."""
    found = set(_differing(before, after))
    if not options.types:
        found -= {"type", "collation", "sequence_type"}
    if not options.defaults:
        found.discard("default")
    if not (before.autoincrement and after.autoincrement):
        found.discard("sequence_type")
    if _is_numbered_otherwise(before, after):
        found -= {"autoincrement", "identity", "default"}
    for part in ("type", "default"):
        verdict = options.verdicts.get((table, after.name, part))
        if verdict is not None:
            (found.add if verdict else found.discard)(part)
    if found:
        ordered = tuple(name for name in _FIELDS[ColumnFact] if name in found)
        yield Changed("column", table, before, after, ordered)


def _is_numbered_otherwise(before: ColumnFact, after: ColumnFact) -> bool:
    """Whether both sides number the column's rows, the one so and the other otherwise.

    Models that ask for numbers without saying how are content with an identity, and with a
    sequence that the column does not own; a default from a sequence is content with one it owns.
    """
    if after.autoincrement and after.identity is None:
        return before.identity is not None or _takes_from_sequence(before.default)
    return before.autoincrement and _takes_from_sequence(after.default)


def _takes_from_sequence(default: str | None) -> bool:
    return default is not None and default.lower().startswith("nextval(")


def _primary_key_changes(
    table: TableKey, before: PrimaryKeyFact | None, after: PrimaryKeyFact | None
) -> Iterator[Change]:
    """What changes in the primary key. A name that one side leaves open is no difference."""
    if before is None and after is not None:
        yield Added("primary_key", table, after)
    elif before is not None and after is None:
        yield Removed("primary_key", table, before)
    elif before is not None and after is not None:
        for change in _changed(table, before, after):
            other_order = before.columns == after.written
            different = tuple(f for f in change.fields if f != "columns" or not other_order)
            if different:
                yield replace(change, fields=different)


def _item_changes(
    table: TableKey, items: Paired[ConstraintFact] | Paired[IndexFact]
) -> Iterator[Change]:
    """What changes in the constraints of one kind, or in the indexes, of a table."""
    yield from (Removed(KINDS[type(item)], table, item) for item in items.removed)
    for old, new in items.both:
        yield from _changed(table, old, new)
    yield from (Added(KINDS[type(item)], table, item) for item in items.added)


def _changed(table: TableKey | None, before: Fact, after: Fact) -> Iterator[Changed]:
    """The change of one object that both sides have, if it is one."""
    different = _differing(before, after)
    if "name" in different and None in (getattr(before, "name", 0), getattr(after, "name", 0)):
        different = tuple(name for name in different if name != "name")
    if different:
        yield Changed(KINDS[type(after)], table, before, after, different)


def _differing(before: Fact, after: Fact) -> tuple[str, ...]:
    """The names of the fields in which two facts of one kind differ."""
    if before == after:
        return ()
    return tuple(
        name for name in _FIELDS[type(after)] if getattr(before, name) != getattr(after, name)
    )


def _content(item: ConstraintFact | IndexFact) -> tuple[object, ...]:
    """What a constraint or index is, apart from its name."""
    return tuple(getattr(item, name) for name in _FIELDS[type(item)] if name != "name")
