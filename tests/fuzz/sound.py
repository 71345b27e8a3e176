"""Takes out of a description what cannot be: by itself, or in a database.

This is the one place in which something is excluded. What a database rules out has its
documentation beside it; the rest are references to what is not there and names that meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from tests.fuzz import sound_indexes, sound_keys
from tests.fuzz.catalogue import Catalogue
from tests.fuzz.model import Column, Enumeration, Model, Over, Table, Type
from tests.fuzz.names import stored

Thing = TypeVar("Thing")

PLAIN = Type(("sa.Integer",), family="integer")


def sound(model: Model, catalogue: Catalogue) -> Model:
    """The model without what cannot be."""
    enums = distinct(model.enums, lambda enum: stored(enum.name, catalogue.database))
    named = distinct(model.tables, lambda table: stored(table.name, catalogue.database))
    tables = tuple(_table(table, enums, catalogue) for table in named if table.columns)
    sequences = distinct(model.sequences, lambda sequence: sequence.name)
    model = replace(model, enums=enums, tables=tables, sequences=sequences)
    model = sound_keys.with_foreign_keys(model, catalogue)
    # A column that got the type of what it refers to is no longer what another is computed from.
    again = tuple(_table(table, enums, catalogue) for table in model.tables)
    model = sound_keys.with_foreign_keys(replace(model, tables=again), catalogue)
    tables = tuple(_inside(table, model, catalogue) for table in model.tables)
    model = sound_keys.with_names(replace(model, tables=tables), catalogue)
    used = {column.type.enum for table in model.tables for column in table.columns}
    # MetaData knows an enumerated type only by the columns that have it.
    return replace(model, enums=tuple(enum for enum in model.enums if enum.name in used))


def distinct(things: Iterable[Thing], key: Callable[[Thing], object]) -> tuple[Thing, ...]:
    """The things without those whose key was there before."""
    found: dict[object, Thing] = {}
    for thing in things:
        found.setdefault(key(thing), thing)
    return tuple(found.values())


def _table(table: Table, enums: tuple[Enumeration, ...], catalogue: Catalogue) -> Table:
    """The table with columns that are well by themselves, and its key."""
    columns = distinct(table.columns, lambda column: stored(column.name, catalogue.database))
    columns = tuple(_typed(column, enums) for column in columns)
    columns = _one_constraint_of_a_type(columns)
    # "A generated column cannot reference another generated column":
    # https://www.postgresql.org/docs/current/ddl-generated-columns.html
    # SQLite and MariaDB would take it; a cycle none of them.
    plain = {c.name: c for c in columns if c.computed is None and c.identity is None}
    columns = tuple(_computed(column, plain, catalogue) for column in columns)
    return sound_keys.with_key(replace(table, columns=columns), catalogue)


def _typed(column: Column, enums: tuple[Enumeration, ...]) -> Column:
    values = {enum.name: enum.values for enum in enums}
    if column.type.enum:
        if column.type.enum not in values:
            return replace(column, type=PLAIN, default=None)
        if column.type.family == "enum" and column.default is not None:
            allowed = {repr(value) for value in values[column.type.enum]}
            if column.default.text not in allowed:
                return replace(column, default=None)
    if not column.nullable and column.default and "null" in column.default.text.lower():
        column = replace(column, default=None)  # MariaDB: "Invalid default value" (error 1067)
    if "latin1" in column.type.text and column.default and not column.default.text.isascii():
        column = replace(column, default=None)  # likewise, where a letter is none of its charset
    if column.identity is not None:
        fits = column.type.family == "integer"
        if not fits or column.computed is not None or column.default is not None:
            return replace(column, identity=None)
        return replace(column, nullable=False, autoincrement=None)
    return column


def _one_constraint_of_a_type(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A type's CHECK has the name of the type, which a table cannot have twice."""
    found: list[Column] = []
    for column in columns:
        other = column.type.family in ("choice", "flag") and column.type.family in {
            c.type.family for c in found
        }
        found.append(replace(column, type=PLAIN, default=None) if other else column)
    return tuple(found)


def _computed(column: Column, plain: dict[str, Column], catalogue: Catalogue) -> Column:
    if column.computed is None:
        return column if column.persisted is None else replace(column, persisted=None)
    fits = column.type.family == column.computed.result
    if not fits or not fits_columns(column.computed, plain):
        return replace(column, computed=None, persisted=None)
    persisted = column.persisted
    if persisted is not None and ("stored" if persisted else "virtual") not in catalogue.features:
        persisted = not persisted
    return replace(
        column, default=None, identity=None, persisted=persisted, nullable=True, autoincrement=None
    )


def _unstored(column: Column, counted: frozenset[str]) -> Column:
    """The column, only virtual where it is computed from one that counts."""
    if column.computed is None or counted.isdisjoint(column.computed.columns):
        return column
    return replace(column, persisted=False)


def fits_columns(over: Over, columns: dict[str, Column]) -> bool:
    """Whether the columns of an expression are there, and of the right families."""
    return all(
        name in columns and columns[name].type.family == family
        for name, family in zip(over.columns, over.families, strict=True)
    )


def _inside(table: Table, model: Model, catalogue: Catalogue) -> Table:
    """The table with constraints and indexes that fit its columns."""
    readable = {column.name: column for column in table.columns}
    unindexed: frozenset[str] = frozenset()
    if catalogue.database == "mariadb":
        # "Expressions which contain AUTO_INCREMENT columns" are refused in CHECKs and in what is
        # stored: https://mariadb.com/kb/en/constraint/, https://mariadb.com/kb/en/generated-columns/
        counted = sound_keys.counted(table)
        readable = {name: c for name, c in readable.items() if name not in counted}
        table = replace(table, columns=tuple(_unstored(c, counted) for c in table.columns))
        # An index stores the value of a virtual column, so it may not come from such a column.
        unindexed = frozenset(
            c.name
            for c in table.columns
            if c.computed is not None and not counted.isdisjoint(c.computed.columns)
        )
        # Nor may a CHECK be about what a foreign key changes with what it refers to (error 1901).
        changed = {
            name
            for key in table.foreign_keys
            if any(option == "onupdate" for option, _ in key.options)
            for name in key.columns
        }
        readable = {
            name: c for name, c in readable.items() if name not in unindexed and name not in changed
        }
    checks = [c for c in table.checks if fits_columns(c.condition, readable)]
    table = replace(table, checks=tuple(checks))
    if "exclude" not in catalogue.features:
        table = replace(table, excludes=())
    return sound_indexes.with_indexes(table, catalogue, unindexed)
