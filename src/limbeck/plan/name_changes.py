"""Constraints and indexes of which only the name changes, as statements that rename them.

Alembic has no directive for it, and a generated file uses only what Alembic knows, so the file has
the statement itself. Where a database cannot rename them, they are dropped and made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from limbeck.diff.changes import Changed
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

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
    from limbeck.plan.situation import Situation

Part = PrimaryKeyFact | ConstraintFact | IndexFact
P = TypeVar("P", PrimaryKeyFact, ConstraintFact, IndexFact)


def name_changes(situation: Situation) -> tuple[list[ops.MigrateOperation], Situation]:
    """Return the statements that rename, and what is left to be planned after them.

    A name that something has is not free until that has gone, so such a change stays as it is.
    """
    taken = {
        (table.key.schema, part.name) for table in situation.before.tables for part in _parts(table)
    }
    found: list[ops.MigrateOperation] = []
    left: list[Change] = []
    renamed: dict[TableKey, dict[Part, str]] = {}
    for change in situation.changes:
        statement = None
        if isinstance(change, Changed) and change.fields == ("name",):
            statement = _statement(change, situation)
        if statement is None or _is_taken(change, taken):
            left.append(change)
            continue
        assert isinstance(change, Changed)
        assert change.table is not None
        old, new = change.before, change.after
        assert isinstance(old, Part)
        assert isinstance(new, Part)
        taken.add((change.table.schema, new.name))
        found.append(ops.ExecuteSQLOp(statement))
        assert new.name is not None
        renamed.setdefault(change.table, {})[old] = new.name
    if not found:
        return [], situation
    before = _with_names(situation.before, renamed)
    return found, replace(situation, before=before, changes=tuple(left))


def _is_taken(change: Change, taken: set[tuple[str, str | None]]) -> bool:
    assert isinstance(change, Changed)
    assert change.table is not None
    return (change.table.schema, getattr(change.after, "name", None)) in taken


def _statement(change: Changed, situation: Situation) -> str | None:
    """The statement that renames, None where the database has none."""
    fact, table = change.before, change.table
    assert table is not None
    features = situation.features
    as_index = isinstance(fact, IndexFact) or (
        features.unique_is_index and isinstance(fact, UniqueFact)
    )
    words = features.rename_index if as_index else features.rename_constraint
    if not words or not isinstance(fact, Part):
        return None
    assert isinstance(change.after, Part)
    before, after = fact.name, change.after.name
    if before is None or after is None:
        return None
    quote = situation.dialect.identifier_preparer.quote
    return words.format(
        table=address(table, situation),
        index=address(TableKey(table.schema, before), situation),
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
