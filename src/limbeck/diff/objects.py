"""What changes in views, routines, triggers and the like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Change, Changed, Removed
from limbeck.diff.lists import pair_by_key

if TYPE_CHECKING:
    from limbeck.facts.schema_objects import SchemaObject


def compare_objects(
    before: Iterable[SchemaObject], after: Sequence[SchemaObject]
) -> tuple[Change, ...]:
    """The changes that turn one set of objects into another.

    :param before: what the database has, of the kinds that are compared.
    :param after: what the models want.
    :return: what is added, what is changed and what is removed, each in the order of its keys.
    """
    ordered = sorted(after, key=lambda item: item.key)
    paired = pair_by_key(sorted(before, key=lambda item: item.key), ordered, lambda item: item.key)
    changed = [(old, new, differing_fields(old, new)) for old, new in paired.both]
    return (
        *(Added(item.kind, None, item) for item in paired.added),
        *(Changed(new.kind, None, old, new, names) for old, new, names in changed if names),
        *(Removed(item.kind, None, item) for item in paired.removed),
    )


def differing_fields(before: SchemaObject, after: SchemaObject) -> tuple[str, ...]:
    """The names of the fields in which two objects of one kind differ."""
    if before == after:
        return ()
    return tuple(
        each.name
        for each in fields(after)
        if each.compare and getattr(before, each.name) != getattr(after, each.name)
    )
