"""Directives for columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from limbeck.operations import ops
from limbeck.operations.directives import Directives

if TYPE_CHECKING:
    from sqlalchemy import Column, Computed, Identity, TextClause
    from sqlalchemy.sql.functions import FunctionElement
    from sqlalchemy.types import TypeEngine

    AnyType = TypeEngine[Any] | type[TypeEngine[Any]]
    Default = str | bool | Identity | Computed | TextClause | FunctionElement[Any] | None


class ColumnDirectives(Directives):
    """Add, alter and drop columns."""

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column.

        :param table_name: the table.
        :param column: the column, with its constraints.
        :param schema: the table's schema, None for the default one.
        :param if_not_exists: do nothing where the column exists.
        :param inline_references: write a foreign key of one column within its definition.
        :param inline_primary_key: write ``PRIMARY KEY`` within its definition.
        """
        self.invoke(
            ops.AddColumnOp(
                table_name,
                column,
                schema=schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Default = False,
        new_column_name: str | None = None,
        type_: AnyType | None = None,
        existing_type: AnyType | None = None,
        existing_server_default: Default = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Alter a column. What is not given stays as it is.

        ``False`` for a default or a comment means "not given", as None takes it away.

        :param table_name: the table.
        :param column_name: the column's name now.
        :param nullable: whether it may be NULL.
        :param comment: its comment.
        :param server_default: its default in the database.
        :param new_column_name: its name afterwards.
        :param type_: its type.
        :param existing_type: its type now, which MySQL must be told.
        :param existing_server_default: its default now.
        :param existing_nullable: whether it may be NULL now.
        :param existing_comment: its comment now.
        :param schema: the table's schema, None for the default one.
        :param kw: ``autoincrement``, ``existing_autoincrement``, ``postgresql_using`` and other
            dialect options.
        """
        self.invoke(
            ops.AlterColumnOp(
                table_name,
                column_name,
                schema=schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                **kw,
            )
        )

    def drop_column(
        self, table_name: str, column_name: str, *, schema: str | None = None, **kw: Any
    ) -> None:
        """Drop a column.

        :param table_name: the table.
        :param column_name: the column.
        :param schema: the table's schema, None for the default one.
        :param kw: ``if_exists``, ``mssql_drop_check``, ``mssql_drop_default``,
            ``mssql_drop_foreign_key``.
        """
        self.invoke(ops.DropColumnOp(table_name, column_name, schema=schema, **kw))
