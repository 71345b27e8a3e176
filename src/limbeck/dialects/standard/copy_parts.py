"""Constraints and indexes of a table, made once more on its copy.

The copy's columns are known by the names that they had; who speaks of one may use that name or
the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ColumnClause

from limbeck.operations.referred import referred_table
from limbeck.operations.schema_objects import placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Constraint, ForeignKey, MetaData


def column_of(table: Table, name: str) -> Column[Any] | None:
    """A column of a copy, by the name that it had or by the one that it has."""
    found: Column[Any] | None = table.columns.get(name)
    if found is None:
        found = next((column for column in table.columns if column.name == name), None)
    return found


def constraint_on(constraint: Constraint, table: Table, original: Table) -> Constraint | None:
    """A constraint on the copy; None where a column that it needs is gone.

    :param constraint: the constraint, on the original or on a table made for it alone.
    :param table: the copy.
    :param original: the table that is copied.
    """
    if isinstance(constraint, CheckConstraint):
        return _check_on(constraint, table, original)
    names = [column.name for column in getattr(constraint, "columns", ())]
    columns = [column_of(table, name) for name in names]
    kept = [column for column in columns if column is not None]
    if len(kept) < len(columns) or not (kept or not names):
        return None
    if isinstance(constraint, ForeignKeyConstraint):
        return _foreign_key_on(constraint, kept, table, original)
    if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
        if not kept:
            return None
        return type(constraint)(
            *kept,
            name=constraint.name,  # type: ignore[arg-type]  # SQLAlchemy's mark of no name too
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            comment=constraint.comment,
            **constraint.dialect_kwargs,
        )
    return constraint._copy(target_table=table)


def index_on(index: Index, table: Table) -> Index | None:
    """An index on the copy; None where a column that it needs is gone."""
    if any(column_of(table, column.name) is None for column in index.columns):
        return None
    elements = [_expression_on(each, table) for each in index.expressions]
    return Index(index.name, *elements, unique=index.unique, _table=table, **index.dialect_kwargs)


def _check_on(constraint: CheckConstraint, table: Table, original: Table) -> CheckConstraint | None:
    for column in constraint.columns:
        if column.name in original.columns and column_of(table, column.name) is None:
            return None
    return CheckConstraint(
        _expression_on(constraint.sqltext, table),
        name=constraint.name,
        deferrable=constraint.deferrable,
        initially=constraint.initially,
        comment=constraint.comment,
        **constraint.dialect_kwargs,
    )


def _expression_on(expression: Any, table: Table) -> Any:
    """The same expression over the columns of the copy."""

    def replace(element: Any, **_: Any) -> Any:
        is_column = isinstance(element, ColumnClause) and not element.is_literal
        return column_of(table, element.name) if is_column else None

    return visitors.replacement_traverse(expression, {}, replace)


def _foreign_key_on(
    constraint: ForeignKeyConstraint, local: list[Column[Any]], table: Table, original: Table
) -> ForeignKeyConstraint:
    """A foreign key; one to its own table goes to the copy, which is renamed with it."""
    remote = [_referred(key, table, original) for key in constraint.elements]
    return ForeignKeyConstraint(
        local,
        remote,
        name=constraint.name,
        onupdate=constraint.onupdate,
        ondelete=constraint.ondelete,
        deferrable=constraint.deferrable,
        initially=constraint.initially,
        match=constraint.match,
        comment=constraint.comment,
        **constraint.dialect_kwargs,
    )


def refers_to_itself(constraint: ForeignKeyConstraint) -> bool:
    """Whether a foreign key refers to the table that it belongs to."""
    table = constraint.table
    return isinstance(constraint.name, str) and all(
        referred_table(key)[:2] == (table.schema, table.name) for key in constraint.elements
    )


def _referred(key: ForeignKey, table: Table, original: Table) -> Column[Any]:
    schema, name, column = referred_table(key)
    column = column or key.parent.name
    if (schema, name) == (original.schema, original.name):
        own = column_of(table, column)
        if own is not None:
            return own
    return refer_to(table.metadata, schema, name, [column])[0]


def refer_to(
    metadata: MetaData, schema: str | None, name: str, columns: Iterable[str]
) -> list[Column[Any]]:
    """Columns of a table that is referred to, as far as they are there as they are."""
    key = f"{schema}.{name}" if schema else name
    known = metadata.tables.get(key)
    missing = [c for c in columns if known is None or c not in known.columns]
    table = placeholder(name, metadata, missing, schema) if missing or known is None else known
    return [table.c[c] for c in columns]
