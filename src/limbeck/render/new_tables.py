"""The parts of a new table, written from those of the models, under the names that they get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.facts.objects import ForeignKeyFact
from limbeck.plan.sources import referred_target
from limbeck.render.constraints import (
    check_expression,
    constraint_keywords,
    foreign_key_keywords,
    in_written_order,
    over_columns,
)
from limbeck.render.items import column_expression
from limbeck.render.nodes import Call, Node
from limbeck.render.values import strings

if TYPE_CHECKING:
    from limbeck.plan.new_tables import NewTable
    from limbeck.render.context import Rendering

__all__ = ["written_parts"]


def written_parts(new: NewTable, rendering: Rendering) -> list[Node]:
    """Return the columns and constraints of a table, as ``op.create_table`` takes them.

    They are what would be written of the table that it makes.

    :param new: the table.
    :param rendering: the settings, without a hook for the parts.
    """
    sources: Any = (column.source for column in new.fact.columns)
    columns = (column_expression(source, rendering) for source in sources)
    return [
        *(column for column in columns if column is not None),
        *in_written_order(_constraints(new, rendering), rendering),
    ]


def _constraints(
    new: NewTable, rendering: Rendering
) -> Iterator[tuple[sa.Constraint, Node | None]]:
    key = new.fact.primary_key
    if key is not None:
        source: Any = key.source
        by_name = {column.name: column for column in source.table.columns}
        columns = [by_name[name] for name in key.columns]
        if columns:
            name = new.key_name
            yield source, over_columns("PrimaryKeyConstraint", source, columns, rendering, name)
    for fact in new.constraints:
        source, name = fact.source, new.name_of(fact)
        if isinstance(fact, ForeignKeyFact):
            yield source, _foreign_key(source, fact, rendering, name)
        elif isinstance(source, sa.CheckConstraint):
            yield source, check_expression(source, rendering, name)
        else:
            unique = over_columns("UniqueConstraint", source, source.columns, rendering, name)
            yield source, unique


def _foreign_key(
    source: sa.ForeignKeyConstraint, fact: ForeignKeyFact, rendering: Rendering, name: str | None
) -> Node:
    local = strings([str(element.parent.name) for element in source.elements])
    remote = strings(
        [
            _referred(element, fact, column)
            for element, column in zip(source.elements, fact.referred_columns, strict=True)
        ]
    )
    keywords = constraint_keywords(source, rendering, foreign_key_keywords(source), name)
    return Call(rendering.sa("ForeignKeyConstraint"), (local, remote, *keywords))


def _referred(element: sa.ForeignKey, fact: ForeignKeyFact, column: str) -> str:
    """Return what a foreign key points to, among the columns of its own table by the name."""
    table = referred_target(element, fact)
    own = element.parent.table
    if table == own.fullname and column in own.columns:
        column = own.columns[column].name
    return f"{table}.{column}"
