"""What is compared on PostgreSQL, beside what the models say.

* A table that inherits from another, and is in no model, belongs to its parent.
* A column that comes from a parent is not the child's to name.
* Storage parameters and their like are compared where the models speak of them.
* Models that ask for a constraint that is not valid yet are content with one that is.
* A column that counts by a sequence is content with one that goes further than the column, as
  servers before 10 had them. One that ends before the column does is a difference.
* A unique constraint without a name that says no more than the primary key, or than another one,
  may be missing: ``CREATE TABLE`` takes the two for one, as in
  ``Column(primary_key=True, unique=True)``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.postgresql.table_options import INHERITS, settled
from limbeck.facts.objects import (
    CheckFact,
    ConstraintFact,
    ForeignKeyFact,
    UniqueFact,
    in_order,
)

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, SchemaFact, TableFact

_REACH = ("smallint", "integer", "bigint")
"""The types of sequences, from the one that ends first on."""
NOT_VALID = ("postgresql_not_valid", "true")


def settle(before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
    """Both sides as they are to be compared.

    :param before: what the database has.
    :param after: what the models want.
    """
    wanted = {table.key: table for table in after.tables}
    going = {str(table.key) for table in before.tables if table.key not in wanted}
    stored = {table.key: table for table in before.tables}
    compared = (
        _settled_table(table, wanted[table.key], _of_parents(table, before))
        if table.key in wanted
        else _own(table)
        for table in before.tables
        if table.key in wanted or not _belongs_to_another(table, going)
    )
    return (
        replace(before, tables=tuple(compared)),
        replace(
            after, tables=tuple(_content(table, stored.get(table.key)) for table in after.tables)
        ),
    )


def _own(table: TableFact) -> TableFact:
    """A table without the columns that it has from its parents."""
    return replace(table, columns=tuple(c for c in table.columns if not c.inherited))


def _belongs_to_another(table: TableFact, going: set[str]) -> bool:
    """Whether a table inherits from one that stays."""
    parents = filter(None, dict(table.options).get(INHERITS, "").split(", "))
    return any(parent not in going for parent in parents)


def _of_parents(table: TableFact, stored: SchemaFact) -> frozenset[str]:
    """The names of the columns that a table's parents have."""
    if not table.options:
        return frozenset()
    parents = set(filter(None, dict(table.options).get(INHERITS, "").split(", ")))
    return frozenset(
        column.name
        for each in stored.tables
        if parents and str(each.key) in parents
        for column in each.columns
    )


def _settled_table(before: TableFact, after: TableFact, held: frozenset[str]) -> TableFact:
    """A stored table as it is compared.

    :param held: the columns of its parents, which it cannot be without. One that it had before it
        got its parent stays its own as well, as ``NO INHERIT`` leaves those of the last one.
    """
    # Models that say nothing of parents leave those that there are, and so their columns.
    relaxed = [c for c in after.constraints if c.options and _says_not_valid(c)]
    if not relaxed and not before.options and not after.options:
        return before
    inherits = INHERITS in dict((*before.options, *after.options))
    if not inherits and not relaxed:
        options = settled(before.options, after.options)
        return before if options == before.options else replace(before, options=options)
    named = {column.name for column in after.columns}
    names = {c.name for c in relaxed if c.name is not None}
    contents = [replace(_as_valid(c), name=None) for c in relaxed]
    constraints: list[ConstraintFact] = []
    for fact in before.constraints:
        valid = _as_valid(fact)
        kept = fact.name in names or replace(valid, name=None) in contents
        constraints.append(valid if kept else fact)
    return replace(
        before,
        columns=tuple(
            c
            for c in before.columns
            if c.name in named or not (inherits and (c.inherited or c.name in held))
        ),
        constraints=in_order(constraints),
        options=settled(before.options, after.options),
    )


def _content(table: TableFact, stored: TableFact | None) -> TableFact:
    """A table of the models that is content with what it has."""
    table = _content_with_key(_content_with_valid(table), stored)
    if stored is None:
        return table
    wider = {c.name: c for c in stored.columns if c.sequence_type}
    if not wider:
        return table
    columns = (
        _content_with_sequence(c, wider[c.name]) if c.name in wider else c for c in table.columns
    )
    return replace(table, columns=tuple(columns))


def _content_with_key(table: TableFact, stored: TableFact | None) -> TableFact:
    """A table without the unnamed constraints that the server would not have created."""
    unnamed = [c for c in table.constraints if isinstance(c, UniqueFact) and c.name is None]
    if not unnamed:
        return table
    uniques = [c for c in table.constraints if isinstance(c, UniqueFact) and c.name is not None]
    key = table.primary_key
    said = {(c.columns, c.options) for c in (*uniques, key) if c is not None}
    left = Counter(_unique_columns(stored)) - Counter(c.columns for c in uniques)
    gone: list[UniqueFact] = []
    for fact in unnamed:
        if (fact.columns, fact.options) in said and not left[fact.columns]:
            gone.append(fact)
        said.add((fact.columns, fact.options))
        left[fact.columns] -= 1
    # By identity: two constraints without a name may be equal.
    kept = (c for c in table.constraints if not any(c is fact for fact in gone))
    return replace(table, constraints=tuple(kept)) if gone else table


def _unique_columns(table: TableFact | None) -> list[tuple[str, ...]]:
    found = () if table is None else table.constraints
    return [c.columns for c in found if isinstance(c, UniqueFact)]


def _content_with_sequence(column: ColumnFact, stored: ColumnFact) -> ColumnFact:
    found = stored.sequence_type
    counts = column.autoincrement and found in _REACH and column.type in _REACH
    if not counts or found == column.type or _REACH.index(found) < _REACH.index(column.type):
        return column
    return replace(column, sequence_type=found)


def _content_with_valid(table: TableFact) -> TableFact:
    if not any(fact.options and _says_not_valid(fact) for fact in table.constraints):
        return table
    return replace(table, constraints=in_order(map(_as_valid, table.constraints)))


def _says_not_valid(fact: ConstraintFact) -> bool:
    return isinstance(fact, CheckFact | ForeignKeyFact) and NOT_VALID in fact.options


def _as_valid(fact: ConstraintFact) -> ConstraintFact:
    if not isinstance(fact, CheckFact | ForeignKeyFact) or NOT_VALID not in fact.options:
        return fact
    return replace(fact, options=tuple(pair for pair in fact.options if pair != NOT_VALID))
