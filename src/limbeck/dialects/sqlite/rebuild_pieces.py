"""What an operation adds to a table, as pieces of text.

SQLAlchemy writes the definitions, as it would for a new table, and :mod:`schema_reader` cuts them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Computed, Identity, Integer, MetaData, Table
from sqlalchemy.schema import CreateTable, SchemaItem

from limbeck.dialects.sqlite.schema_reader import read_constraint, read_table
from limbeck.errors import CommandError
from limbeck.operations.schema_objects import build_table, throwaway_metadata
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Constraint, Dialect, Index
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.schema_text import (
        Clause,
        ColumnText,
        ConstraintText,
        TableText,
    )


class AddedPieces(Value, slots=True):
    """What a new column brings along."""

    columns: tuple[ColumnText, ...]
    constraints: tuple[ConstraintText, ...]
    indexes: tuple[Index, ...] = ()


def column_pieces(
    items: Sequence[SchemaItem],
    table_name: str,
    schema: str | None,
    target: EmitTarget,
    convention: MetaData | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> AddedPieces:
    """The text of columns, of their own constraints, and of constraints between them.

    :param convention: what names constraints; by default the models' convention.
    :param renamed: the names of columns that ``items`` know by others, by those others.
    """
    metadata = throwaway_metadata(target)
    if convention is not None:
        metadata.naming_convention = convention.naming_convention
    table = build_table(table_name, metadata, *items, schema=schema)
    for known, name in renamed.items():
        table.c[known].name = name
    text = _created(table, target.dialect)
    indexes = tuple(sorted(table.indexes, key=lambda index: str(index.name)))
    return AddedPieces(text.columns, text.constraints, indexes)


def type_pieces(
    type_: TypeEngine[Any],
    column: str,
    table_name: str,
    target: EmitTarget,
    convention: MetaData | None = None,
) -> AddedPieces:
    """The text of a type, with its collation, and of a CHECK that belongs to the type.

    :param convention: as in :func:`column_pieces`.
    """
    return column_pieces([Column(column, type_)], table_name, None, target, convention)


def default_clause(default: Any, column: str, dialect: Dialect) -> Clause | None:
    """A server default as a clause: DEFAULT, or GENERATED for a computed column."""
    if isinstance(default, (Computed, Identity)):
        attached = cast("SchemaItem", default._copy() if default.column is not None else default)  # type: ignore[redundant-expr,unused-ignore]  # unset before it is attached
        item = Column(column, Integer, attached)
    else:
        item = Column(column, Integer, server_default=default)
    text = _created(Table("t", MetaData(), item), dialect).columns[0]
    return text.clause("default") or text.clause("generated")


def constraint_piece(constraint: Constraint, target: EmitTarget) -> ConstraintText:
    """The text of a constraint.

    :raises CommandError: SQLite has no such constraint.
    """
    compiler = target.dialect.ddl_compiler(target.dialect, None)  # type: ignore[arg-type]  # a compiler without a statement of its own
    text = compiler.process(constraint)
    if not text:
        raise CommandError(
            f"SQLite cannot have constraint {constraint.name} on table {constraint.table.name}",
            hint="a foreign key can only refer to a table of the same database file",
        )
    return read_constraint(text)


def _created(table: Table, dialect: Dialect) -> TableText:
    return read_table(str(CreateTable(table).compile(dialect=dialect)).strip())
