"""Operations as statements for SQL Server."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Computed, Identity

from limbeck.dialects.features import features_at
from limbeck.dialects.mssql.comments import Describe
from limbeck.dialects.mssql.ddl import (
    Add,
    AddDefault,
    AlterType,
    DropColumnConstraint,
    RenameColumnByProcedure,
    RenameTableByProcedure,
    Unless,
)
from limbeck.dialects.mssql.defaults import keep_characters, national_default
from limbeck.dialects.mssql.existing_column import completed
from limbeck.dialects.mssql.features import FEATURES, SINCE
from limbeck.dialects.mssql.rows import insert_on_paper
from limbeck.dialects.mssql.text import paper_dialect
from limbeck.dialects.standard.alter_column import existing
from limbeck.dialects.standard.constraints import refuse_words
from limbeck.dialects.standard.emit import StandardEmitter
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Column, Executable, Table

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops

Statements = Iterator["Executable"]


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` on SQL Server."""
    return MssqlEmitter(target).statements(operation)


class MssqlEmitter(StandardEmitter):
    """Makes the statements for one SQL Server target."""

    adding = Add
    aspects = ("type_and_default", "comment", "name")
    creates_as_said = False

    def statements(self, operation: ops.MigrateOperation) -> Statements:
        for statement in super().statements(operation):
            refuse_words(statement, ("deferrable", "initially", "match"), "SQL Server")
            yield guarded(statement)

    def says_existence(self) -> bool:
        version = getattr(self.dialect, "server_version_info", None)
        return features_at(FEATURES, SINCE, version).existence_clauses

    # Tables

    def before_create_table(self, table: Table) -> Statements:
        keep_characters(table.c)
        return iter(())

    def before_add_column(self, column: Column[Any]) -> Statements:
        keep_characters([column])
        return iter(())

    def rename_table(self, op: ops.RenameTableOp) -> Statements:
        yield RenameTableByProcedure(op.table_name, op.new_table_name, schema=op.schema)

    # Comments

    def table_comments(self, table: Table) -> Statements:
        if table.comment:
            yield Describe(table.name, None, table.comment, schema=table.schema, has_comment=False)
        for column in table.c:
            yield from self.column_comment(column)

    def column_comment(self, column: Column[Any]) -> Statements:
        if column.comment:
            table = column.table
            yield Describe(
                table.name, column.name, column.comment, schema=table.schema, has_comment=False
            )

    def create_table_comment(self, op: ops.CreateTableCommentOp) -> Statements:
        yield _table_comment(op, op.comment)

    def drop_table_comment(self, op: ops.DropTableCommentOp) -> Statements:
        yield _table_comment(op, None)

    def alter_comment(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_comment is not False:
            yield Describe(
                op.table_name,
                op.column_name,
                op.modify_comment,
                schema=op.schema,
                has_comment=True if op.existing_comment else None,
            )

    # Columns

    def drop_column(self, op: ops.DropColumnOp) -> Statements:
        for kind in ("default", "check", "foreign_key"):
            if op.kw.get(f"mssql_drop_{kind}"):
                yield DropColumnConstraint(op.table_name, op.column_name, kind, schema=op.schema)
        yield from super().drop_column(op)

    def alter_column(self, op: ops.AlterColumnOp) -> Statements:
        return super().alter_column(completed(op, self.target.online))

    def alter_type_and_default(self, op: ops.AlterColumnOp) -> Statements:
        """Both at once: a column with a default cannot change its type.

        https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql#alter-column
        """
        default = op.modify_server_default
        if any(isinstance(d, Computed | Identity) for d in (default, op.existing_server_default)):
            yield from self.alter_type(op)
            yield from super().alter_default(op)
            return
        steps_aside = default is False and self._has_default(op) and self._changes_type(op)
        # One that is not told of is taken for none; one that is not there is dropped without harm.
        replaces = default is not False and op.existing_server_default is not False
        if steps_aside or replaces or default is None:
            yield DropColumnConstraint(op.table_name, op.column_name, "default", schema=op.schema)
        yield from self.alter_type(op)
        comes = op.existing_server_default if steps_aside else default
        if comes is not None and comes is not False:
            default = national_default(comes)
            yield AddDefault(op.table_name, op.column_name, default, **existing(op))

    def _has_default(self, op: ops.AlterColumnOp) -> bool:
        existing_default = op.existing_server_default
        return existing_default is not None and existing_default is not False

    def _changes_type(self, op: ops.AlterColumnOp) -> bool:
        """True where more changes than a type's length, which a default does not hinder."""
        if op.modify_type is None:
            return False
        if op.existing_type is None:
            return True
        words = paper_dialect(self.dialect).type_compiler_instance.process
        kinds = {words(type_).partition("(")[0] for type_ in (op.existing_type, op.modify_type)}
        return len(kinds) > 1

    def alter_type(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_type is None and op.modify_nullable is None:
            return
        type_ = op.modify_type if op.modify_type is not None else op.existing_type
        if type_ is None:
            raise CommandError(
                "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type "
                "or a new type_ be passed.",
                hint="give alter_column() existing_type",
            )
        nullable = op.modify_nullable
        if nullable is None:
            nullable = op.existing_nullable
        if nullable is None:
            warnings.warn(
                "MS-SQL ALTER COLUMN operations that specify type_= should also specify a "
                "nullable= or existing_nullable= argument to avoid implicit conversion of NOT NULL "
                "columns to NULL.",
                UserWarning,
                stacklevel=2,
            )
        yield AlterType(op.table_name, op.column_name, type_, nullable, **existing(op))

    def alter_name(self, op: ops.AlterColumnOp) -> Statements:
        if op.modify_name is not None:
            yield RenameColumnByProcedure(
                op.table_name, op.column_name, op.modify_name, **existing(op)
            )

    # Indexes

    def drop_index(self, op: ops.DropIndexOp) -> Statements:
        if op.table_name is None:
            raise CommandError(
                f"cannot drop index {op.index_name}: on SQL Server an index belongs to its table",
                hint="give drop_index() the table_name",
            )
        yield from super().drop_index(op)

    # Data

    def bulk_insert(self, op: ops.BulkInsertOp) -> Statements:
        if self.target.as_sql:
            return insert_on_paper(op, self.target)
        return super().bulk_insert(op)


def guarded(statement: Any) -> Any:
    """A statement in which "if it does not exist" is said in SQL Server's way, where it is said."""
    if not getattr(statement, "if_not_exists", False):
        return statement
    statement.if_not_exists = False
    return Unless(statement)


def _table_comment(
    op: ops.CreateTableCommentOp | ops.DropTableCommentOp, comment: str | None
) -> Describe:
    return Describe(
        op.table_name,
        None,
        comment,
        schema=op.schema,
        has_comment=True if op.existing_comment else None,
    )
