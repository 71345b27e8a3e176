"""SQLAlchemy objects for what was found in PostgreSQL, so that it can be made again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import DefaultClause

from limbeck.dialects.postgresql.new_names import renamed_sources
from limbeck.dialects.standard.sources import with_sources as standard_sources
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from collections.abc import Set

    from sqlalchemy import Connection

    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.facts.scope import Scope


def with_sources(
    connection: Connection,
    schema: SchemaFact,
    keys: Set[TableKey],
    scope: Scope,
    names: NewNames,
) -> SchemaFact:
    """``schema`` with SQLAlchemy objects behind the tables of ``keys``.

    A fact has a default without the brackets around the whole of it, which some cannot do without.
    """
    unbuilt = {table.key for table in schema.tables if table.source is None}
    if names:
        built = renamed_sources(connection, schema, keys, scope, names)
    else:
        built = standard_sources(connection, schema, keys, scope)
    for table in built.tables:
        for column in table.columns if table.key in unbuilt else ():
            source: Any = column.source
            if source is not None and column.default is not None and needs_brackets(column.default):
                source.server_default = DefaultClause(literal_text(f"({column.default})"))
    return built


_ENCLOSED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\([^()'"]*\)""")
_NO_B_EXPR = re.compile(
    r"\b(?:AND|AT|BETWEEN|COLLATE|ILIKE|IN|IS|ISNULL|LIKE|NOT|NOTNULL|OR|OVERLAPS|SIMILAR)\b",
    re.IGNORECASE,
)


def needs_brackets(default: str) -> bool:
    """Say whether a default stands in brackets behind ``DEFAULT``.

    The grammar takes what it calls ``b_expr`` there, so that ``NOT NULL`` behind a default is no
    part of it: operators and calls, but none of the conditions that are spelled by words.
    https://github.com/postgres/postgres/blob/REL_18_0/src/backend/parser/gram.y

    :param default: the text of an expression, without brackets around the whole of it.
    """
    while (shorter := _ENCLOSED.sub(" 0 ", default)) != default:
        default = shorter
    return _NO_B_EXPR.search(default) is not None
