"""Tables and columns that are new or gone; those that are on both sides are compared further."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from limbeck.autogenerate.compare.columns import ColumnPairs
from limbeck.operations import ops
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Table

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
    compare_tables(context, upgrade_ops, _stored(context, schemas), _modelled(context))
    return PriorityDispatchResult.CONTINUE


def _stored(context: AutogenContext, schemas: Iterable[str | None]) -> list[TableName]:
    """The names of the database's tables that are to be compared."""
    return [
        (schema, name)
        for schema in sorted(schemas, key=lambda name: name or "")
        for name in sorted(context.inspector.get_table_names(schema=schema))
        if not _is_version_table(context, schema, name)
        and context.run_name_filters(name, "table", {"schema_name": schema})
    ]


def _modelled(context: AutogenContext) -> dict[TableName, Table]:
    """The models' tables, each after those that it refers to."""
    default = context.dialect.default_schema_name
    return {
        (None if table.schema == default else table.schema, table.name): table
        for table in context.sorted_tables
        if not _is_version_table(context, table.schema, table.name)
    }


def _is_version_table(context: AutogenContext, schema: str | None, name: str) -> bool:
    migration = context.migration_context
    return (schema, name) == (migration.version_table_schema, migration.version_table)


def compare_tables(
    context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    stored: Collection[TableName],
    modelled: dict[TableName, Table],
) -> None:
    """Compare tables: first those that are new, then those that are gone, then the others.

    :param context: the run.
    :param upgrade_ops: where the operations go.
    :param stored: the tables of the database.
    :param modelled: those of the models.
    """
    reflection = context.reflection
    if stored:
        reflection.pre_cache_tables(stored)
    conn_tables = reflection.tables(stored)
    for name, table in modelled.items():
        if name not in conn_tables:
            _add_table(context, upgrade_ops, name, table)
    for name, table in sorted(conn_tables.items(), key=_by_name):
        if name not in modelled:
            _remove_table(context, upgrade_ops, name, table)
    for name, table in sorted(conn_tables.items(), key=_by_name):
        if name in modelled:
            _compare_table(context, upgrade_ops, name, table, modelled[name])


def _by_name(item: tuple[TableName, Table]) -> tuple[str, str]:
    (schema, name), _ = item
    return schema or "", name


def _add_table(
    context: AutogenContext, upgrade_ops: ops.UpgradeOps, name: TableName, table: Table
) -> None:
    if not context.run_object_filters(table, table.name, "table", False, None):
        return
    log.info("Detected added table %r", _words(name))
    upgrade_ops.ops.append(ops.CreateTableOp.from_table(table))
    upgrade_ops.ops += _table_operations(context, name, None, table)


def _remove_table(
    context: AutogenContext, upgrade_ops: ops.UpgradeOps, name: TableName, table: Table
) -> None:
    if not context.run_object_filters(table, table.name, "table", True, None):
        return
    before = _table_operations(context, name, table, None)
    log.info("Detected removed table %r", _words(name))
    upgrade_ops.ops += [*before, ops.DropTableOp.from_table(table)]


def _table_operations(
    context: AutogenContext, name: TableName, conn_table: Table | None, metadata_table: Table | None
) -> list[ops.MigrateOperation]:
    """What the comparators of tables find about one that is only on one side."""
    modify = ops.ModifyTableOps(name[1], [], schema=name[0])
    _dispatch_table(context, modify, name, conn_table, metadata_table)
    return [] if modify.is_empty() else [modify]


def _compare_table(
    context: AutogenContext,
    upgrade_ops: ops.UpgradeOps,
    name: TableName,
    conn_table: Table,
    metadata_table: Table,
) -> None:
    """Compare a table: new columns, altered columns, all else, columns that are gone."""
    if not context.run_object_filters(
        metadata_table, metadata_table.name, "table", False, conn_table
    ):
        return
    columns = ColumnPairs(context, *name, conn_table, metadata_table)
    modify = ops.ModifyTableOps(name[1], [], schema=name[0])
    modify.ops += columns.added()
    modify.ops += columns.altered()
    _dispatch_table(context, modify, name, conn_table, metadata_table)
    modify.ops += columns.removed()
    if not modify.is_empty():
        upgrade_ops.ops.append(modify)


def _dispatch_table(
    context: AutogenContext,
    modify: ops.ModifyTableOps,
    name: TableName,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> None:
    context.comparators.dispatch("table", qualifier=context.dialect.name)(
        context, modify, *name, conn_table, metadata_table
    )


def _words(name: TableName) -> str:
    return qualified(name[1], name[0])
