"""Names that a database gave by itself go with the name of their table or column.

``users_pkey`` says nothing about ``people``. Where the models leave a name to the database, and it
is the one that such a constraint has by itself, it is to be what it would be under the new names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from limbeck.facts.objects import (
    ConstraintFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
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
    wanted = {
        table.key: _new_names(old[table.key], table, can_rename)
        for table in before.tables
        if table.key in touched
    }
    _leave_out_taken(before, wanted)
    return replace(
        after, tables=tuple(_named(table, wanted.get(table.key, {})) for table in after.tables)
    )


def _new_names(old: TableFact, now: TableFact, can_rename: RenamesName) -> dict[Nameable, str]:
    """What the parts of a table that have their usual names are to be called."""
    there = {(type(part), part.name): part for part in _parts(old)}
    found: dict[Nameable, str] = {}
    for part in _parts(now):
        was = there.get((type(part), part.name))
        if was is None or was.name is None or not can_rename(part):
            continue
        number = re.fullmatch(rf"{re.escape(usual_name(old, was))}(\d*)", was.name)
        if number is not None:
            name = usual_name(now, part) + number[1]
            if name != was.name:
                found[part] = name
    return found


def _leave_out_taken(before: SchemaFact, wanted: dict[TableKey, dict[Nameable, str]]) -> None:
    """Take the names out of ``wanted`` that something else has, and keeps."""
    taken = Counter((t.key.schema, part.name) for t in before.tables for part in _parts(t))
    for key, names in wanted.items():
        taken.subtract((key.schema, part.name) for part in names)
        taken.update((key.schema, name) for name in names.values())
    crowded = True
    while crowded:
        crowded = False
        for key, names in wanted.items():
            for part, name in list(names.items()):
                if taken[key.schema, name] > 1:
                    del names[part]
                    taken[key.schema, name] -= 1
                    taken[key.schema, part.name] += 1
                    crowded = True


def _named(table: TableFact, wanted: Mapping[Nameable, str]) -> TableFact:
    """A table of the models with the names that its constraints are to have."""
    if not wanted:
        return table
    new_names = {replace(part, name=None): name for part, name in wanted.items()}
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
