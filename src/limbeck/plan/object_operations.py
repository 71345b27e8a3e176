"""Objects that are not tables as operations, in the words that a revision has of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from limbeck.facts.rights import Grant
from limbeck.facts.routines import Function, Procedure
from limbeck.facts.schema_objects import SchemaObject
from limbeck.operations import ops

Operations = Iterator[ops.MigrateOperation]


def created(item: SchemaObject) -> Operations:
    """Yield what creates an object; a grant of nothing creates nothing."""
    if isinstance(item, Grant) and not item.privileges:
        return
    yield ops.CreateObjectOp(written(item))


def regranted(before: Grant, after: Grant) -> Operations:
    """Take what is too much, and give what is missing."""
    gone = set(before.privileges) - set(after.privileges)
    if gone:
        yield ops.DropObjectOp(replace(before, privileges=tuple(gone)))
    added = set(after.privileges) - set(before.privileges)
    yield from created(replace(after, privileges=tuple(added), source=None))


def replaced(before: SchemaObject, after: SchemaObject) -> ops.MigrateOperation:
    """Return what gives an object its new form in place."""
    item = written(after)
    if before.comment and not after.comment:
        item = replace(item, comment="")
    return ops.ReplaceObjectOp(replace(item, owner=None), written(before))


def written(item: SchemaObject) -> SchemaObject:
    """An object in the words that it is declared in, or else in the database's."""
    if not isinstance(item.source, SchemaObject):
        return item
    source = replace(item.source, owner=item.owner)
    if isinstance(item, Function | Procedure) and isinstance(source, Function | Procedure):
        return replace(source, signature=item.signature)
    return source
