"""Comments on tables and columns, where the database has such; an empty one is none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from limbeck.operations import ops
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger(__name__)


def setup(plugin: Plugin) -> None:
    """Add the comparators of comments."""
    plugin.add_autogenerate_comparator(compare_column_comment, "column", "comments")
    plugin.add_autogenerate_comparator(compare_table_comment, "table", "comments")


def compare_column_comment(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare the comment of a column."""
    if not context.dialect.supports_comments:
        return PriorityDispatchResult.CONTINUE
    before, after = conn_col.comment or None, metadata_col.comment or None
    alter_column_op.existing_comment = before
    if before == after:
        return PriorityDispatchResult.CONTINUE
    alter_column_op.modify_comment = after
    log.info("Detected column comment '%s.%s'", qualified(tname, schema), cname)
    return PriorityDispatchResult.STOP


def compare_table_comment(
    context: AutogenContext,
    modify_table_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Compare the comment of a table that is on both sides."""
    if conn_table is None or metadata_table is None or not context.dialect.supports_comments:
        return PriorityDispatchResult.CONTINUE
    before, after = conn_table.comment or None, metadata_table.comment or None
    if before == after:
        return PriorityDispatchResult.CONTINUE
    modify_table_ops.ops.append(
        ops.DropTableCommentOp(tname, existing_comment=before, schema=schema)
        if after is None
        else ops.CreateTableCommentOp(tname, after, existing_comment=before, schema=schema)
    )
    return PriorityDispatchResult.STOP
