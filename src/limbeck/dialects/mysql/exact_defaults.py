"""Defaults that MariaDB says with question marks, as they are, and texts of tables without harm.

``information_schema`` and ``SHOW CREATE TABLE`` spell a string that is a default in utf8mb3, where
what takes four bytes has no place, and neither has a binary string that is no text. The latter
stands in ``SHOW CREATE TABLE`` with its very bytes, over which drivers stumble that expect text.
``DEFAULT(column)`` has all of it, also over no row: https://mariadb.com/kb/en/default/
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
_NO_TEXT = re.compile(r"[\udc80-\udcff]")
_ESCAPED = {"\0": r"\0", "\n": r"\n", "\r": r"\r", "\\": r"\\", "'": "''"}


def text_of_table(connection: Connection, address: str) -> str:
    """What ``SHOW CREATE TABLE`` says, with a question mark for each byte that is no text.

    :param address: the table's name, as SQL spells it.
    """
    asked = f"SHOW CREATE TABLE {address}"
    if is_mariadb(connection.dialect):
        # As bytes, which no driver decodes: https://mariadb.com/kb/en/set-statement/
        asked = f"SET STATEMENT character_set_results = binary FOR {asked}"
    found = connection.exec_driver_sql(asked, None, {"no_parameters": True}).one()[1]
    if isinstance(found, str):
        return found
    return _NO_TEXT.sub("?", bytes(found).decode(errors="surrogateescape"))


def with_exact_defaults(
    connection: Connection, address: str, columns: Sequence[ColumnRow]
) -> list[ColumnRow]:
    """The columns of a table, with what the question marks in their defaults stand for.

    :param address: the table's name, as SQL spells it.
    """
    doubtful = [row for row in columns if row.default and _LITERAL.fullmatch(row.default)]
    if not doubtful or not is_mariadb(connection.dialect):
        return list(columns)
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    asked = ", ".join(_bytes_of(row, f"DEFAULT(t.{quote(row.name)})") for row in doubtful)
    found = connection.exec_driver_sql(
        f"SELECT {asked} FROM (SELECT 1) AS one LEFT JOIN {address} AS t ON FALSE",
        None,
        {"no_parameters": True},
    ).one()
    exact = {
        row.name: _literal(bytes.fromhex(text))
        for row, text in zip(doubtful, found, strict=True)
        if text is not None
    }
    return [replace(row, default=exact.get(row.name, row.default)) for row in columns]


def _bytes_of(row: ColumnRow, default: str) -> str:
    """SQL for the bytes of a default: of text those in UTF-8."""
    return f"HEX({default if is_binary(row.type) else f'CONVERT({default} USING utf8mb4)'})"


def is_binary(type_text: str) -> bool:
    """Whether a type is one of binary strings with defaults that are literals."""
    return type_text.lower().startswith(("binary", "varbinary"))


def is_no_text(default: str | None) -> bool:
    """Whether a default is a binary string that cannot be written as text."""
    return default is not None and default.startswith("x'")


def _literal(default: bytes) -> str:
    """A string as the server spells it, or in hexadecimal digits where it is no text."""
    try:
        text = default.decode()
    except UnicodeDecodeError:
        return f"x'{default.hex()}'"
    return "'" + "".join(_ESCAPED.get(letter, letter) for letter in text) + "'"
