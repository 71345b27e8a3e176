"""A schema of PostgreSQL's under new names, and SQLAlchemy objects for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ENUM

from limbeck.dialects.postgresql.exclusion import exclude_constraint
from limbeck.dialects.standard.name_words import StandardNameWords
from limbeck.dialects.standard.sources import with_sources as standard_sources
from limbeck.facts.new_names import renamed
from limbeck.facts.new_object_names import renamed_object
from limbeck.facts.objects import EnumFact, ExcludeFact, SchemaFact, TableFact

if TYPE_CHECKING:
    from collections.abc import Set

    from sqlalchemy import Connection
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import TableKey
    from limbeck.facts.schema_objects import SchemaObject
    from limbeck.facts.scope import Scope


def under_new_names(connection: Connection, schema: SchemaFact, names: NewNames) -> SchemaFact:
    """What the catalogue would say if the names had been given already.

    :param schema: what it says.
    """
    found = renamed(schema, names, StandardNameWords(connection.dialect))
    return replace(
        found,
        enums=tuple(
            replace(enum, source=_enum(enum)) if enum.source is None else enum
            for enum in found.enums
        ),
    )


def object_under_new_names(
    connection: Connection, item: SchemaObject, names: NewNames
) -> SchemaObject:
    """What the catalogue would say of an object if the names had been given already.

    :param item: what it says.
    """
    return renamed_object(item, names, StandardNameWords(connection.dialect))


def renamed_sources(
    connection: Connection,
    schema: SchemaFact,
    keys: Set[TableKey],
    scope: Scope,
    names: NewNames,
) -> SchemaFact:
    """``schema``, which is under new names, with objects behind the tables of ``keys``."""
    fresh = replace(
        schema,
        tables=tuple(
            _with_excludes(table) if table.key in keys and table.source is None else table
            for table in schema.tables
        ),
    )
    built = standard_sources(connection, fresh, keys, scope, names)
    enums = {enum.key: enum for enum in schema.enums}
    of_old = {key: enums[names.enum(key)] for key in names.types()}
    for table in built.tables if of_old else ():
        for column in table.columns:
            source: Any = column.source
            if source is not None:
                source.type = _retyped(source.type, of_old, scope)
    return built


def _with_excludes(table: TableFact) -> TableFact:
    """The table, its EXCLUDE constraints with objects that belong to no table yet."""
    return replace(
        table,
        constraints=tuple(
            replace(each, source=exclude_constraint(each.definition, each.name))
            if isinstance(each, ExcludeFact)
            else each
            for each in table.constraints
        ),
    )


def _retyped(
    type_: TypeEngine[Any], of_old: dict[TableKey, EnumFact], scope: Scope
) -> TypeEngine[Any]:
    if isinstance(type_, sa.ARRAY):
        inner = _retyped(type_.item_type, of_old, scope)
        return type_ if inner is type_.item_type else sa.ARRAY(inner, dimensions=type_.dimensions)
    if not isinstance(type_, sa.Enum) or type_.name is None:
        return type_
    fact = of_old.get(scope.key(type_.schema, str(type_.name)))
    return type_ if fact is None else _enum(fact)


def _enum(fact: EnumFact) -> ENUM:
    return ENUM(*fact.values, name=fact.key.name, schema=fact.key.schema or None)
