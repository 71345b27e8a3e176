"""Altering a column, one aspect after the other."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Computed, Identity
from sqlalchemy.schema import AddConstraint

from limbeck.ddl.base import (
    ColumnDefault,
    ColumnName,
    ColumnNullable,
    ColumnType,
    ComputedColumnDefault,
    IdentityColumnDefault,
)
from limbeck.dialects.standard.constraints import drop_constraint, type_bound_constraints
from limbeck.operations.schema_objects import build_table, throwaway_metadata

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Executable
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops


class AlterColumnStatements:
    """The part of an emitter that alters columns."""

    target: EmitTarget
    dialect: Dialect

    aspects: Sequence[str] = ("nullable", "default", "type", "comment", "name")
    """The order in which a column's aspects are altered."""

    if TYPE_CHECKING:
        # The rest of the emitter answers this.
        def set_column_comment(self, column: Column[Any]) -> Iterator[Executable]: ...

    def alter_column(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        self.check_alter_column(op)
        yield from self.drop_type_constraints(op)
        for aspect in self.aspects:
            yield from getattr(self, f"alter_{aspect}")(op)
        yield from self.add_type_constraints(op)

    def check_alter_column(self, op: ops.AlterColumnOp) -> None:
        """Warn of what has no meaning on this database."""
        if "autoincrement" in op.kw or "existing_autoincrement" in op.kw:
            autoincrement = op.kw.get("autoincrement")
            if autoincrement is not None and autoincrement != op.kw.get("existing_autoincrement"):
                warnings.warn(
                    "autoincrement and existing_autoincrement only make sense for MySQL",
                    UserWarning,
                    stacklevel=2,
                )

    def alter_nullable(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        if op.modify_nullable is not None:
            yield ColumnNullable(op.table_name, op.column_name, op.modify_nullable, **existing(op))

    def alter_default(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        default = op.modify_server_default
        if default is False:
            return
        sides = (default, op.existing_server_default)
        if any(isinstance(side, Computed) for side in sides):
            yield from self.alter_computed(op)
        elif any(isinstance(side, Identity) for side in sides):
            yield from self.alter_identity(op)
        else:
            yield from self.alter_plain_default(op)

    def alter_plain_default(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        """Give a column a default, or take it away."""
        yield ColumnDefault(op.table_name, op.column_name, op.modify_server_default, **existing(op))

    def alter_computed(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        """Make a column a generated one, or an ordinary one."""
        default = op.modify_server_default
        yield ComputedColumnDefault(
            op.table_name,
            op.column_name,
            default if isinstance(default, Computed) else None,
            **existing(op),
        )

    def alter_identity(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        """Make a column an identity, or an ordinary one."""
        default = op.modify_server_default
        yield IdentityColumnDefault(
            op.table_name,
            op.column_name,
            default if isinstance(default, Identity) else None,
            **existing(op),
        )

    def alter_type(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        if op.modify_type is not None:
            yield ColumnType(op.table_name, op.column_name, op.modify_type, **existing(op))

    def alter_comment(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        if op.modify_comment is not False:
            column: Column[Any] = Column(op.column_name, comment=op.modify_comment)
            table = build_table(
                op.table_name, throwaway_metadata(self.target), column, schema=op.schema
            )
            yield from self.set_column_comment(table.c[op.column_name])

    def alter_name(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        if op.modify_name is not None:
            yield ColumnName(op.table_name, op.column_name, op.modify_name, **existing(op))

    def drop_type_constraints(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        """Drop the CHECK that the type brought along, before the column changes its type."""
        if op.modify_type is None or op.existing_type is None:
            return
        column = self._with_type(op, op.column_name, op.existing_type)
        for constraint in type_bound_constraints(column, self.dialect):
            if isinstance(constraint.name, str):
                yield drop_constraint(constraint)

    def add_type_constraints(self, op: ops.AlterColumnOp) -> Iterator[Executable]:
        """Add the CHECK that the new type brings along, under the column's new name."""
        if op.modify_type is None:
            return
        column = self._with_type(op, op.modify_name or op.column_name, op.modify_type)
        for constraint in type_bound_constraints(column, self.dialect):
            yield AddConstraint(constraint)

    def _with_type(self, op: ops.AlterColumnOp, name: str, type_: TypeEngine[Any]) -> Column[Any]:
        table = build_table(
            op.table_name, throwaway_metadata(self.target), Column(name, type_), schema=op.schema
        )
        column: Column[Any] = table.c[name]
        return column


def existing(op: ops.AlterColumnOp) -> dict[str, Any]:
    """What is known of the column as it is."""
    return {
        "schema": op.schema,
        "existing_type": op.existing_type,
        "existing_server_default": op.existing_server_default,
        "existing_nullable": op.existing_nullable,
        "existing_comment": op.existing_comment,
    }
