"""What cannot be read from SQL Server, so that nobody takes it for a difference.

SQLAlchemy reads no CHECK constraints there, and unique constraints as unique indexes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.standard.spelling import settle_tables, spelled_alike
from limbeck.facts.objects import CheckFact, UniqueFact, in_order

if TYPE_CHECKING:
    from limbeck.facts.objects import IndexFact, SchemaFact, TableFact


def settle(before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
    """Both sides as they are to be compared."""
    return settle_tables(before, after, _settle_table)


def _settle_table(before: TableFact, after: TableFact) -> tuple[TableFact, TableFact]:
    alike = spelled_alike(before, after)
    wanted = [c for c in after.constraints if isinstance(c, UniqueFact)]
    found = {index: _constraint_of(index, wanted) for index in alike.indexes if index.unique}
    uniques = [unique for unique in found.values() if unique is not None]
    stored = replace(
        alike,
        constraints=in_order([*alike.constraints, *uniques]),
        indexes=tuple(index for index in alike.indexes if found.get(index) is None),
    )
    kept = tuple(c for c in after.constraints if not isinstance(c, CheckFact))
    return stored, replace(after, constraints=kept)


def _constraint_of(index: IndexFact, wanted: list[UniqueFact]) -> UniqueFact | None:
    """The constraint that an index belongs to, if the models have one of its name or columns."""
    for unique in wanted:
        unnamed = unique.name is None and unique.columns == index.elements
        if unnamed or (unique.name is not None and unique.name == index.name):
            return UniqueFact(index.name, index.elements, source=index.source)
    return None
