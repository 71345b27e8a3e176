"""Columns, constraints and indexes of one table as those of another, or of none."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, MetaData, Table, column, table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import SchemaEventTarget
from sqlalchemy.sql.expression import ColumnClause

from limbeck.operations.complete_copies import with_charset, with_operator_classes
from limbeck.operations.referred import is_by_name, referred_table

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

TAKING = threading.RLock()
"""Held while columns are given to a table: two threads may run the same revision, with columns
that belong to its module."""


def own_column(column: Column[Any], metadata: MetaData) -> Column[Any]:
    """A column for a new table: itself, as with Alembic, where nothing can come of that."""
    default = getattr(column.server_default, "arg", None)
    is_free = (
        getattr(column, "table", None) is None
        and not column.foreign_keys
        and not column.constraints
        and not _is_told_of_tables(column.type)
        # SQL Server's columns get it with an N before it.
        and (not isinstance(default, str) or default.isascii())
    )
    return column if is_free else copied(column, metadata)


def _is_told_of_tables(type_: TypeEngine[Any]) -> bool:
    """Whether a type does something when its column is put into a table."""
    if type(type_) is Boolean and not type_._variant_mapping:
        return type_.create_constraint
    return isinstance(type_, SchemaEventTarget)


def copied(column: Column[Any], metadata: MetaData | None = None) -> Column[Any]:
    """A copy of a column that belongs to no table.

    :param metadata: with it the column's type lets go of the MetaData that it was made with.
    """
    made = column._copy(_to_metadata=metadata) if metadata is not None else column._copy()
    with_charset(made.type, column.type)
    # SQLAlchemy copies a set; made again in their order, the constraints keep it.
    made.constraints.clear()
    for constraint in sorted(column.constraints, key=lambda one: one._creation_order):
        if not constraint._type_bound:
            _in_its_place(constraint._copy(), constraint)._set_parent_with_dispatch(made)
    return made


def for_table(item: Any, table: Table) -> Any:
    """A constraint or index of another table as one of this; a new one as it is."""
    if isinstance(item, Index):
        by_name = {one.name: one for one in table.c}
        elements = [
            table.c[e] if isinstance(e, str) else on_table(e, by_name) for e in item.expressions
        ]
        return Index(item.name, *elements, unique=item.unique, **item.kwargs)
    if getattr(item, "parent", None) is None:
        return item
    if isinstance(item, ForeignKeyConstraint) and all(map(is_by_name, item.elements)):
        schema = referred_table(item.elements[0])[0]
        return _in_its_place(item._copy(schema=schema, target_table=table), item)
    return _in_its_place(item._copy(target_table=table), item)


def _in_its_place(copy: Any, original: Any) -> Any:
    """A copy that comes in the order in which its original was made."""
    copy._creation_order = original._creation_order
    return with_operator_classes(copy, original)


def freed(expression: Any) -> Any:
    """The same expression over columns that know their table by its name only.

    A constraint that is made of a table's columns attaches itself to that table.
    """

    def replace(element: Any, **_: Any) -> Any:
        return _by_name(element) if isinstance(element, Column) else None

    return visitors.replacement_traverse(expression, {}, replace)


def _by_name(model: Column[Any]) -> ColumnClause[Any]:
    free: ColumnClause[Any] = column(model.name, model.type)
    if isinstance(model.table, Table):
        table(model.table.name, free, schema=model.table.schema)
    return free


def is_column(element: Any) -> TypeGuard[ColumnClause[Any]]:
    """Whether a part of an expression is a column."""
    return isinstance(element, ColumnClause) and not element.is_literal


def on_table(expression: Any, by_name: Mapping[str, Column[Any]]) -> Any:
    """The same expression over these columns, so that the index belongs to their table."""

    def replace(element: Any, **_: Any) -> Any:
        return by_name[element.name] if is_column(element) else None

    return visitors.replacement_traverse(expression, {}, replace)
