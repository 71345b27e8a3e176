"""Directives for whole tables, and for their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations import ops
from limbeck.operations.directives import Directives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.sql.expression import TableClause


class TableDirectives(Directives):
    """Create, drop, rename, comment and fill tables."""

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
