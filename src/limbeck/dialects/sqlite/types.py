"""The SQLAlchemy type for a type that SQLite stores as text."""

from __future__ import annotations

import re
import warnings
from typing import Any

from sqlalchemy import types
from sqlalchemy.dialects import sqlite

from limbeck.dialects.sqlite.expressions import affinity

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

_BY_AFFINITY: dict[str, Any] = {
    "INTEGER": types.INTEGER,
    "TEXT": types.TEXT,
    "REAL": types.REAL,
    "NUMERIC": types.NUMERIC,
    "BLOB": types.NullType,
}


def type_of(declared: str, collation: str | None = None) -> types.TypeEngine[Any]:
    """The SQLAlchemy type that is spelled like a declared type, or one of its affinity.

    :param declared: the type as the column's definition has it, ``VARCHAR(30)`` or nothing.
    :param collation: the column's ``COLLATE``.
    """
    match = _DECLARED.fullmatch(declared)
    word, arguments = match.groups() if match else (declared, None)
    found = _KNOWN.get(word.upper())
    if found is None:
        found, arguments = _BY_AFFINITY[affinity(declared)], None
    numbers = [int(n) for n in re.findall(r"\d+", arguments or "")]
    options = {"collation": collation} if collation and issubclass(found, types.String) else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy warns of odd arguments, a stored fact here
            made: types.TypeEngine[Any] = found(*numbers, **options)
    except TypeError:
        made = found(**options)
    return made
