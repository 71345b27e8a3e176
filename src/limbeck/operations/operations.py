"""The directives of a revision, each written down once.

A directive builds the operation's value and hands it to :meth:`Operations.invoke`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from limbeck.operations import ops
from limbeck.operations.directives import Directives
from limbeck.operations.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import (
        Column,
        ColumnElement,
        Computed,
        Identity,
        Table,
        TextClause,
    )
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.sql.expression import TableClause
    from sqlalchemy.sql.functions import FunctionElement
    from sqlalchemy.types import TypeEngine

    from limbeck.operations.batch import BatchOperations
    from limbeck.operations.executor import Executor

    AnyType = TypeEngine[Any] | type[TypeEngine[Any]]
    Default = str | bool | Identity | Computed | TextClause | FunctionElement[Any] | None


class Operations(Directives):
    """Changes a database, one directive at a time.

    In a revision the directives are called on ``limbeck.op``; elsewhere make an object::

        operations = Operations(MigrationContext.configure(connection))
        operations.add_column("users", sa.Column("email", sa.String(50)))
    """

    @classmethod
    @contextmanager
    def context(cls, migration_context: Executor) -> Iterator[Operations]:
        """For as long as it is entered, ``limbeck.op`` means this migration, in this thread.

        :param migration_context: carries the operations out, or records them.
        """
        operations = cls(migration_context)
        with running.established(operations):
            yield operations

    # Tables

    def create_table(
        self,
        table_name: str,
        *columns: SchemaItem,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> Table:
        """Create a table.

        :param table_name: its name.
        :param columns: columns, constraints and indexes.
        :param if_not_exists: do nothing where it exists.
        :param kw: ``schema``, ``comment``, ``prefixes``, ``info`` and dialect options.
        :return: the table, ready for ``bulk_insert()``.
        """
        table: Table = self.invoke(
            ops.CreateTableOp(table_name, columns, if_not_exists=if_not_exists, **kw)
        )
        return table

    def drop_table(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop a table.

        :param table_name: its name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where it does not exist.
        :param kw: what ``sqlalchemy.Table`` takes.
        """
        self.invoke(ops.DropTableOp(table_name, schema=schema, if_exists=if_exists, table_kw=kw))

    def rename_table(
        self, old_table_name: str, new_table_name: str, *, schema: str | None = None
    ) -> None:
        """Rename a table within its schema.

        :param old_table_name: its name now.
        :param new_table_name: its name afterwards.
        :param schema: its schema, None for the default one.
        """
        self.invoke(ops.RenameTableOp(old_table_name, new_table_name, schema=schema))

    def create_table_comment(
        self,
        table_name: str,
        comment: str | None,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        """Give a table a comment, or another one.

        :param table_name: the table.
        :param comment: the comment.
        :param existing_comment: the comment that it has.
        :param schema: the table's schema, None for the default one.
        """
        self.invoke(
            ops.CreateTableCommentOp(
                table_name, comment, existing_comment=existing_comment, schema=schema
            )
        )

    def drop_table_comment(
        self,
        table_name: str,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        """Take a table's comment away.

        :param table_name: the table.
        :param existing_comment: the comment that it has.
        :param schema: the table's schema, None for the default one.
        """
        self.invoke(
            ops.DropTableCommentOp(table_name, existing_comment=existing_comment, schema=schema)
        )

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: Sequence[tuple[str, ...]] | None = None,
        copy_from: Table | None = None,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] | None = None,
        naming_convention: Mapping[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Gather operations on one table, and carry them out together at the end of the block.

        On SQLite the table is copied once for all of them.

        :param table_name: the table.
        :param schema: its schema, None for the default one.
        :param recreate: copy the table when the database cannot alter it (``auto``), ``always``,
            or ``never``.
        :param partial_reordering: tuples of columns that shall follow one another; needs
            ``recreate="always"``.
        :param copy_from: what the table looks like, instead of asking the database.
        :param table_args: constraints to add to the new table.
        :param table_kwargs: options of the new table.
        :param reflect_args: columns that replace reflected ones.
        :param reflect_kwargs: options of reflection.
        :param naming_convention: gives names to constraints that have none.
        """
        from limbeck.operations.batch import BatchOperations, BatchOptions

        options = BatchOptions(
            recreate=recreate,
            partial_reordering=partial_reordering,
            copy_from=copy_from,
            table_args=table_args,
            table_kwargs=table_kwargs if table_kwargs is not None else {},
            reflect_args=reflect_args,
            reflect_kwargs=reflect_kwargs if reflect_kwargs is not None else {},
            naming_convention=naming_convention,
        )
        self.get_context()  # outside of a migration, say so before the block runs
        batch = BatchOperations(self, table_name, schema, options)
        yield batch
        self.invoke(batch.as_operation())

    # Columns

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

    # Constraints

    def create_primary_key(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
    ) -> None:
        """Add a primary key.

        :param constraint_name: its name, None for the naming convention's.
        :param table_name: the table.
        :param columns: the columns' names.
        :param schema: the table's schema, None for the default one.
        """
        self.invoke(ops.CreatePrimaryKeyOp(constraint_name, table_name, columns, schema=schema))

    def create_unique_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Add a unique constraint.

        :param constraint_name: its name, None for the naming convention's.
        :param table_name: the table.
        :param columns: the columns' names.
        :param schema: the table's schema, None for the default one.
        :param kw: ``deferrable``, ``initially`` and dialect options.
        """
        self.invoke(
            ops.CreateUniqueConstraintOp(constraint_name, table_name, columns, schema=schema, **kw)
        )

    def create_foreign_key(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key.

        :param constraint_name: its name, None for the naming convention's.
        :param source_table: the table that gets it.
        :param referent_table: the table that it refers to.
        :param local_cols: columns of the first.
        :param remote_cols: columns of the second.
        :param onupdate: ``CASCADE``, ``SET NULL``, …
        :param ondelete: ``CASCADE``, ``SET NULL``, …
        :param deferrable: whether it may be checked at the end of the transaction.
        :param initially: ``DEFERRED`` or ``IMMEDIATE``.
        :param match: ``FULL``, ``PARTIAL`` or ``SIMPLE``.
        :param source_schema: the first table's schema, None for the default one.
        :param referent_schema: the second table's schema, None for the default one.
        :param dialect_kw: dialect options.
        """
        self.invoke(
            ops.CreateForeignKeyOp(
                constraint_name,
                source_table,
                referent_table,
                local_cols,
                remote_cols,
                onupdate=onupdate,
                ondelete=ondelete,
                deferrable=deferrable,
                initially=initially,
                match=match,
                source_schema=source_schema,
                referent_schema=referent_schema,
                **dialect_kw,
            )
        )

    def create_check_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        condition: str | ColumnElement[bool] | TextClause,
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Add a CHECK constraint.

        :param constraint_name: its name, None for the naming convention's.
        :param table_name: the table.
        :param condition: SQL text, or an expression.
        :param schema: the table's schema, None for the default one.
        :param kw: ``deferrable``, ``initially`` and dialect options.
        """
        self.invoke(
            ops.CreateCheckConstraintOp(constraint_name, table_name, condition, schema=schema, **kw)
        )

    def create_exclude_constraint(
        self,
        constraint_name: str,
        table_name: str,
        *elements: tuple[str | ColumnElement[Any] | TextClause, str],
        **kw: Any,
    ) -> None:
        """Add an EXCLUDE constraint, which only PostgreSQL has.

        :param constraint_name: its name.
        :param table_name: the table.
        :param elements: pairs of a column or expression and an operator.
        :param kw: ``where``, ``using``, ``deferrable``, ``initially``, ``schema``, ``ops``.
        """
        self.invoke(ops.CreateExcludeConstraintOp(constraint_name, table_name, elements, **kw))

    def drop_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a constraint of any kind.

        :param constraint_name: its name.
        :param table_name: the table.
        :param type_: ``foreignkey``, ``primary``, ``unique`` or ``check``, which MySQL must be
            told.
        :param schema: the table's schema, None for the default one.
        :param if_exists: do nothing where it does not exist.
        """
        self.invoke(
            ops.DropConstraintOp(
                constraint_name, table_name, type_, schema=schema, if_exists=if_exists
            )
        )

    # Indexes

    def create_index(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[str | TextClause | ColumnElement[Any]],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Create an index.

        :param index_name: its name, None for the naming convention's.
        :param table_name: the table.
        :param columns: columns' names, and expressions.
        :param schema: the table's schema, None for the default one.
        :param unique: whether two rows may have the same values.
        :param if_not_exists: do nothing where it exists.
        :param kw: ``quote`` and dialect options such as ``postgresql_where``.
        """
        self.invoke(
            ops.CreateIndexOp(
                index_name,
                table_name,
                columns,
                schema=schema,
                unique=unique,
                if_not_exists=if_not_exists,
                **kw,
            )
        )

    def drop_index(
        self,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop an index.

        :param index_name: its name.
        :param table_name: its table, which MySQL must be told.
        :param schema: the table's schema, None for the default one.
        :param if_exists: do nothing where it does not exist.
        :param kw: dialect options such as ``postgresql_concurrently``.
        """
        self.invoke(
            ops.DropIndexOp(index_name, table_name, schema=schema, if_exists=if_exists, **kw)
        )

    # Rows

    def bulk_insert(
        self,
        table: Table | TableClause,
        rows: Sequence[Mapping[str, Any]],
        *,
        multiinsert: bool = True,
    ) -> None:
        """Insert rows.

        :param table: from ``create_table()``, or ``sqlalchemy.table()``.
        :param rows: a mapping of columns' names to values for each row.
        :param multiinsert: send all rows at once; False where they differ in their columns.
        """
        self.invoke(ops.BulkInsertOp(table, rows, multiinsert=multiinsert))
