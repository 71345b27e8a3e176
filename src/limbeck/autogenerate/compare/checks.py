"""CHECK constraints, by their names: those without one are not compared."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint

from limbeck.autogenerate.compare.constraint_names import ConstraintNames
from limbeck.dialects.standard.describe import check_of_table
from limbeck.operations import ops
from limbeck.runtime.dispatch import PriorityDispatchResult

if TYPE_CHECKING:
    from sqlalchemy import Table

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger("limbeck.ext.checkconstraint_byname")


def setup(plugin: Plugin) -> None:
    """Add the comparator of CHECK constraints."""
    plugin.add_autogenerate_comparator(compare_checks, "table", "checkconstraints")


def compare_checks(
    context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Compare the CHECK constraints of a table that is on both sides.

    Those of a type, of Enum or Boolean, are among them.
    """
    if conn_table is None or metadata_table is None:
        return PriorityDispatchResult.CONTINUE
    if context.reflection.check_constraints(schema, tname) is None:
        return PriorityDispatchResult.CONTINUE
    before = _found(context, schema, conn_table)
    after = _wanted(context, metadata_table)
    comparison = _Comparison(context, modify_ops, tname)
    for name in sorted(before.keys() - after.keys()):
        comparison.remove(name, before[name])
    for name in sorted(before.keys() & after.keys()):
        comparison.compare(name, before[name], after[name])
    for name in sorted(after.keys() - before.keys()):
        comparison.add(name, after[name])
    return PriorityDispatchResult.CONTINUE


def _found(context: AutogenContext, schema: str | None, table: Table) -> dict[str, CheckConstraint]:
    parents = {"table_name": table.name, "schema_name": schema}
    return {
        str(check.name): check
        for check in table.constraints
        if isinstance(check, CheckConstraint)
        and check.name is not None
        and context.run_name_filters(str(check.name), "check_constraint", parents)
    }


def _wanted(context: AutogenContext, table: Table) -> dict[str, CheckConstraint]:
    inside = (each for column in table.columns for each in column.constraints)
    checks = (c for c in (*table.constraints, *inside) if isinstance(c, CheckConstraint))
    names = ConstraintNames(context.dialect)
    named = {names.name(check): check_of_table(check) for check in names.created(checks)}
    return {name: check for name, check in named.items() if name is not None}


class _Comparison:
    """The comparison of one table's CHECK constraints."""

    def __init__(self, context: AutogenContext, modify_ops: ops.ModifyTableOps, tname: str) -> None:
        self._context = context
        self._ops = modify_ops.ops
        self._tname = tname

    def remove(self, name: str, check: CheckConstraint) -> None:
        if self._context.run_object_filters(check, name, "check_constraint", True, None):
            log.info("Detected removed check constraint %r on table %r", name, self._tname)
            self._ops.append(ops.DropConstraintOp.from_constraint(check))

    def add(self, name: str, check: CheckConstraint) -> None:
        if self._context.run_object_filters(check, name, "check_constraint", False, None):
            log.info("Detected added check constraint %r on table %r", name, self._tname)
            self._ops.append(ops.CreateCheckConstraintOp.from_constraint(check))

    def compare(self, name: str, found: CheckConstraint, model: CheckConstraint) -> None:
        impl = self._context.migration_context.impl
        result = impl.compare_check_constraint(model, found)
        if result.is_skip:
            log.info(
                "Cannot compare check constraint %r, assuming equal and skipping. %s",
                name,
                result.message,
            )
        if result.is_different and self._context.run_object_filters(
            model, name, "check_constraint", False, found
        ):
            log.info(
                "Detected changed check constraint %r on table %r: %s",
                name,
                self._tname,
                result.message,
            )
            self._ops.append(ops.DropConstraintOp.from_constraint(found))
            self._ops.append(ops.CreateCheckConstraintOp.from_constraint(model))
