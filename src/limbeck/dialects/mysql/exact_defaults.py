"""Defaults that MariaDB says with question marks, as they are, and texts of tables without harm.

``information_schema`` and ``SHOW CREATE TABLE`` spell a string that is a default in utf8mb3, where
what takes four bytes has no place. ``DEFAULT(column)`` has all of it, also over no row, unless the
column may not be null: https://mariadb.com/kb/en/default/

A binary string stands in ``SHOW CREATE TABLE`` with its very bytes. They need be no text, and then
drivers that expect one stumble over them, and ``information_schema`` has question marks again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exc

from limbeck.dialects.mysql.features import is_mariadb
from limbeck.dialects.mysql.string_literals import STRING, meant, spelled
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.mysql.rows import ColumnRow

_BYTE = re.compile("[\udc80-\udcff]")
"""A byte that is no part of a text, as Python decodes it with "surrogateescape"."""
_SCRATCH = "limbeck_scratch_defaults"


def text_of_table(connection: Connection, address: str) -> str:
    """What ``SHOW CREATE TABLE`` says; bytes that are no text are lone surrogates in it.

    :param address: the table's name, as SQL spells it.
    """
    asked = f"SHOW CREATE TABLE {address}"
    if is_mariadb(connection.dialect):
        # As bytes, which no driver decodes: https://mariadb.com/kb/en/set-statement/
        asked = f"SET STATEMENT character_set_results = binary FOR {asked}"
    found = connection.exec_driver_sql(asked, None, {"no_parameters": True}).one()[1]
    return found if isinstance(found, str) else bytes(found).decode(errors="surrogateescape")


def readable(text: str) -> str:
    """A text of a table with question marks for the bytes that are no text."""
    return _BYTE.sub("?", text)


def is_no_text(default: str | None) -> bool:
    """Whether a default is a binary string that cannot be written as text."""
    return default is not None and default.startswith("x'")


def with_exact_defaults(
    connection: Connection, schema: str, table: str, columns: Sequence[ColumnRow]
) -> list[ColumnRow]:
    """The columns of a table, as its text has them, with what is not in that text.

    :param schema: where the table is, "" for the default schema.
    """
    exact = {
        row.name: _literal(meant(row.default).encode(errors="surrogateescape"))
        for row in columns
        if row.default and _BYTE.search(row.default)
    }
    doubtful = [row for row in columns if _is_doubtful(row)]
    if doubtful and is_mariadb(connection.dialect):
        quote = plain_dialect(connection.dialect).identifier_preparer.quote
        lead = f"{quote(schema)}." if schema else ""
        open_to_null = [row for row in doubtful if row.nullable]
        exact |= _asked(connection, lead + quote(table), open_to_null)
        exact |= _inserted(connection, lead, quote(table), [r for r in doubtful if not r.nullable])
    return [replace(row, default=exact.get(row.name, row.default)) for row in columns]


def _is_doubtful(row: ColumnRow) -> bool:
    text = row.default or ""
    return "?" in text and bool(STRING.fullmatch(text)) and "binary" not in row.type.lower()


def _asked(connection: Connection, address: str, rows: Sequence[ColumnRow]) -> dict[str, str]:
    """The defaults of columns that may be null."""
    if not rows:
        return {}
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    asked = ", ".join(_in_utf8(f"DEFAULT(t.{quote(row.name)})") for row in rows)
    found = connection.exec_driver_sql(
        f"SELECT {asked} FROM (SELECT 1) AS one LEFT JOIN {address} AS t ON FALSE",
        None,
        {"no_parameters": True},
    ).one()
    return _by_name(rows, found)


def _inserted(
    connection: Connection, lead: str, table: str, rows: Sequence[ColumnRow]
) -> dict[str, str]:
    """The defaults of columns that may not be null: what a row gets in a temporary table of them.

    :param lead: the schema and a dot, as SQL spells them, or nothing.
    """
    if not rows:
        return {}
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    names, copy = ", ".join(quote(row.name) for row in rows), lead + _SCRATCH
    asked = ", ".join(_in_utf8(quote(row.name)) for row in rows)

    def run(statement: str) -> None:
        connection.exec_driver_sql(statement, None, {"no_parameters": True})

    try:
        run(f"CREATE TEMPORARY TABLE {copy} AS SELECT {names} FROM {lead}{table} LIMIT 0")
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return {}  # who may not create one has to do with the question marks
    run(f"INSERT INTO {copy} () VALUES ()")
    found = connection.exec_driver_sql(
        f"SELECT {asked} FROM {copy}", None, {"no_parameters": True}
    ).one()
    run(f"DROP TEMPORARY TABLE {copy}")
    return _by_name(rows, found)


def _in_utf8(value: str) -> str:
    return f"HEX(CONVERT({value} USING utf8mb4))"


def _by_name(rows: Sequence[ColumnRow], found: Sequence[str | None]) -> dict[str, str]:
    pairs = zip(rows, found, strict=True)
    return {row.name: _literal(bytes.fromhex(text)) for row, text in pairs if text is not None}


def _literal(default: bytes) -> str:
    """A string as the server spells it, or in hexadecimal digits where it is no text."""
    try:
        return spelled(default.decode())
    except UnicodeDecodeError:
        return f"x'{default.hex()}'"
