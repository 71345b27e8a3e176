"""Whether columns take NULL."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Column

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops
    from limbeck.runtime.plugins import Plugin

# Told where Alembic tells of constraints.
log = logging.getLogger("limbeck.autogenerate.compare.constraints")


def setup(plugin: Plugin) -> None:
    """Add the comparator of nullability."""
    plugin.add_autogenerate_comparator(compare_nullable, "column", "nullable")


def compare_nullable(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare whether a column takes NULL, where the models decide it."""
    before, after = conn_col.nullable, metadata_col.nullable
    alter_column_op.existing_nullable = before
    if before is after:
        return PriorityDispatchResult.CONTINUE
    column = f"{qualified(tname, schema)}.{cname}"
    settled_by = "identity" if conn_col.identity is not None else _settled_by(metadata_col)
    if settled_by is not None:
        log.info("Ignoring nullable change on %s column '%s'", settled_by, column)
        return PriorityDispatchResult.CONTINUE
    alter_column_op.modify_nullable = after
    log.info("Detected %s on column '%s'", "NULL" if after else "NOT NULL", column)
    return PriorityDispatchResult.STOP


def _settled_by(column: Column[Any]) -> str | None:
    """What decides for the models whether a column takes NULL, if not the models."""
    if column.identity is not None:
        return "identity"
    is_said = isinstance(column._user_defined_nullable, bool)  # else a mark, or None
    return "computed" if column.computed is not None and not is_said else None
