"""Foreign keys, by what they refer to; their names are not compared."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.autogenerate.compare.constraint_names import ConstraintNames
from limbeck.dialects.standard.classic_constraints import key_ends
from limbeck.operations import ops
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatchResult
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import ForeignKeyConstraint, Table

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.runtime.plugins import Plugin

log = logging.getLogger("limbeck.autogenerate.compare.constraints")

_DEFAULTS = ("no action", "immediate")
"""What is meant where nothing is said."""


def setup(plugin: Plugin) -> None:
    """Add the comparator of foreign keys."""
    plugin.add_autogenerate_comparator(compare_foreign_keys, "table", "foreignkeys")


def compare_foreign_keys(
    context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    """Compare the foreign keys of a table that is on both sides."""
    if conn_table is not None and metadata_table is not None:
        sides = _Sides(context, schema, conn_table, metadata_table)
        place = _place_of_removals(modify_ops.ops)
        for number, key in enumerate(sides.only(sides.found, sides.models)):
            _tell("removed", key, qualified(tname, schema))
            modify_ops.ops.insert(place + number, ops.DropConstraintOp.from_constraint(key))
        for key in sides.only(sides.models, sides.found):
            _tell("added", key, qualified(tname, schema))
            modify_ops.ops.append(ops.CreateForeignKeyOp.from_constraint(key))
    return PriorityDispatchResult.CONTINUE


def _place_of_removals(operations: Sequence[ops.MigrateOperation]) -> int:
    """Where foreign keys are dropped: before the indexes and constraints that they may rest on.

    https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html ("MySQL requires indexes
    on foreign keys"), and a key may refer to its own table.
    """
    removals = (ops.DropIndexOp, ops.DropConstraintOp)
    places = (n for n, each in enumerate(operations) if isinstance(each, removals))
    return next(places, len(operations))


def _tell(verb: str, key: ForeignKeyConstraint, table: str) -> None:
    columns, referred = key_ends(key)
    ends = ", ".join(columns), ", ".join(str(column) for _, _, column in referred)
    log.info("Detected %s foreign key (%s)(%s) on table %s", verb, *ends, table)


class _Side(Value):
    """The foreign keys of the database or of the models, and what they are called there."""

    reflected: bool
    keys: list[ForeignKeyConstraint]
    names: Mapping[ForeignKeyConstraint, str | None]

    def called(self, name: str | None) -> ForeignKeyConstraint | None:
        """The one that has a name."""
        return next((k for k in self.keys if name is not None and self.names[k] == name), None)


class _Sides:
    """Both sides of a table, as the dialect wants them compared."""

    def __init__(
        self, context: AutogenContext, schema: str | None, conn_table: Table, models: Table
    ) -> None:
        self._context = context
        self._default_schema = context.dialect.default_schema_name
        rows = context.reflection.foreign_keys(schema, conn_table.name) or []
        self._options = all("options" in row for row in rows)
        names = ConstraintNames(context.dialect)
        found = {key for key in conn_table.foreign_key_constraints if self._counts(key, schema)}
        wanted = set(names.created(models.foreign_key_constraints))
        context.migration_context.impl.correct_for_autogen_foreignkeys(found, wanted)
        self.found = _Side(True, sorted(found, key=_by_ends), {key: _name(key) for key in found})
        self.models = _Side(
            False,
            sorted(wanted, key=lambda key: key._creation_order),
            {key: names.name(key) for key in wanted},
        )

    def _counts(self, key: ForeignKeyConstraint, schema: str | None) -> bool:
        parents = {"table_name": key.table.name, "schema_name": schema}
        return self._context.run_name_filters(_name(key), "foreign_key_constraint", parents)

    def only(self, side: _Side, other: _Side) -> Iterable[ForeignKeyConstraint]:
        """Those of one side that the other does not have, as far as ``include_object`` goes."""
        known = {self._identity(key) for key in other.keys}
        told = set()
        for key in side.keys:
            identity = self._identity(key)
            if identity in known or identity in told:
                continue
            told.add(identity)
            name = side.names[key]
            if self._context.run_object_filters(
                key, name, "foreign_key_constraint", side.reflected, other.called(name)
            ):
                yield key

    def _identity(self, key: ForeignKeyConstraint) -> tuple[Any, ...]:
        """What makes a foreign key; its options only where the dialect reflects them."""
        columns, referred = key_ends(key)
        ends = tuple(
            (None if schema == self._default_schema else schema, table, column)
            for schema, table, column in referred
        )
        return columns, ends, _options(key) if self._options else ()


def _options(key: ForeignKeyConstraint) -> tuple[Any, ...]:
    """What is said about a foreign key; one that is deferred at first is deferrable too."""
    actions = [_said(key.onupdate), _said(key.ondelete)]
    deferred = _said(key.initially)
    return (*actions, deferred, bool(key.deferrable or deferred))


def _said(word: str | None) -> str | None:
    return None if word is None or word.lower() in _DEFAULTS else word.lower()


def _name(key: ForeignKeyConstraint) -> str | None:
    return None if key.name is None else str(key.name)


def _by_ends(key: ForeignKeyConstraint) -> str:
    return str((key_ends(key), _options(key)))
