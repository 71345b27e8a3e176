"""Which schemas are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.database.schemas import is_of_users
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops
    from limbeck.runtime.plugins import Plugin


def setup(plugin: Plugin) -> None:
    """Add the comparator of a whole run."""
    plugin.add_autogenerate_comparator(compare_schemas, "autogenerate")


def compare_schemas(context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    """Have every schema compared: the default one, and all others where they are asked for."""
    context.comparators.dispatch("schema", qualifier=context.dialect.name)(
        context, upgrade_ops, compared_schemas(context)
    )
    return PriorityDispatchResult.CONTINUE


def compared_schemas(context: AutogenContext) -> set[str | None]:
    """The schemas that are compared; None is the default one."""
    found: set[str | None] = {None}
    if context.opts.get("include_schemas"):
        found |= set(context.inspector.get_schema_names())
        found -= {context.dialect.default_schema_name}
        found = {name for name in found if name is None or is_of_users(name)}
        found.add(None)
    return {name for name in found if context.run_name_filters(name, "schema", {})}
