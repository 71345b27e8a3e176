"""Defaults that MariaDB says with question marks, as they are.

``information_schema`` and ``SHOW CREATE TABLE`` spell a string that is a default in utf8mb3, where
what takes four bytes has no place. ``DEFAULT(column)`` has all of it, also over no row:
https://mariadb.com/kb/en/default/
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.mysql.features import is_mariadb
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.mysql.rows import ColumnRow

_LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*\?(?:[^'\\]|''|\\.)*'", re.DOTALL)
_ESCAPED = {"\0": r"\0", "\n": r"\n", "\r": r"\r", "\\": r"\\", "'": "''"}


def with_exact_defaults(
    connection: Connection, address: str, columns: Sequence[ColumnRow]
) -> list[ColumnRow]:
    """The columns of a table, with what the question marks in their defaults stand for.

    :param address: the table's name, as SQL spells it.
    """
    doubtful = [
        row
        for row in columns
        if row.default and _LITERAL.fullmatch(row.default) and "binary" not in row.type.lower()
    ]
    if not doubtful or not is_mariadb(connection.dialect):
        return list(columns)
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    asked = ", ".join(
        f"HEX(CONVERT(DEFAULT(t.{quote(row.name)}) USING utf8mb4))" for row in doubtful
    )
    found = connection.exec_driver_sql(
        f"SELECT {asked} FROM (SELECT 1) AS one LEFT JOIN {address} AS t ON FALSE",
        None,
        {"no_parameters": True},
    ).one()
    exact = {
        row.name: _literal(bytes.fromhex(text).decode())
        for row, text in zip(doubtful, found, strict=True)
        if text is not None
    }
    return [replace(row, default=exact.get(row.name, row.default)) for row in columns]


def _literal(text: str) -> str:
    """A string as the server spells it."""
    return "'" + "".join(_ESCAPED.get(letter, letter) for letter in text) + "'"
