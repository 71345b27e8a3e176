"""The SQLAlchemy type for a type that SQLite stores as text."""

from __future__ import annotations

import re
import warnings
from typing import Any

from sqlalchemy import types
from sqlalchemy.dialects import sqlite

from limbeck.dialects.sqlite.expressions import canonical_type
from limbeck.dialects.sqlite.sql_tokens import quoted
from limbeck.types import DatabaseType

_DIALECT = sqlite.dialect()
_DECLARED = re.compile(r"\s*([^()]*?)\s*(?:\(([^()]*)\))?\s*")

# The words that SQLAlchemy's own SQLite types are spelled with.
_KNOWN: dict[str, Any] = {
    **{
        name: getattr(types, name)
        for name in (
            "BIGINT", "BLOB", "BOOLEAN", "CHAR", "DATE", "DATETIME", "DOUBLE", "DOUBLE_PRECISION",
            "FLOAT", "INTEGER", "NCHAR", "NUMERIC", "NVARCHAR", "REAL", "SMALLINT", "TEXT",
            "TIME", "TIMESTAMP", "VARCHAR", "BINARY", "VARBINARY", "CLOB", "UUID", "DECIMAL",
        )
    },
    "BOOL": types.BOOLEAN,
    "INT": types.INTEGER,
    "DOUBLE PRECISION": types.DOUBLE_PRECISION,
    "JSON": sqlite.JSON,
}  # fmt: skip


def type_of(declared: str, collation: str | None = None) -> types.TypeEngine[Any]:
    """The SQLAlchemy type that is spelled like a declared type, or that type in its own words.

    :param declared: the type as the column's definition has it, ``VARCHAR(30)`` or nothing.
    :param collation: the column's ``COLLATE``.
    """
    match = _DECLARED.fullmatch(declared)
    word, arguments = match.groups() if match else (declared, None)
    found = _KNOWN.get(word.upper())
    made: types.TypeEngine[Any] | None = (
        None if found is None else _made(found, arguments, collation)
    )
    words = re.sub(r"\s*([(),])\s*", r"\1", declared).replace(",", ", ")
    words += "" if collation is None else f" COLLATE {quoted(collation)}"
    if made is None or canonical_type(made.compile(dialect=_DIALECT)) != canonical_type(words):
        return DatabaseType(words)
    return made


def _made(class_: Any, arguments: str | None, collation: str | None) -> Any:
    numbers = [int(n) for n in re.findall(r"\d+", arguments or "")]
    options = {"collation": collation} if collation and issubclass(class_, types.String) else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy warns of odd arguments, a stored fact here
            return class_(*numbers, **options)
    except TypeError:
        return None
