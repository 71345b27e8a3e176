"""What Oracle does by itself, so that nobody takes it for a difference.

* A unique constraint brings an index of its own.
* An identity has all its options, those that nobody asked for too.
* There is no ``ON UPDATE``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.standard.spelling import settle_tables, spelled_alike
from limbeck.facts.objects import ForeignKeyFact, UniqueFact

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, SchemaFact, TableFact

# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/CREATE-SEQUENCE.html
_UNSAID = {
    "cache": "20",
    "increment": "1",
    "maxvalue": "9" * 28,
    "minvalue": "1",
    "start": "1",
}


def settle(before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
    """Both sides as they are to be compared."""
    return settle_tables(before, after, _settle_table)


def _settle_table(before: TableFact, after: TableFact) -> tuple[TableFact, TableFact]:
    own = {(c.name, c.columns) for c in before.constraints if isinstance(c, UniqueFact)}
    wanted = {column.name: column for column in after.columns}
    alike = spelled_alike(before, after)
    stored = replace(
        alike,
        columns=tuple(_without_unsaid(column, wanted.get(column.name)) for column in alike.columns),
        indexes=tuple(i for i in alike.indexes if not i.unique or (i.name, i.elements) not in own),
    )
    constraints = tuple(
        replace(c, onupdate=None) if isinstance(c, ForeignKeyFact) else c for c in after.constraints
    )
    return stored, replace(after, constraints=constraints)


def _without_unsaid(before: ColumnFact, after: ColumnFact | None) -> ColumnFact:
    """The stored column, without options of its identity that are as they are by themselves."""
    if before.identity is None or after is None or after.identity is None:
        return before
    said = {name for name, _ in after.identity.options}
    options = tuple(
        (name, value)
        for name, value in before.identity.options
        if name in said or (not name.startswith("oracle_") and _UNSAID.get(name) != value)
    )
    return replace(before, identity=replace(before.identity, options=options))
