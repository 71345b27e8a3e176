"""Directives for constraints and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations import ops
from limbeck.operations.directives import Directives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, TextClause


class ConstraintDirectives(Directives):
    """Add and drop constraints and indexes."""

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
