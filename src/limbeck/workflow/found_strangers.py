"""Which of what a revision drops no revision before it creates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.operations.creations import key
from limbeck.script.drops import Dropped, drops_of, is_created
from limbeck.script.history import creations_of, first_to_last
from limbeck.workflow.strangers import Strangers

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.schema_objects import ObjectKey
    from limbeck.script import Script
    from limbeck.workflow.replay import Replay

__all__ = ["strangers_of"]


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
