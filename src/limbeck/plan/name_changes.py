"""Constraints and indexes of which only the name changes, as statements that rename them.

Alembic has no directive for it, and a generated file uses only what Alembic knows, so the file has
the statement itself. Where a database cannot rename them, they are dropped and made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from limbeck.diff.changes import Changed
from limbeck.facts.name_steps import name_steps
from limbeck.facts.objects import (
    ConstraintFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.operations import ops
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.plan.situation import Situation

Part = PrimaryKeyFact | ConstraintFact | IndexFact
P = TypeVar("P", PrimaryKeyFact, ConstraintFact, IndexFact)


def name_changes(situation: Situation) -> tuple[list[ops.MigrateOperation], Situation]:
    """Return the statements that rename, and what is left to be planned after them.

    A name that something has and keeps is not free until that has gone, so such a change stays as
    it is. Where two change places, one of them steps aside.
    """
    renames = _possible(situation)
    if not renames:
        return [], situation
    statements: list[ops.MigrateOperation] = []
    taken = _taken(situation)
    for schema in sorted({schema for schema, _ in renames}):
        mine = {before: each for (owner, before), each in renames.items() if owner == schema}
        pairs = [(before, each.after) for before, each in mine.items()]
        for before, after in name_steps(
            pairs, [name or "" for owner, name in taken if owner == schema]
        ):
            rename = mine.pop(before)
            mine[after] = rename
            statements.append(ops.ExecuteSQLOp(_statement(rename, before, after, situation)))
    renamed: dict[TableKey, dict[Part, str]] = {}
    for each in renames.values():
        renamed.setdefault(each.table, {})[each.part] = each.after
    done = {id(each.change) for each in renames.values()}
    return statements, replace(
        situation,
        before=_with_names(situation.before, renamed),
        changes=tuple(change for change in situation.changes if id(change) not in done),
    )


class _Rename(Value):
    """A change that only gives a part of a table another name."""

    change: Changed
    table: TableKey
    part: Part
    after: str


def _possible(situation: Situation) -> dict[tuple[str, str], _Rename]:
    """What can be renamed, by its schema and the name that it has."""
    found: dict[tuple[str, str], _Rename] = {}
    given: set[tuple[str, str]] = set()
    for change in situation.changes:
        if not isinstance(change, Changed) or change.fields != ("name",) or change.table is None:
            continue
        part, new = change.before, change.after
        if not isinstance(part, Part) or not isinstance(new, Part) or not _words(part, situation):
            continue
        if part.name is None or new.name is None:
            continue
        key, place = (change.table.schema, part.name), (change.table.schema, new.name)
        if key not in found and place not in given:
            given.add(place)
            found[key] = _Rename(change, change.table, part, new.name)
    taken = _taken(situation)
    while True:
        stays = taken - Counter(found.keys())
        blocked = [key for key, each in found.items() if (key[0], each.after) in stays]
        if not blocked:
            return found
        for key in blocked:
            del found[key]


def _taken(situation: Situation) -> Counter[tuple[str, str | None]]:
    """How often each name is there, by schema."""
    tables = situation.before.tables
    return Counter((table.key.schema, part.name) for table in tables for part in _parts(table))


def _words(part: Part, situation: Situation) -> str:
    """The statement that renames, empty where the database has none."""
    features = situation.features
    as_index = isinstance(part, IndexFact) or (
        features.unique_is_index and isinstance(part, UniqueFact)
    )
    return features.rename_index if as_index else features.rename_constraint


def _statement(rename: _Rename, before: str, after: str, situation: Situation) -> str:
    quote = situation.dialect.identifier_preparer.quote
    return _words(rename.part, situation).format(
        table=address(rename.table, situation),
        index=address(TableKey(rename.table.schema, before), situation),
        before=quote(before),
        after=quote(after),
    )


def address(key: TableKey, situation: Situation) -> str:
    """A name with its schema, as a statement has it."""
    preparer = situation.dialect.identifier_preparer
    name: str = preparer.quote(key.name)
    return f"{preparer.quote_schema(key.schema)}.{name}" if key.schema else name


def _with_names(schema: SchemaFact, renamed: Mapping[TableKey, Mapping[Part, str]]) -> SchemaFact:
    return replace(
        schema,
        tables=tuple(
            _table(table, renamed[table.key]) if table.key in renamed else table
            for table in schema.tables
        ),
    )


def _table(table: TableFact, names: Mapping[Part, str]) -> TableFact:
    key = table.primary_key
    return replace(
        table,
        primary_key=None if key is None else _named(key, names),
        constraints=tuple(_named(part, names) for part in table.constraints),
        indexes=tuple(_named(part, names) for part in table.indexes),
    )


def _named(part: P, names: Mapping[Part, str]) -> P:
    return replace(part, name=names[part]) if part in names else part


def _parts(table: TableFact) -> Iterator[Part]:
    if table.primary_key is not None:
        yield table.primary_key
    yield from table.constraints
    yield from table.indexes
