"""Names that a database gave by itself go with the name of their table or column.

``users_pkey`` says nothing about ``people``. Where the models leave a name to the database, and it
is the one that such a constraint has by itself, it is to be what it would be under the new names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from limbeck.facts.objects import (
    ConstraintFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    in_order,
)
from limbeck.facts.usual_names import Nameable, usual_name

if TYPE_CHECKING:
    from limbeck.facts.new_names import NewNames

RenamesName = Callable[[Nameable], bool]
"""Whether the database can give a constraint or index another name in place."""

N = TypeVar("N", PrimaryKeyFact, ConstraintFact)


def with_usual_names(
    stored: SchemaFact,
    before: SchemaFact,
    after: SchemaFact,
    names: NewNames,
    can_rename: RenamesName,
) -> SchemaFact:
    """The models with the names that what they leave without one is to have.

    :param stored: what the database has, under its old names.
    :param before: the same, under its new ones.
    :param names: the new names.
    :param can_rename: what is left alone where it would have to be made anew.
    """
    if not names:
        return after
    touched = names.touched()
    old = {names.table(table.key): table for table in stored.tables}
    now = {table.key: table for table in before.tables}
    taken = {(t.key.schema, part.name) for t in before.tables for part in _parts(t)}
    return replace(
        after,
        tables=tuple(
            _named(table, old[table.key], now[table.key], taken, can_rename)
            if table.key in touched and table.key in now
            else table
            for table in after.tables
        ),
    )


def _named(
    table: TableFact,
    old: TableFact,
    now: TableFact,
    taken: set[tuple[str, str | None]],
    can_rename: RenamesName,
) -> TableFact:
    """A table of the models with the names that its constraints are to have."""
    there = {(type(part), part.name): part for part in _parts(old)}
    new_names: dict[Nameable, str] = {}
    for part in _parts(now):
        was = there.get((type(part), part.name))
        if was is None or was.name is None or not can_rename(part):
            continue
        number = re.fullmatch(rf"{re.escape(usual_name(old, was))}(\d*)", was.name)
        if number is None:
            continue
        name = usual_name(now, part) + number[1]
        if name != was.name and (table.key.schema, name) not in taken:
            taken.add((table.key.schema, name))
            new_names[replace(part, name=None)] = name
    if not new_names:
        return table
    key = table.primary_key
    return replace(
        table,
        primary_key=None if key is None else _with_name(key, new_names),
        constraints=in_order(_with_name(part, new_names) for part in table.constraints),
    )


def _with_name(part: N, names: dict[Nameable, str]) -> N:
    if part.name is not None:
        return part
    name = names.pop(part, None)
    return part if name is None else replace(part, name=name)


def _parts(table: TableFact) -> Iterator[Nameable]:
    if table.primary_key is not None:
        yield table.primary_key
    yield from table.constraints
    yield from table.indexes
