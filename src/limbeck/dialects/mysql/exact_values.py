"""The values of ENUM and SET columns that MariaDB says with question marks, as they are.

``information_schema`` and ``SHOW CREATE TABLE`` spell them in utf8mb3, where what takes four bytes
has no place. A row that is given a value by its number has all of it: a temporary table of the same
columns gets one. https://mariadb.com/kb/en/enum/, https://mariadb.com/kb/en/set-data-type/
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from limbeck.dialects.mysql.features import is_mariadb
from limbeck.dialects.mysql.string_literals import STRING, meant, spelled
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.mysql.rows import ColumnRow

_LISTS = re.compile(r"(enum|set)\s*\(", re.IGNORECASE)
_SCRATCH = "limbeck_scratch_values"


def values_of(type_text: str) -> list[str]:
    """The values of an ENUM or a SET.

    :param type_text: the type, as the server spells it.
    """
    return [meant(each) for each in STRING.findall(type_text)]


def is_doubtful(type_text: str) -> bool:
    """Whether a type has values with question marks, which may stand for other letters."""
    return "?" in type_text and _LISTS.match(type_text) is not None


def with_exact_values(
    connection: Connection, schema: str, table: str, columns: Sequence[ColumnRow]
) -> list[ColumnRow]:
    """The columns of a table with every value of their types.

    Who may not create temporary tables has to do with the question marks.

    :param schema: where the table is, "" for the default schema.
    """
    doubtful = [row for row in columns if is_doubtful(row.type)]
    if not doubtful or not is_mariadb(connection.dialect):
        return list(columns)
    found = _inserted(connection, schema, table, doubtful)
    return [replace(row, type=found.get(row.name, row.type)) for row in columns]


def _inserted(
    connection: Connection, schema: str, table: str, rows: Sequence[ColumnRow]
) -> dict[str, str]:
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    lead = f"{quote(schema)}." if schema else ""
    names, copy = ", ".join(quote(row.name) for row in rows), lead + _SCRATCH

    def run(statement: str) -> list[tuple[Any, ...]]:
        done = connection.exec_driver_sql(statement, None, {"no_parameters": True})
        return [tuple(row) for row in done] if done.returns_rows else []

    try:
        run(f"CREATE TEMPORARY TABLE {copy} AS SELECT {names} FROM {lead}{quote(table)} LIMIT 0")
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        return {}
    counts = [len(values_of(row.type)) for row in rows]
    numbers = (
        ", ".join(_number(row, min(place, count)) for row, count in zip(rows, counts, strict=True))
        for place in range(1, max(counts) + 1)
    )
    run(f"INSERT INTO {copy} ({names}) VALUES {', '.join(f'({each})' for each in numbers)}")
    asked = ", ".join(_number_and_text(quote(row.name)) for row in rows)
    given = run(f"SELECT {asked} FROM {copy}")
    run(f"DROP TEMPORARY TABLE {copy}")
    return {
        row.name: _type_text(row, {(r[2 * place], r[2 * place + 1]) for r in given})
        for place, row in enumerate(rows)
    }


def _number(row: ColumnRow, place: int) -> str:
    """What a value is stored as: its place, or the bit of its place."""
    return str(place if row.type.lower().startswith("enum") else 1 << (place - 1))


def _number_and_text(column: str) -> str:
    return f"CAST({column} AS UNSIGNED), HEX(CONVERT({column} USING utf8mb4))"


def _type_text(row: ColumnRow, found: Iterable[tuple[int, str]]) -> str:
    values = ",".join(spelled(bytes.fromhex(text).decode()) for _, text in sorted(found))
    return f"{row.type.partition('(')[0]}({values})"
