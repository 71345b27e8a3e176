"""Comparing as Alembic does: a tree of comparators over SQLAlchemy's objects.

Each module is a plugin or a part of one, and has a function ``setup(plugin)``. A comparator gets
what it compares, the objects of the database and those of the models, and adds operations to the
container that it is given.

========================  =========================================================
target                    arguments after the autogenerate context
========================  =========================================================
``autogenerate``          ``upgrade_ops``
``schema``                ``upgrade_ops, schemas``
``table``                 ``modify_table_ops, schema, tname, conn_table, metadata_table``
``column``                ``alter_column_op, schema, tname, cname, conn_col, metadata_col``
========================  =========================================================

A table that is only in one of the two has None for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.autogenerate.compare import (
    checks,
    comments,
    constraints,
    schemas,
    server_defaults,
    tables,
    types,
)
from limbeck.runtime.plugins import Plugin

if TYPE_CHECKING:
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops

#: The plugins that make up the comparison, by the names under which they are switched off.
BUILT_IN = {
    "alembic.autogenerate.schemas": schemas,
    "alembic.autogenerate.tables": tables,
    "alembic.autogenerate.types": types,
    "alembic.autogenerate.constraints": constraints,
    "alembic.autogenerate.defaults": server_defaults,
    "alembic.autogenerate.comments": comments,
    "alembic.ext.checkconstraint_byname": checks,
}

for _name, _module in BUILT_IN.items():
    Plugin.setup_plugin_from_module(_module, _name)


def run_comparators(context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> None:
    """Add the operations that the comparators of an autogenerate run find.

    :param context: the run.
    :param upgrade_ops: where they go.
    """
    context.comparators.dispatch("autogenerate", qualifier=context.dialect.name)(
        context, upgrade_ops
    )
