"""Types of columns: the user's function first, then the database's ``DefaultImpl``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import NullType

from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import DispatchPriority, PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Column

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger(__name__)


def setup(plugin: Plugin) -> None:
    """Add the comparators of types."""
    for comparator, priority in (
        (compare_type_by_user, DispatchPriority.FIRST),
        (compare_type_by_impl, DispatchPriority.LAST),
    ):
        plugin.add_autogenerate_comparator(comparator, "column", "types", priority=priority)


def compare_type_by_user(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Say what the type is now, and ask what ``compare_type`` of ``configure()`` says."""
    alter_column_op.existing_type = conn_col.type
    decide = context.opts.get("compare_type", True)
    if not callable(decide):
        return PriorityDispatchResult.CONTINUE if decide else PriorityDispatchResult.STOP
    differs = decide(
        context.migration_context, conn_col, metadata_col, conn_col.type, metadata_col.type
    )
    if differs is None:
        return PriorityDispatchResult.CONTINUE
    if differs:
        _alter(alter_column_op, schema, conn_col, metadata_col)
    return PriorityDispatchResult.STOP


def compare_type_by_impl(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Ask the ``DefaultImpl`` of the database; a type that is not known equals any other."""
    alter_column_op.existing_type = conn_col.type
    for column, side in ((conn_col, "database"), (metadata_col, "metadata")):
        if isinstance(column.type, NullType):
            name = qualified(tname, schema)
            log.info("Couldn't determine %s type for column '%s.%s'", side, name, cname)
            return PriorityDispatchResult.CONTINUE
    if context.migration_context.impl.compare_type(conn_col, metadata_col):
        _alter(alter_column_op, schema, conn_col, metadata_col)
        return PriorityDispatchResult.STOP
    return PriorityDispatchResult.CONTINUE


def _alter(
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> None:
    alter_column_op.modify_type = metadata_col.type
    log.info(
        "Detected type change from %r to %r on '%s.%s'",
        conn_col.type,
        metadata_col.type,
        qualified(alter_column_op.table_name, schema),
        alter_column_op.column_name,
    )
