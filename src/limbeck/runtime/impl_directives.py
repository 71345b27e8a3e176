"""The operations of a :class:`~limbeck.runtime.default_impl.DefaultImpl`, one method for each.

A method here hands the operation to limbeck's engine; a dialect's subclass overrides it, and calls
it by ``super()`` for what it does not want to do itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import (
    AddConstraint,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

from limbeck.operations import ops

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, Constraint, Executable, Index, Table
    from sqlalchemy.types import TypeEngine


class ImplDirectives:
    """What can be done to a database."""

    if TYPE_CHECKING:
        # The rest of DefaultImpl answers this.
        def _exec(self, construct: Executable | str) -> Any: ...

    def _engine(self, operation: ops.MigrateOperation, method: str) -> None:
        from limbeck.runtime.carrying_out import run_engine

        run_engine(self, operation, method)

    # Tables

    def create_table(self, table: Table, **kw: Any) -> None:
        """Create a table with its indexes and comments.

        :param table: the table.
        :param kw: ``if_not_exists``.
        """
        operation = ops.CreateTableOp.from_table(table)
        operation.if_not_exists = kw.get("if_not_exists")
        self._engine(operation, "create_table")
        for index in sorted(table.indexes, key=lambda index: index.name or ""):
            self.create_index(index)

    def drop_table(self, table: Table, **kw: Any) -> None:
        """Drop a table.

        :param table: the table; only its name and schema count.
        :param kw: ``if_exists``.
        """
        operation = ops.DropTableOp.from_table(table)
        operation.if_exists = kw.get("if_exists")
        self._engine(operation, "drop_table")

    def rename_table(
        self, old_table_name: str, new_table_name: str, schema: str | None = None
    ) -> None:
        """Rename a table."""
        self._engine(
            ops.RenameTableOp(old_table_name, new_table_name, schema=schema), "rename_table"
        )

    def create_table_comment(self, table: Table) -> None:
        """Give a table the comment that ``table`` has."""
        self._exec(SetTableComment(table))

    def drop_table_comment(self, table: Table) -> None:
        """Take a table's comment away."""
        self._exec(DropTableComment(table))

    def create_column_comment(self, column: Column[Any]) -> None:
        """Give a column the comment that ``column`` has."""
        self._exec(SetColumnComment(column))

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
        **kw: Any,
    ) -> None:
        """Add a column.

        :param table_name: the table.
        :param column: the column.
        :param schema: the table's schema, None for the default one.
        :param if_not_exists: leave a column that is there as it is.
        :param inline_references: say its foreign key within the column.
        :param inline_primary_key: say that it is the primary key within the column.
        :param kw: options of the dialect.
        """
        operation = ops.AddColumnOp(
            table_name,
            column,
            schema=schema,
            if_not_exists=if_not_exists,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
            **kw,
        )
        self._engine(operation, "add_column")

    def drop_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop a column.

        :param table_name: the table.
        :param column: the column; only its name counts.
        :param schema: the table's schema, None for the default one.
        :param if_exists: do nothing where there is none.
        :param kw: options of the dialect.
        """
        self._engine(
            ops.DropColumnOp(table_name, column.name, schema=schema, if_exists=if_exists, **kw),
            "drop_column",
        )

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        server_default: Any = False,
        name: str | None = None,
        type_: TypeEngine[Any] | None = None,
        schema: str | None = None,
        autoincrement: bool | None = None,
        comment: str | bool | None = False,
        existing_comment: str | None = None,
        existing_type: TypeEngine[Any] | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_autoincrement: bool | None = None,
        **kw: Any,
    ) -> None:
        """Alter a column; what is left out stays as it is.

        :param table_name: the table.
        :param column_name: the column.
        :param nullable: whether it may be NULL.
        :param server_default: its default, None for none.
        :param name: its new name.
        :param type_: its new type.
        :param comment: its comment, None for none.
        :param schema: the table's schema, None for the default one.
        :param autoincrement: whether MySQL numbers the rows by it.
        :param existing_comment: what the comment is now, as with the others that follow.
        :param kw: options of the dialect.
        """
        numbering = {
            "autoincrement": autoincrement, "existing_autoincrement": existing_autoincrement,
        }  # fmt: skip
        kw.update({name: said for name, said in numbering.items() if said is not None})
        operation = ops.AlterColumnOp(
            table_name,
            column_name,
            schema=schema,
            existing_type=existing_type,
            existing_server_default=existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            modify_nullable=nullable,
            modify_server_default=server_default,
            modify_name=name,
            modify_type=type_,
            modify_comment=comment,  # type: ignore[arg-type]  # True is no comment: bool says False
            **kw,
        )
        self._engine(operation, "alter_column")

    # Constraints and indexes

    def add_constraint(self, const: Any, **kw: Any) -> None:
        """Add a constraint to its table."""
        self._exec(AddConstraint(const))

    def drop_constraint(self, const: Constraint, **kw: Any) -> None:
        """Drop a constraint from its table.

        :param const: the constraint; its table, name and kind count.
        :param kw: ``if_exists``.
        """
        from limbeck.operations.schema_objects import constraint_name

        kinds = ops.DropConstraintOp.constraint_types
        operation = ops.DropConstraintOp(
            constraint_name(const),
            const.table.name,
            kinds.get(const.__visit_name__),
            schema=const.table.schema,
            if_exists=kw.get("if_exists"),
        )
        self._engine(operation, "drop_constraint")

    def create_index(self, index: Index, **kw: Any) -> None:
        """Create an index.

        :param index: the index.
        :param kw: ``if_not_exists``.
        """
        operation = ops.CreateIndexOp.from_index(index)
        operation.if_not_exists = kw.get("if_not_exists")
        self._engine(operation, "create_index")

    def drop_index(self, index: Index, **kw: Any) -> None:
        """Drop an index.

        :param index: the index.
        :param kw: ``if_exists``.
        """
        operation = ops.DropIndexOp.from_index(index)
        operation.if_exists = kw.get("if_exists")
        self._engine(operation, "drop_index")

    # Rows

    def bulk_insert(
        self,
        table: Any,
        rows: Sequence[Mapping[str, Any]],
        multiinsert: bool = True,
    ) -> None:
        """Insert rows.

        :param table: the table.
        :param rows: a mapping of column names to values for each row.
        :param multiinsert: by one statement.
        :raises TypeError: the rows are not a sequence of mappings.
        """
        self._engine(ops.BulkInsertOp(table, rows, multiinsert=multiinsert), "bulk_insert")
