"""Views, routines, triggers and the like: what the models declare, beside what the database has.

Of what the database has, only those kinds are compared of which the models declare at least one, or
that a setting names, so that nobody's function is proposed for dropping because no model knows it.
Everything else is a bystander: it is looked at only where a table changes, as it may stand in the
way of that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.diff.changes import Added, Removed
from limbeck.diff.object_order import any_mentions, leans_on_column
from limbeck.errors import ConfigurationError
from limbeck.facts.kind_words import KINDS, kind_words
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import ColumnFact
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.dialects.backend import Backend
    from limbeck.diff.changes import Change
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.facts.rights import Extension, Grant
    from limbeck.facts.routines import Function, Procedure
    from limbeck.facts.schema_objects import ObjectKey, SchemaObject
    from limbeck.facts.scope import Scope


class ObjectSides(Value):
    """The two sides of a comparison of objects.

    :param before: what the database has, of what is compared.
    :param after: what the models want, in the database's words where it could be asked.
    :param bystanders: what else the database has.
    :param originals: what the database has now, by the keys that it has on the two sides; only
        what a new name of a table makes another one.
    """

    before: tuple[SchemaObject, ...] = ()
    after: tuple[SchemaObject, ...] = ()
    bystanders: tuple[SchemaObject, ...] = ()
    notes: tuple[str, ...] = ()
    originals: Mapping[ObjectKey, SchemaObject] = field(
        default_factory=lambda: MappingProxyType({})
    )


def object_sides(
    connection: Connection,
    backend: Backend,
    after: SchemaFact,
    scope: Scope,
    changes: Sequence[Change],
    also: Collection[str] = (),
    names: NewNames = NO_NEW_NAMES,
    guests: Collection[str] = (),
) -> ObjectSides:
    """Look at the objects of both sides.

    :param after: the models.
    :param changes: what differs in the tables.
    :param also: kinds that are compared although the models declare none of them.
    :param names: the new names of tables and columns.
    :param guests: schemas that are looked at only for what the models have there.
    :raises ConfigurationError: ``also`` names a kind that there is not.
    """
    for kind in also:
        if kind not in KINDS:
            raise ConfigurationError(
                f"{kind!r} is no kind of object", hint=f"there are {', '.join(KINDS)}"
            )
    kinds, renamed = {item.kind for item in after.objects} | set(also), names.touched()
    if not backend.reads_objects:
        note = f"what is no table is not compared on {connection.dialect.name}"
        return ObjectSides(notes=(note,) if kinds else ())
    needed = _needed(connection, backend, after, scope, changes)
    if not kinds and not renamed and not needed and not _may_be_in_the_way(changes):
        return ObjectSides()
    from limbeck.diff.freed_domains import left_columns

    after = replace(after, objects=(*after.objects, *needed))
    found = backend.reflect_objects(connection, scope)
    stored, originals = _under_new_names(connection, backend, found, names)
    changed = {change.table for change in changes if change.table is not None} | set(renamed)
    models, notes = _in_database_words(connection, backend, after, stored, found, scope, changed)
    keys = {item.key for item in models} | _freed(
        connection, backend, after, found, scope, {} if names else left_columns(changes)
    )
    compared = {
        item.key
        for item in stored
        if item.key in keys
        or ((item.schema or "") not in guests and _is_compared(item, kinds, scope))
    }
    bystanders = tuple(item for item in stored if item.key not in compared)
    notes += tuple(_refusals(bystanders, changes))
    stored = tuple(item for item in stored if item.key in compared)
    return ObjectSides(stored, models, bystanders, notes, originals)


def _needed(
    connection: Connection,
    backend: Backend,
    after: SchemaFact,
    scope: Scope,
    changes: Sequence[Change],
) -> tuple[SchemaObject, ...]:
    """What new or changed columns need and is not there, besides what the models declare."""
    declared = {item.key for item in after.objects}
    touched = {
        change.table
        for change in changes
        if not isinstance(change, Removed) and change.kind in ("table", "column")
    }
    tables = [table for table in after.tables if table.key in touched]
    needed = backend.needed_objects(connection, tables, scope) if tables else ()
    return tuple(item for item in needed if item.key not in declared)


def _freed(
    connection: Connection,
    backend: Backend,
    after: SchemaFact,
    found: Sequence[SchemaObject],
    scope: Scope,
    left: Mapping[tuple[TableKey, str], str],
) -> frozenset[ObjectKey]:
    """What only columns need that go or get another type."""
    if not left:
        return frozenset()
    types = [column.type for table in after.tables for column in table.columns]
    freed = backend.freed_objects(connection, found, left, scope)
    here = (item.key for item in freed if scope.takes_object(item.key))
    return frozenset(key for key in here if not any_mentions(types, key.name))


def _under_new_names(
    connection: Connection, backend: Backend, found: Sequence[SchemaObject], names: NewNames
) -> tuple[tuple[SchemaObject, ...], dict[ObjectKey, SchemaObject]]:
    """What the database has under new names, and what is another one by them as it is now."""
    if not names:
        return tuple(found), {}
    stored = tuple(backend.object_under_new_names(connection, item, names) for item in found)
    pairs = zip(stored, found, strict=True)
    return stored, {new.key: old for new, old in pairs if new is not old}


def _refusals(bystanders: Sequence[SchemaObject], changes: Sequence[Change]) -> Iterator[str]:
    """Say what the database will not let go, as something that nobody declares leans on it."""
    for change in changes:
        if not isinstance(change, Removed) or change.table is None:
            continue
        if change.kind not in ("table", "column"):
            continue
        column = change.before.name if isinstance(change.before, ColumnFact) else ""
        gone = f"column {change.table}.{column}" if column else f"table {change.table}"
        for item in bystanders:
            holds = item.kind in ("view", "materialized_view", "function") and item.needs
            if holds and leans_on_column(item, change.table, column):
                words = f"{kind_words(item.kind)} {item.key}"
                yield f"{words} leans on {gone}, which goes; no model declares it"


def _may_be_in_the_way(changes: Iterable[Change]) -> bool:
    """Whether something that views and their like lean on changes or goes."""
    return any(
        not isinstance(change, Added) and change.kind in ("table", "column", "enum")
        for change in changes
    )


def _is_compared(item: SchemaObject, kinds: Collection[str], scope: Scope) -> bool:
    """Say whether an object that no model declares is proposed for dropping."""
    if item.kind not in kinds or item.kind == "grant":
        return False
    # An extension is the database's, wherever its objects are.
    looked_at = item.kind == "extension" or scope.takes_schema(item.schema or "")
    return looked_at and scope.takes_object(item.key)


def _in_database_words(
    connection: Connection,
    backend: Backend,
    after: SchemaFact,
    stored: Sequence[SchemaObject],
    found: Sequence[SchemaObject],
    scope: Scope,
    changed: Collection[TableKey],
) -> tuple[tuple[SchemaObject, ...], tuple[str, ...]]:
    """The declared objects as the database would say them, and notes.

    :param found: ``stored`` under the names that it has now.
    """
    known = {item.key: item for item in stored}
    undecided = [item for item in after.objects if known.get(item.key) != item]
    if not undecided:
        wanted = (item for item in after.objects if _is_wanted(item, known))
        return tuple(_like(item, known) for item in wanted), ()
    tables: list[Any] = [table.source for table in after.tables if table.key in changed]
    notes: tuple[str, ...] = ()
    try:
        built = backend.objects_on_scratch(connection, undecided, found, tables, scope)
    except ScratchImpossible as reason:
        built = tuple(undecided)
        notes = (f"objects were compared as text only, which can be wrong: {reason}",)
    read = dict(zip((item.key for item in undecided), built, strict=True))
    decided = (read.get(item.key, item) for item in after.objects)
    paired = (_paired(item, stored) for item in decided)
    return tuple(_like(item, known) for item in paired if _is_wanted(item, known)), notes


def _is_wanted(item: SchemaObject, known: dict[ObjectKey, SchemaObject]) -> bool:
    """A grant of nothing says that what there is has to go; where there is nothing, it is done."""
    return item.kind != "grant" or bool(cast("Grant", item).privileges) or item.key in known


def _paired(item: SchemaObject, stored: Sequence[SchemaObject]) -> SchemaObject:
    """A routine that could not be built is the only one of its name, if there is just one."""
    if item.kind not in ("function", "procedure"):
        return item
    routine = cast("Function | Procedure", item)
    if routine.signature is not None:
        return item
    named = [
        other
        for other in cast("Sequence[Function | Procedure]", stored)
        if other.kind == item.kind and (other.schema, other.name) == (item.schema, routine.name)
    ]
    return replace(routine, signature=named[0].signature) if len(named) == 1 else item


def _like(item: SchemaObject, known: dict[ObjectKey, SchemaObject]) -> SchemaObject:
    """A declared object with what it leaves to the database, and what the database knows of it."""
    stored = known.get(item.key)
    if stored is None:
        return item
    if item.kind == "extension":
        item, has = cast("Extension", item), cast("Extension", stored)
        item = replace(
            item,
            version=item.version or has.version,
            schema=item.schema or stored.schema,
            comment=item.comment or stored.comment,
        )
    if item != stored:
        return replace(item, owner=stored.owner)
    return replace(stored, source=item.source)
