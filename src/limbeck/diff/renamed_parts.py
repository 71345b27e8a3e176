"""What gets a new name: tables, columns, enumerated types and their values."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from limbeck.diff.rename_said import Match, Said
from limbeck.facts.objects import EnumFact, SchemaFact, TableFact, TableKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from limbeck.diff.rename_choices import Decision, Hints
    from limbeck.facts.new_names import NewNames


def renamed_tables(
    before: SchemaFact, after: SchemaFact, decisions: Sequence[Decision], hints: Hints
) -> tuple[tuple[TableKey, str], ...]:
    old = {table.key: table for table in before.tables}
    new = {table.key: table for table in after.tables}
    mine = [each for each in decisions if each.kind == "table"]
    found: list[tuple[TableKey, str]] = []
    for schema in sorted({key.schema for key in old}):
        said = Said(
            tuple(each for each in mine if each.owner.schema == schema),
            tuple((was, key.name) for key, was in hints.tables if key.schema == schema),
        )
        pairs = said.accepted(
            [key.name for key in old if key.schema == schema],
            [key.name for key in new if key.schema == schema],
            lambda one, other, schema=schema: _table_match(  # type: ignore[misc]  # a default cannot be inferred
                old[TableKey(schema, one)], new[TableKey(schema, other)]
            ),
        )
        found += [(TableKey(schema, one), other) for one, other in pairs.items()]
    return tuple(sorted(found))


def renamed_columns(
    before: SchemaFact,
    after: SchemaFact,
    decisions: Sequence[Decision],
    hints: Hints,
    names: NewNames,
) -> Iterator[tuple[TableKey, str, str]]:
    """The columns that get new names: (table, old name, new name).

    :param names: the new names of tables.
    """
    later = {table.key: table for table in after.tables}
    for old in before.tables:
        key = names.table(old.key)
        new = later.get(key)
        said = _said_of("column", (old.key, key), decisions, hints.columns)
        if new is not None and said:
            had, has = ([each.name for each in table.columns] for table in (old, new))
            yield from _accepted(old.key, said, had, has, partial(_column_match, old, new))


def renamed_values(
    before: SchemaFact,
    after: SchemaFact,
    decisions: Sequence[Decision],
    hints: Hints,
    names: NewNames,
) -> Iterator[tuple[TableKey, str, str]]:
    """The values of enumerated types that get new names: (type, old value, new value).

    :param names: the new names of types.
    """
    later = {enum.key: enum for enum in after.enums}
    for old in before.enums:
        key = names.enum(old.key)
        new = later.get(key)
        said = _said_of("value", (old.key, key), decisions, hints.values)
        if new is not None and said:
            # Values that only change places say nothing about which is which.
            yield from _accepted(old.key, said, old.values, new.values, lambda one, other: 0.0)


def _accepted(
    owner: TableKey, said: Said, before: Sequence[str], after: Sequence[str], match: Match
) -> Iterator[tuple[TableKey, str, str]]:
    """What of the things said about the parts of one table or type is to be done."""
    for was, name in said.accepted(before, after, match).items():
        yield owner, was, name


def _said_of(
    kind: str,
    owner: tuple[TableKey, TableKey],
    decisions: Sequence[Decision],
    hints: Sequence[tuple[TableKey, str, str]],
) -> Said:
    """What was said of the parts of one table or type, by its old or its new key."""
    return Said(
        tuple(each for each in decisions if each.kind == kind and each.owner in owner),
        tuple((was, name) for key, name, was in hints if key == owner[1]),
    )


def renamed_enums(
    before: SchemaFact, after: SchemaFact, names: NewNames
) -> Iterator[tuple[TableKey, str]]:
    """Types of which only the name is new: same values, same columns. Nothing is lost by it."""
    old = {enum.key: enum for enum in before.enums}
    new = {enum.key: enum for enum in after.enums}
    coming = [enum for key, enum in sorted(new.items()) if key not in old and enum.managed]
    if not coming or old.keys() <= new.keys():
        return
    types = {(table.key, c.name): c.type for table in after.tables for c in table.columns}
    for key, enum in sorted(old.items()):
        if key in new:
            continue
        alike = [other for other in coming if _is_same_type(enum, other)]
        users = {(names.table(table), names.column(table, column)) for table, column in enum.users}
        used = {types.get(user, "").rstrip("[]") for user in users}
        for other in alike:
            if not users or used == {str(other.key)}:
                coming.remove(other)
                yield key, other.key.name
                break


def _is_same_type(one: EnumFact, other: EnumFact) -> bool:
    return one.values == other.values and one.key.schema == other.key.schema


def _column_match(old: TableFact, new: TableFact, one: str, other: str) -> float:
    """How alike two columns are; place and name would speak against every exchange."""
    from limbeck.diff.renames import ColumnInTable, column_score

    before = next(column for column in old.columns if column.name == one)
    after = next(column for column in new.columns if column.name == other)
    plausible = column_score(ColumnInTable(before, old), ColumnInTable(after, new)) > 0
    return float(before.type == after.type) + (before.nullable == after.nullable) + plausible


def _table_match(old: TableFact, new: TableFact) -> float:
    before = {(column.name, column.type) for column in old.columns}
    after = {(column.name, column.type) for column in new.columns}
    return len(before & after) / max(len(before), len(after), 1)
