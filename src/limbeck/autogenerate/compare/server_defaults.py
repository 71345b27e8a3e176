"""Server defaults of columns: plain ones, computed columns, identities.

Nothing of it is compared unless ``compare_server_default`` of ``configure()`` asks for it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import Computed, Identity
from sqlalchemy.sql.elements import ClauseElement

from limbeck.autogenerate.compare.identity import changed_options
from limbeck.dialects.text import statement_text
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import DispatchPriority, PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Column

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger(__name__)

_CONTINUE, _STOP = PriorityDispatchResult.CONTINUE, PriorityDispatchResult.STOP


def setup(plugin: Plugin) -> None:
    """Add the comparators of server defaults."""
    for comparator, priority in (
        (compare_default_by_user, DispatchPriority.FIRST),
        (compare_computed, DispatchPriority.MEDIUM),
        (compare_identity, DispatchPriority.MEDIUM),
        (say_autoincrement, DispatchPriority.MEDIUM),
        (compare_default_by_impl, DispatchPriority.LAST),
    ):
        plugin.add_autogenerate_comparator(
            comparator, "column", "server_default", priority=priority
        )


def compare_default_by_user(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Say what the default is now, and ask what ``compare_server_default`` says."""
    before, after = conn_col.server_default, metadata_col.server_default
    decide = context.opts.get("compare_server_default", False)
    if before is None and after is None:
        return _CONTINUE if decide else _STOP
    alter_column_op.existing_server_default = before
    if not callable(decide):
        return _CONTINUE if decide else _STOP
    differs = decide(
        context.migration_context,
        conn_col,
        metadata_col,
        rendered_default(before, context),
        after,
        rendered_default(after, context),
    )
    if differs is None:
        return _CONTINUE
    if differs:
        alter_column_op.modify_server_default = after
        log.info(
            "User defined function %s detected server default on column '%s'",
            decide,
            _address(alter_column_op),
        )
    return _STOP


def compare_computed(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Warn of an expression that is another one: few databases can change it."""
    before, after = conn_col.computed, metadata_col.computed
    if before is None and after is None:
        return _CONTINUE
    normal = context.migration_context.impl.normalize_computed
    texts = [
        None if computed is None else normal(rendered_default(computed, context) or "")
        for computed in (before, after)
    ]
    if texts[0] != texts[1]:
        context.warn(f"Computed default on {tname}.{cname} cannot be modified")
    return _STOP


def compare_identity(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare identities, where the database has such columns."""
    before, after = conn_col.identity, metadata_col.identity
    if before is None and after is None:
        return _CONTINUE
    if not context.migration_context.dialect.supports_identity_columns:
        return _STOP
    changed = ["identity"]
    if before is not None and after is not None:
        ignored = context.migration_context.impl.identity_attrs_ignore
        changed = changed_options(before, after, ignored)
    if changed:
        alter_column_op.modify_server_default = metadata_col.server_default
        log.info(
            "Detected server default on column '%s': identity options attributes %s",
            _address(alter_column_op),
            changed,
        )
    return _STOP


def say_autoincrement(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Say whether the column counts, which MySQL has to be told again when it is altered."""
    counts = metadata_col.table.autoincrement_column is metadata_col
    if counts or isinstance(metadata_col.autoincrement, bool):
        alter_column_op.kw["autoincrement"] = counts or metadata_col.autoincrement
    return _CONTINUE


def compare_default_by_impl(
    context: AutogenContext,
    alter_column_op: ops.AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Ask the ``DefaultImpl`` of the database."""
    before = rendered_default(conn_col.server_default, context)
    after = rendered_default(metadata_col.server_default, context)
    if before is None and after is None:
        return _CONTINUE
    impl = context.migration_context.impl
    if impl.compare_server_default(conn_col, metadata_col, after, before):
        alter_column_op.modify_server_default = metadata_col.server_default
        log.info(
            "Dialect impl %s detected server default on column '%s'",
            impl.name,
            _address(alter_column_op),
        )
        return _STOP
    return _CONTINUE


def rendered_default(default: Any, context: AutogenContext) -> str | None:
    """A server default as SQL text; a string as it was given, without quotes.

    :param default: a server default, a computed column or an identity.
    :param context: the run.
    :returns: the text; None where there is none, or none that anybody wrote down.
    """
    if isinstance(default, Identity):
        return None
    said = default.sqltext if isinstance(default, Computed) else getattr(default, "arg", None)
    if not isinstance(said, ClauseElement):
        return said if isinstance(said, str) else None
    return statement_text(said, context.migration_context.dialect)  # type: ignore[arg-type]  # it takes any clause


def _address(op: ops.AlterColumnOp) -> str:
    return f"{qualified(op.table_name, op.schema)}.{op.column_name}"
