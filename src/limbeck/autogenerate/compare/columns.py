"""Columns of a table that is on both sides: new ones, altered ones, and those that are gone."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any

from limbeck.operations import ops
from limbeck.operations.ops.base import qualified
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

    from limbeck.autogenerate.context import AutogenContext

# Alembic tells of columns where it tells of tables, and loggers are switched on by their names.
log = logging.getLogger("limbeck.autogenerate.compare.tables")


class ColumnPairs(Value):
    """The columns of one table, here and there.

    :param context: the run.
    :param schema: the table's schema, None for the default one.
    :param name: the table's name.
    :param conn_table: the table of the database.
    :param metadata_table: that of the models.
    """

    context: AutogenContext
    schema: str | None
    name: str
    conn_table: Table
    metadata_table: Table

    @cached_property
    def stored(self) -> dict[str, Column[Any]]:
        """The columns of the database whose names count."""
        parents = {"table_name": self.name, "schema_name": self.schema}
        return {
            column.name: column
            for column in self.conn_table.columns
            if self.context.run_name_filters(column.name, "column", parents)
        }

    @cached_property
    def modelled(self) -> dict[str, Column[Any]]:
        """The columns of the models, but for those that the database has by itself."""
        return {c.name: c for c in self.metadata_table.columns if not c.system}

    def added(self) -> Iterator[ops.AddColumnOp]:
        """Yield what adds the columns that only the models have."""
        for name, column in self.modelled.items():
            if name not in self.stored and self._is_included(column, reflected=False):
                self._tell("added", name)
                yield ops.AddColumnOp.from_column_and_tablename(self.schema, self.name, column)

    def altered(self) -> Iterator[ops.AlterColumnOp]:
        """Yield what alters the columns that the comparators find changed."""
        for name, before, after in self.on_both_sides():
            alter = ops.AlterColumnOp(self.name, name, schema=self.schema)
            self.compare(alter, before, after)
            if alter.has_changes():
                yield alter

    def on_both_sides(self) -> Iterator[tuple[str, Column[Any], Column[Any]]]:
        """Yield the columns that both have: the name, what it is, what it is to be."""
        for name, after in self.modelled.items():
            before = self.stored.get(name)
            if before is not None and self._is_included(after, reflected=False, before=before):
                yield name, before, after

    def compare(self, alter: ops.AlterColumnOp, before: Column[Any], after: Column[Any]) -> None:
        """Let the comparators of columns say what is to be altered."""
        self.context.comparators.dispatch("column", qualifier=self.context.dialect.name)(
            self.context, alter, self.schema, self.name, after.name, before, after
        )

    def removed(self) -> Iterator[ops.DropColumnOp]:
        """Yield what drops the columns that only the database has."""
        kept = {column.name for column in self.metadata_table.columns}
        for name, column in self.stored.items():
            if name not in kept and self._is_included(column, reflected=True):
                self._tell("removed", name)
                yield ops.DropColumnOp.from_column_and_tablename(self.schema, self.name, column)

    def _is_included(
        self, column: Column[Any], *, reflected: bool, before: Column[Any] | None = None
    ) -> bool:
        return self.context.run_object_filters(column, column.name, "column", reflected, before)

    def _tell(self, verb: str, column: str) -> None:
        log.info("Detected %s column '%s.%s'", verb, qualified(self.name, self.schema), column)
