"""What a revision drops although no revision before it creates it.

Somebody has made it by hand on the project's own database: a table that ``--drop-unowned`` is to
drop, a view that stands in the way of a column's new type. What the history makes of an empty
database is without it. Views and the like are made there too before the revision is tried; a
revision that drops anything else of this kind cannot be tried, and that is no mistake of its.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.diff.changes import Removed
from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.facts.schema_objects import SchemaObject
from limbeck.operations import ops
from limbeck.operations.creations import key
from limbeck.script.drops import Dropped, drops_of, is_created
from limbeck.script.history import creations_of, first_to_last
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.database.comparison import Comparison
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.schema_objects import ObjectKey
    from limbeck.script import Script
    from limbeck.workflow.replay import Replay

__all__ = ["Strangers", "strangers_of"]


class Strangers(Value):
    """What a revision drops and no revision before it creates.

    :param dropped: what it is.
    :param objects: the views and the like among it, as the project's own database has them.
    """

    dropped: tuple[Dropped, ...] = ()
    objects: tuple[SchemaObject, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.dropped)

    def __str__(self) -> str:
        return ", ".join(map(str, self.dropped))

    def let_be(self, context: AutogenContext, comparison: Comparison) -> Comparison:
        """A comparison with the models that asks for none of these views and the like to go.

        :param context: the run.
        :param comparison: what differs.
        """
        mine = {item.key for item in self.objects}
        return replace(
            comparison,
            changes=tuple(
                change
                for change in comparison.changes
                if not (
                    isinstance(change, Removed)
                    and isinstance(change.before, SchemaObject)
                    and change.before.key in mine
                )
            ),
        )

    def make(self, engine: Engine) -> None:
        """Make the views and the like on a scratch database, as far as it takes them.

        :param engine: the database.
        """
        backend = backend_for(engine.dialect)
        for item in self.objects:
            with suppress(DBAPIError), engine.begin() as connection:
                target = EmitTarget(engine.dialect, connection)
                for statement in backend.statements(ops.CreateObjectOp(item), target):
                    connection.execute(statement)


def strangers_of(replay: Replay, script: Script) -> Strangers:
    """What a revision drops that the project's own database has and no revision creates.

    Where nobody knows what that database had, as it cannot be reached or is past the revision, all
    that no revision creates counts.

    :param replay: at what comes before the revision; knows the project's own database.
    :param script: the revision.
    """
    dialect = replay.scratch.engine.dialect
    dropped = drops_of(script, dialect)
    if dropped:
        parent = replay.all_facts()
        dropped = tuple(each for each in dropped if not _is_in(each, parent))
    if not dropped:
        return Strangers()
    creations = creations_of(_before(replay, script), dialect)
    found = [each for each in dropped if not is_created(each, creations)]
    if not found:
        return Strangers()
    schemas = {each.address[0] for each in found}
    stored = replay.before_history.stored_before(script, schemas)
    if stored is None:
        return Strangers(tuple(found))
    there = tuple(each for each in found if _is_in(each, stored))
    objects = [
        item
        for item in stored.objects
        if any(_is_it(each, item.key) for each in there)
    ]  # fmt: skip
    return Strangers(there, tuple(objects))


def _before(replay: Replay, script: Script) -> Sequence[Script]:
    """What runs before a revision, first to run first."""
    from limbeck.revisions.walk import reached

    graph = replay.script.revision_map.graph
    ids = reached(graph.all_parents, replay.before(script.revision).targets)
    return [each for each in first_to_last(replay.script.walk_revisions()) if each.revision in ids]


def _is_in(dropped: Dropped, stored: SchemaFact) -> bool:
    if dropped.kind in OBJECT_KINDS:
        return any(_is_it(dropped, item.key) for item in stored.objects)
    tables = [
        table
        for table in stored.tables
        if key(table.key.schema, table.key.name) == dropped.address
        or (dropped.kind == "index" and not dropped.address[1])
    ]
    if dropped.kind == "table":
        return bool(tables)
    return any(
        (each.name or "").lower() == dropped.name
        for table in tables
        for each in (
            table.columns if dropped.kind == "column" else (*table.indexes, *table.constraints)
        )
    )


def _is_it(dropped: Dropped, there: ObjectKey) -> bool:
    return (there.kind, key(there.schema, there.name)) == (dropped.kind, dropped.address)
