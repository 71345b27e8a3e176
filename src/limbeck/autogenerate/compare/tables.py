"""Tables and columns that are new or gone; those that are on both sides are compared further."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy.schema import sort_tables_and_constraints

from limbeck.facts.own_tables import JOURNAL
from limbeck.operations import ops
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatchResult
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Table

    from limbeck.autogenerate.compare.columns import ColumnPairs
    from limbeck.autogenerate.compare.reflection import TableName
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger(__name__)


def setup(plugin: Plugin) -> None:
    """Add the comparator of schemas."""
    plugin.add_autogenerate_comparator(compare_schema_tables, "schema", "tables")


def compare_schema_tables(
    context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Collection[str | None]
) -> PriorityDispatchResult:
    """Compare the tables of some schemas with those of the models."""
    compare_tables(context, upgrade_ops, table_pairs(context, *both_sides(context, schemas)))
    return PriorityDispatchResult.CONTINUE


class TablePair(Value):
    """A table, here and there.

    :param schema: its schema, None for the default one.
    :param name: its name.
    :param conn_table: the table of the database, None where there is none.
    :param metadata_table: that of the models, None where there is none.
    """

    schema: str | None
    name: str
    conn_table: Table | None
    metadata_table: Table | None

    def __str__(self) -> str:
        return qualified(self.name, self.schema)

    def is_included(self, context: AutogenContext) -> bool:
        """Ask ``include_object`` whether the table counts."""
        if self.metadata_table is None:
            return context.run_object_filters(self.conn_table, self.name, "table", True, None)
        return context.run_object_filters(
            self.metadata_table, self.name, "table", False, self.conn_table
        )

    def compare(self, context: AutogenContext, modify: ops.ModifyTableOps) -> None:
        """Let the comparators of tables add to what modifies this one."""
        context.comparators.dispatch("table", qualifier=context.dialect.name)(
            context, modify, self.schema, self.name, self.conn_table, self.metadata_table
        )

    def columns(self, context: AutogenContext) -> ColumnPairs:
        """The columns of a table that is on both sides."""
        assert self.conn_table is not None
        assert self.metadata_table is not None
        from limbeck.autogenerate.compare.columns import ColumnPairs

        return ColumnPairs(context, self.schema, self.name, self.conn_table, self.metadata_table)


def both_sides(
    context: AutogenContext, schemas: Iterable[str | None]
) -> tuple[list[TableName], dict[TableName, Table]]:
    """The names of the database's tables, and the models' tables, each after those it refers to.

    :param context: the run.
    :param schemas: where the database's tables are looked for; None is the default schema.
    """
    default = context.dialect.default_schema_name
    stored = [
        (schema, name)
        for schema in sorted(schemas, key=lambda name: name or "")
        for name in sorted(context.inspector.get_table_names(schema=schema))
        if not _is_own_table(context, schema, name)
        and context.run_name_filters(name, "table", {"schema_name": schema})
    ]
    modelled = {
        (None if table.schema == default else table.schema, table.name): table
        for table in context.sorted_tables
        if not _is_own_table(context, table.schema, table.name)
        and not getattr(table, "is_view", False)  # SQLAlchemy 2.1 keeps views among the tables
    }
    return stored, modelled


def _is_own_table(context: AutogenContext, schema: str | None, name: str) -> bool:
    migration = context.migration_context
    own = (migration.version_table, JOURNAL, *migration.own_tables)
    return schema == migration.version_table_schema and name in own


def table_pairs(
    context: AutogenContext, stored: Collection[TableName], modelled: Mapping[TableName, Table]
) -> Iterator[TablePair]:
    """Yield the tables that count: those that are new, those that are gone, and the others.

    One that is gone comes before those that it refers to, so that they can be dropped as they come.

    :param context: the run.
    :param stored: the tables of the database.
    :param modelled: those of the models.
    """
    reflection = context.reflection
    if stored:
        reflection.pre_cache_tables(stored)
    conn_tables = reflection.tables(stored)
    gone = {table: name for name, table in conn_tables.items() if name not in modelled}
    names = [
        *(name for name in modelled if name not in conn_tables),
        *(
            gone[table]
            for table in reversed(_creation_order(conn_tables.values()))
            if table in gone
        ),
        *(name for name in conn_tables if name in modelled),
    ]
    for name in names:
        pair = TablePair(*name, conn_tables.get(name), modelled.get(name))
        if pair.is_included(context):
            yield pair


def _creation_order(tables: Iterable[Table]) -> list[Table]:
    ordered = sort_tables_and_constraints(tables)  # type: ignore[no-untyped-call]  # has no types
    return [table for table, _ in ordered if table is not None]


def compare_tables(
    context: AutogenContext, upgrade_ops: ops.UpgradeOps, pairs: Iterable[TablePair]
) -> None:
    """Compare tables.

    :param context: the run.
    :param upgrade_ops: where the operations go.
    :param pairs: the tables.
    """
    for pair in pairs:
        modify = ops.ModifyTableOps(pair.name, [], schema=pair.schema)
        if pair.conn_table is None and pair.metadata_table is not None:
            log.info("Detected added table %r", str(pair))
            upgrade_ops.ops.append(ops.CreateTableOp.from_table(pair.metadata_table))
            pair.compare(context, modify)
        elif pair.metadata_table is None:
            pair.compare(context, modify)
            log.info("Detected removed table %r", str(pair))
        else:
            _compare_inside(context, modify, pair)
        if not modify.is_empty():
            upgrade_ops.ops.append(modify)
        if pair.metadata_table is None and pair.conn_table is not None:
            upgrade_ops.ops.append(ops.DropTableOp.from_table(pair.conn_table))


def _compare_inside(context: AutogenContext, modify: ops.ModifyTableOps, pair: TablePair) -> None:
    """Compare a table: new columns, altered columns, all else, columns that are gone."""
    columns = pair.columns(context)
    modify.ops += columns.added()
    modify.ops += columns.altered()
    pair.compare(context, modify)
    modify.ops += columns.removed()
