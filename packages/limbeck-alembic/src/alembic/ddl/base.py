"""DDL constructs that SQLAlchemy lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column as Column  # libraries take it from here

from limbeck.ddl.base import *  # noqa: F403  # the whole module under the other name
from limbeck.operations.referred import referred_table

if TYPE_CHECKING:
    from sqlalchemy import ForeignKeyConstraint


def _fk_spec(constraint: ForeignKeyConstraint) -> tuple[Any, ...]:
    """The parts of a foreign key: both ends, then its options."""
    schema, table, _ = referred_table(constraint.elements[0])
    return (
        constraint.parent.schema,
        constraint.parent.name,
        [column.name for column in constraint.columns],
        schema,
        table,
        [referred_table(element)[2] for element in constraint.elements],
        constraint.onupdate,
        constraint.ondelete,
        constraint.deferrable,
        constraint.initially,
    )
