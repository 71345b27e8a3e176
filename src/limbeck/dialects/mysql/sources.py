"""SQLAlchemy objects for what was found in MySQL or MariaDB, so that it can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON
from sqlalchemy.dialects.mysql import ENUM, SET

from limbeck.dialects.mysql.exact_defaults import is_no_text, readable, text_of_table
from limbeck.dialects.mysql.exact_values import values_of
from limbeck.dialects.standard.sources import inspected_columns
from limbeck.dialects.standard.sources import with_sources as standard_sources
from limbeck.dialects.text import plain_dialect
from limbeck.facts.objects import TableKey

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from sqlalchemy import Connection, Inspector

    from limbeck.dialects.standard.sources import InspectedColumns, ReadColumns
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope


def with_sources(
    connection: Connection,
    schema: SchemaFact,
    keys: Set[TableKey],
    scope: Scope,
    names: NewNames,
) -> SchemaFact:
    """``schema`` with SQLAlchemy objects behind the tables of ``keys``.

    SQLAlchemy reads MariaDB's JSON back as LONGTEXT, which it no longer is when it is made again,
    a backslash in a value of an ENUM as the two that the server writes, and letters of four bytes
    as question marks.
    """
    unreadable = {
        names.original(table.key)
        for table in schema.tables
        if table.key in keys and any(is_no_text(column.default) for column in table.columns)
    }
    columns = _columns_without(connection, unreadable, scope) if unreadable else inspected_columns

    def read(inspector: Inspector, schema: str, names: Sequence[str]) -> InspectedColumns:
        return _with_real_names(columns(inspector, schema, names))

    built = standard_sources(connection, schema, keys, scope, names, columns=read)
    for table in built.tables:
        for column in table.columns:
            source: Any = column.source
            if source is not None and column.type == "json":
                source.type = JSON()
            elif isinstance(getattr(source, "type", None), ENUM | SET):
                source.type = _as_stored(source.type, column.type)
    return built


def _with_real_names(found: InspectedColumns) -> InspectedColumns:
    """The Inspector's columns with each backtick once: it leaves names quoted as in the text."""
    return {
        table: [{**column, "name": column["name"].replace("``", "`")} for column in columns]
        for table, columns in found.items()
    }


def _columns_without(
    connection: Connection, unreadable: Set[TableKey], scope: Scope
) -> ReadColumns:
    """Read columns without the Inspector's asking for tables whose text is none.

    The driver fails over that text, and its connection is of no use any more, so the Inspector's
    own parser gets one that can be read.
    """
    dialect: Any = connection.dialect
    quote = plain_dialect(dialect).identifier_preparer.quote

    def read(inspector: Inspector, schema: str, names: Sequence[str]) -> InspectedColumns:
        plain = [name for name in names if TableKey(schema, name) not in unreadable]
        found = dict(inspected_columns(inspector, schema, plain)) if plain else {}
        for name in sorted(set(names) - set(plain)):
            text = text_of_table(connection, f"{quote(scope.real_schema(schema))}.{quote(name)}")
            found[name] = dialect._tabledef_parser.parse(readable(text), "utf-8").columns
        return found

    return read


def _as_stored(type_: ENUM | SET, text: str) -> ENUM | SET:
    """A type with the values that its text says: SQLAlchemy's have other letters now and then."""
    values = values_of(text)
    if values == list(type_.enums if isinstance(type_, ENUM) else type_.values):
        return type_
    return type(type_)(*values, charset=type_.charset, collation=type_.collation)
