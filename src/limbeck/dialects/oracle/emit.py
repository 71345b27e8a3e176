"""Operations as statements for Oracle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Identity
from sqlalchemy.schema import CreateIndex, CreateTable, DropConstraint, DropIndex, DropTable

from limbeck.ddl.base import AddColumn, DropColumn, RenameTableInPlace
from limbeck.dialects.oracle.ddl import (
    Add,
    DropPrimaryKey,
    ModifyDefault,
    ModifyIdentity,
    ModifyNullable,
    ModifyType,
    RenameColumn,
    SetComment,
    Tolerating,
)
from limbeck.dialects.standard.alter_column import existing
from limbeck.dialects.standard.constraints import refuse_words
from limbeck.dialects.standard.emit import StandardEmitter

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops

Statements = Iterator["Executable"]

# What each statement fails with where its work is done:
# https://docs.oracle.com/en/error-help/db/ora-00955/ and so on.
DONE_ALREADY = {
    CreateTable: 955,  # name is already used by an existing object
    CreateIndex: 955,
    DropTable: 942,  # table or view does not exist
    DropIndex: 1418,  # specified index does not exist
    DropConstraint: 2443,  # cannot drop constraint: nonexistent constraint
    AddColumn: 1430,  # column being added already exists in table
    DropColumn: 904,  # invalid identifier
}


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` on Oracle."""
    return OracleEmitter(target).statements(operation)


class OracleEmitter(StandardEmitter):
    """Makes the statements for one Oracle target."""

    adding = Add

    def statements(self, operation: ops.MigrateOperation) -> Statements:
        for statement in super().statements(operation):
            refuse_words(statement, ("match",), "Oracle")
            yield tolerant(statement)

    # Tables

    def rename_table(self, op: ops.RenameTableOp) -> Statements:
        yield RenameTableInPlace(op.table_name, op.new_table_name, schema=op.schema)

    # Columns

    def alter_nullable(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_nullable is not None:
            yield ModifyNullable(op.table_name, op.column_name, op.modify_nullable, **existing(op))

    def alter_identity(self, op: ops.AlterColumnOp) -> Statements:
        before, after = op.existing_server_default, op.modify_server_default
        becomes = after if isinstance(after, Identity) else None
        if becomes is not None or isinstance(before, Identity):
            yield ModifyIdentity(op.table_name, op.column_name, becomes, **existing(op))
        if becomes is None and after is not None:
            yield from self.alter_plain_default(op)

    def alter_plain_default(self, op: ops.AlterColumnOp) -> Statements:
        default = op.modify_server_default
        yield ModifyDefault(op.table_name, op.column_name, default, **existing(op))

    def alter_type(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_type is not None:
            yield ModifyType(op.table_name, op.column_name, op.modify_type, **existing(op))

    def alter_comment(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_comment is not False:
            comment = op.modify_comment
            yield SetComment(op.table_name, op.column_name, comment, **existing(op))

    def alter_name(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_name is not None:
            yield RenameColumn(op.table_name, op.column_name, op.modify_name, **existing(op))

    # Constraints

    def drop_constraint(self, op: ops.DropConstraintOp) -> Statements:
        if op.constraint_type == "primary" and op.constraint_name is None and not op.if_exists:
            yield DropPrimaryKey(op.table_name, schema=op.schema)
            return
        yield from super().drop_constraint(op)


def tolerant(statement: Any) -> Any:
    """A statement in which "if it exists" is said in Oracle's way, where it is said."""
    for words in ("if_exists", "if_not_exists"):
        if getattr(statement, words, False):
            setattr(statement, words, False)
            error = next(e for kind, e in DONE_ALREADY.items() if isinstance(statement, kind))
            return Tolerating(statement, error)
    return statement
