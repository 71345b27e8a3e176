"""Adding a column, and what comes with it: constraints, indexes, a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.schema import AddConstraint, CreateIndex

from limbeck.ddl.base import AddColumn
from limbeck.dialects.standard.bare_column import is_bare
from limbeck.dialects.standard.constraints import in_order, is_wanted

if TYPE_CHECKING:
    from sqlalchemy import Column, Constraint, Dialect, Executable, Table

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops


class AddColumnStatements:
    """The part of an emitter that adds columns."""

    target: EmitTarget
    dialect: Dialect

    adding: type[AddColumn] = AddColumn
    """The statement that adds a column."""

    describes_columns_alone: ClassVar[bool] = False
    """Whether the dialect's compiler writes down a column that is in no table."""

    if TYPE_CHECKING:
        # The rest of the emitter answers these.
        def _placed(self, column: Column[Any], op: ops.AlterTableOp) -> Table: ...
        def _column_is_there(self, table: str, column: str, schema: str | None) -> bool: ...
        def says_existence(self) -> bool: ...
        def column_comment(self, column: Column[Any]) -> Iterator[Executable]: ...

    def add_column(self, op: ops.AddColumnOp) -> Iterator[Executable]:
        if op.if_not_exists and self._column_is_there(op.table_name, op.column.name, op.schema):
            return
        if self.describes_columns_alone and is_bare(op.column, self.dialect):
            yield self.adding(
                op.table_name,
                op.column,
                schema=op.schema,
                if_not_exists=op.if_not_exists and self.says_existence(),
            )
            return
        table = self._placed(op.column, op)
        column = table.c[op.column.key]
        # Two REFERENCES within one column would be told apart by nothing.
        inline = bool(op.inline_references) and len(column.foreign_keys) == 1
        yield from self.before_add_column(column)
        yield self.adding(
            op.table_name,
            column,
            schema=op.schema,
            if_not_exists=op.if_not_exists and self.says_existence(),
            inline_references=inline,
            inline_primary_key=op.inline_primary_key,
        )
        for constraint in self.separate_constraints(table, inline):
            yield AddConstraint(constraint)
        for index in sorted(table.indexes, key=lambda index: index.name or ""):
            yield CreateIndex(index)
        yield from self.column_comment(column)

    def before_add_column(self, column: Column[Any]) -> Iterator[Executable]:
        """What a column needs before it can be added.

        :param column: the column on a throw-away table; it may be changed.
        """
        return iter(())

    def separate_constraints(self, table: Table, inline_references: bool) -> list[Constraint]:
        """The new column's constraints that are statements of their own.

        A CHECK that belongs to the column, not to its table, is written within its definition.
        """
        return [
            constraint
            for constraint in in_order(table)
            if is_wanted(constraint, self.dialect) and _is_separate(constraint, inline_references)
        ]


def _is_separate(constraint: Constraint, inline_references: bool) -> bool:
    """A primary key is a matter of its own; a foreign key may be asked to be within the column."""
    if isinstance(constraint, ForeignKeyConstraint):
        return not (inline_references and len(constraint.elements) == 1)
    return not isinstance(constraint, PrimaryKeyConstraint)
