"""``batch_alter_table()``: operations on one table that are gathered and carried out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from limbeck.operations.batch_value import BatchAlterTable, BatchOptions, Recreate
from limbeck.operations.directives import Directives
from limbeck.operations.ops import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    AlterTableOp,
    BulkInsertOp,
    CreateCheckConstraintOp,
    CreateExcludeConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    RenameTableOp,
)
from limbeck.operations.registry import implementation_of

if TYPE_CHECKING:
    from sqlalchemy import (
        Column,
        ColumnElement,
        Computed,
        Identity,
        TextClause,
    )
    from sqlalchemy.types import TypeEngine

    Default = str | bool | Identity | Computed | TextClause | None

__all__ = ["BatchAlterTable", "BatchOperations", "BatchOptions", "Recreate"]

_OTHER_TABLES = (CreateTableOp, DropTableOp, RenameTableOp, BulkInsertOp)
_RECORDED = (
    AlterTableOp, AddConstraintOp, DropConstraintOp, CreateIndexOp, DropIndexOp, ExecuteSQLOp,
)  # fmt: skip


class BatchOperations(Directives):
    """The operations on one table, without naming it each time.

    Calls are recorded, and carried out together at the end of the ``with`` block.

    :param operations: the operations within which the batch was begun.
    :param table_name: the table.
    :param schema: its schema, None for the default one.
    :param options: how the batch is to be carried out.
    """

    def __init__(
        self,
        operations: Directives,
        table_name: str,
        schema: str | None = None,
        options: BatchOptions | None = None,
    ) -> None:
        super().__init__(operations.migration_context)
        self.table_name = table_name
        self.schema = schema
        self.options = options if options is not None else BatchOptions()
        self.recorded: list[MigrateOperation] = []

    def invoke(self, operation: MigrateOperation) -> Any:
        """Record an operation; one of somebody's own is carried out at once.

        :param operation: the operation.
        :return: what somebody's own implementation returns, else nothing.
        :raises NotImplementedError: the operation is about another table.
        """
        if implementation_of(operation) is None:
            if isinstance(operation, DropTableOp):
                raise NotImplementedError("Can't drop table in batch mode")
            if isinstance(operation, _OTHER_TABLES):
                raise NotImplementedError(
                    f"The {type(operation).__name__} method does not apply to a batch table "
                    "alter operation."
                )
            if isinstance(operation, _RECORDED):
                self.recorded.append(operation)
                return None
        return super().invoke(operation)

    def as_operation(self) -> BatchAlterTable:
        """Everything that was recorded, as one operation."""
        return BatchAlterTable(
            self.table_name, self.recorded, schema=self.schema, options=self.options
        )

    # -- columns ---------------------------------------------------------------------------

    def add_column(
        self,
        column: Column[Any],
        *,
        insert_before: str | None = None,
        insert_after: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column.

        :param insert_before: the column before which it goes; needs the table to be copied.
        :param insert_after: the column behind which it goes; needs the table to be copied.
        """
        self.invoke(
            AddColumnOp(
                self.table_name,
                column,
                schema=self.schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
                **_said(insert_before=insert_before, insert_after=insert_after),
            )
        )

    def alter_column(
        self,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Default = False,
        new_column_name: str | None = None,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        existing_type: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        existing_server_default: Default = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Alter a column; see :meth:`Operations.alter_column`.

        :param insert_before: the column before which it is moved.
        :param insert_after: the column behind which it is moved.
        """
        self.invoke(
            AlterColumnOp(
                self.table_name,
                column_name,
                schema=self.schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                **_said(insert_before=insert_before, insert_after=insert_after),
                **kw,
            )
        )

    def drop_column(self, column_name: str, **kw: Any) -> None:
        """Drop a column, with its own indexes and constraints."""
        self.invoke(DropColumnOp(self.table_name, column_name, schema=self.schema, **kw))

    # -- constraints -----------------------------------------------------------------------

    def create_primary_key(self, constraint_name: str | None, columns: Sequence[str]) -> None:
        """Add a primary key."""
        self.invoke(
            CreatePrimaryKeyOp(constraint_name, self.table_name, columns, schema=self.schema)
        )

    def create_unique_constraint(
        self, constraint_name: str | None, columns: Sequence[str], **kw: Any
    ) -> None:
        """Add a unique constraint."""
        kw.setdefault("schema", self.schema)
        self.invoke(CreateUniqueConstraintOp(constraint_name, self.table_name, columns, **kw))

    def create_check_constraint(
        self,
        constraint_name: str | None,
        condition: str | ColumnElement[bool] | TextClause,
        **kw: Any,
    ) -> None:
        """Add a CHECK constraint."""
        kw.setdefault("schema", self.schema)
        self.invoke(CreateCheckConstraintOp(constraint_name, self.table_name, condition, **kw))

    def create_exclude_constraint(self, constraint_name: str, *elements: Any, **kw: Any) -> None:
        """Add an EXCLUDE constraint, which only PostgreSQL has."""
        kw.setdefault("schema", self.schema)
        self.invoke(CreateExcludeConstraintOp(constraint_name, self.table_name, elements, **kw))

    def create_foreign_key(
        self,
        constraint_name: str | None,
        referent_table: str,
        local_cols: list[str],
        remote_cols: list[str],
        *,
        referent_schema: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key."""
        self.invoke(
            CreateForeignKeyOp(
                constraint_name,
                self.table_name,
                referent_table,
                local_cols,
                remote_cols,
                source_schema=self.schema,
                referent_schema=referent_schema,
                onupdate=onupdate,
                ondelete=ondelete,
                deferrable=deferrable,
                initially=initially,
                match=match,
                **dialect_kw,
            )
        )

    def drop_constraint(
        self,
        constraint_name: str | None,
        type_: str | None = None,
        *,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a constraint of any kind."""
        self.invoke(
            DropConstraintOp(
                constraint_name, self.table_name, type_, schema=self.schema, if_exists=if_exists
            )
        )

    # -- indexes, comments -----------------------------------------------------------------

    def create_index(
        self,
        index_name: str | None,
        columns: Sequence[str | TextClause | ColumnElement[Any]],
        **kw: Any,
    ) -> None:
        """Create an index; it comes when everything else is done."""
        kw.setdefault("schema", self.schema)
        self.invoke(CreateIndexOp(index_name, self.table_name, columns, **kw))

    def drop_index(self, index_name: str, **kw: Any) -> None:
        """Drop an index."""
        kw.setdefault("schema", self.schema)
        self.invoke(DropIndexOp(index_name, self.table_name, **kw))

    def create_table_comment(
        self, comment: str | None, *, existing_comment: str | None = None
    ) -> None:
        """Give the table a comment, or another one."""
        self.invoke(
            CreateTableCommentOp(
                self.table_name, comment, schema=self.schema, existing_comment=existing_comment
            )
        )

    def drop_table_comment(self, *, existing_comment: str | None = None) -> None:
        """Take the table's comment away."""
        self.invoke(
            DropTableCommentOp(
                self.table_name, schema=self.schema, existing_comment=existing_comment
            )
        )


def _said(**kw: Any) -> Mapping[str, Any]:
    return {key: value for key, value in kw.items() if value is not None}
