"""Operations as statements, in standard SQL.

:class:`StandardEmitter` has one method for each operation; a database's folder subclasses it and
says differently only what the database says differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.schema import SetColumnComment

from limbeck.dialects.standard.alter_column import AlterColumnStatements
from limbeck.dialects.standard.copy_statements import CopyStatements
from limbeck.dialects.standard.object_emit import ObjectWriter
from limbeck.dialects.standard.plain_emit import PlainEmitter
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable

if TYPE_CHECKING:
    from sqlalchemy import Column, Executable

    from limbeck.dialects.backend import EmitTarget

Statements = Iterator["Executable"]


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` in standard SQL."""
    return StandardEmitter(target).statements(operation)


class StandardEmitter(PlainEmitter, AlterColumnStatements, CopyStatements):
    """Makes the statements for one target."""

    methods: ClassVar[dict[type[ops.MigrateOperation], str]] = {
        **PlainEmitter.methods,
        ops.OpContainer: "container",
        ops.AlterColumnOp: "alter_column",
        ops.CreateObjectOp: "schema_object",
        ops.ReplaceObjectOp: "schema_object",
        ops.DropObjectOp: "schema_object",
        BatchAlterTable: "batch",
    }

    object_writer: ClassVar[type[ObjectWriter]] = ObjectWriter

    def container(self, op: ops.OpContainer) -> Statements:
        for inner in op.ops:
            yield from self.statements(inner)

    def set_column_comment(self, column: Column[Any]) -> Statements:
        """Give an existing column a comment, or take it away."""
        # DropColumnComment would leave the schema out (SQLAlchemy 2.1); this says IS NULL too.
        column.comment = column.comment or None
        yield SetColumnComment(column)

    # Views, routines, triggers and the like

    def schema_object(
        self, op: ops.CreateObjectOp | ops.ReplaceObjectOp | ops.DropObjectOp
    ) -> Statements:
        return self.object_writer(self.target).statements(op)
