"""``information_schema`` in bulk."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from limbeck.dialects.mysql.catalogue_statements import (
    ACTIONS,
    COLUMNS,
    KEY_COLUMNS,
    PARTITIONS,
    TABLES,
    checks,
    indexes,
)
from limbeck.dialects.mysql.features import (
    indexes_expressions,
    is_mariadb,
    lists_checks,
    lists_column_checks,
)
from limbeck.dialects.mysql.quoted_rows import BREAK, values_of
from limbeck.dialects.mysql.rows import (
    CheckRow,
    ColumnRow,
    ElementRow,
    ForeignKeyRow,
    IndexRow,
    TableRows,
)
from limbeck.dialects.mysql.table_options import charset_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.mysql.catalogue_statements import Question

Tables = dict[tuple[str, str], TableRows]
"""Tables by schema and name, as the server spells both."""

_CHARSET_WORDS = re.compile(r"\s+(?:CHARACTER SET|COLLATE)\s+\w+", re.IGNORECASE)


def read_catalogue(connection: Connection, schemas: Sequence[str]) -> Tables:
    """Everything in ``schemas``.

    :param schemas: names of schemas, as the server spells them.
    """
    dialect = connection.dialect
    mariadb = is_mariadb(dialect)
    server = _Server(connection, schemas)
    tables = server.tables()
    if not tables:
        return {}
    for table, rows in server.rows_of(PARTITIONS, tables):
        table.options.update(_partition_options(list(map(values_of, rows))))
    known: dict[str, ColumnRow] = {}  # the same columns are in many tables
    for table, rows in server.rows_of(COLUMNS, tables):
        for said in rows:
            if said not in known:
                known[said] = _column(values_of(said), mariadb)
            table.columns.append(known[said])
    expression = "expression" if indexes_expressions(dialect) else "NULL"
    for table, rows in server.rows_of(indexes(expression), tables):
        table.indexes += _indexes(rows)
    actions: dict[int, list[str]] = {}
    for table, rows in server.rows_of(ACTIONS, tables):
        actions[id(table)] = rows
    for table, rows in server.rows_of(KEY_COLUMNS, tables):
        table.foreign_keys += _foreign_keys(rows, actions.get(id(table), ()))
    if lists_checks(dialect):
        level = "level" if lists_column_checks(dialect) else "NULL"
        for table, rows in server.rows_of(checks(level, mariadb=mariadb), tables):
            for said in rows:
                values: Any = values_of(said)
                table.checks.append(_check(table, *values, mariadb=mariadb))
    return {_address(text): rows for text, rows in tables.items()}


class _Server:
    """Asks about some schemas."""

    def __init__(self, connection: Connection, schemas: Sequence[str]) -> None:
        self._connection = connection
        self._schemas = list(schemas)
        self._room = 0

    def tables(self) -> dict[str, TableRows]:
        """Tables by the text of their schema and name."""
        tables: dict[str, TableRows] = {}
        for table, said, room in self._ask(TABLES):
            collation, comment, engine, *rest = values_of(said)
            tables[table] = TableRows(_address(table)[1], collation, comment or "", engine)
            options: Any = rest
            _read_options(tables[table], *options)
            self._room = int(room)
        return tables

    def rows_of(
        self, question: Question, tables: Mapping[str, TableRows]
    ) -> Iterator[tuple[TableRows, list[str]]]:
        """What is said of each table."""
        for table, rows in self._answers(question):
            if table in tables:
                yield tables[table], rows

    def _answers(self, question: Question) -> Iterable[tuple[str, list[str]]]:
        if self._room >= _USUAL_ROOM:
            found = self._ask(question.together)
            # What has no room is cut: https://mariadb.com/kb/en/group_concat/
            if all(_MOST_BYTES * len(said) < self._room for _, said in found):
                return [(table, said.split(BREAK)) for table, said in found]
        groups = groupby(self._ask(question.row_by_row), key=itemgetter(0))
        return [(table, [said for _, said in group]) for table, group in groups]

    def _ask(self, statement: str) -> Sequence[Any]:
        query = text(statement).bindparams(bindparam("schemas", expanding=True))
        return self._connection.execute(query, {"schemas": self._schemas}).all()


_USUAL_ROOM = 1_000_000
"""Bytes of a text of many rows that are enough for any table: MariaDB's default is 1 MiB."""

_MOST_BYTES = 4
"""Bytes of a letter."""


def _address(table: str) -> tuple[str, str]:
    schema, name = values_of(table)
    return schema or "", name or ""


def _read_options(
    table: TableRows, row_format: str | None, given: str | None, collation: str, engine: str
) -> None:
    """What the table is like, told apart from what every table of its schema is like."""
    own = dict(_GIVEN_OPTION.findall((given or "").lower()))
    own.pop("partitioned", None)
    if row_format and "row_format" not in own:
        table.defaults["row_format"] = row_format.upper()
    own = {n: v.upper() if n == "row_format" else v.strip("'`") for n, v in own.items()}
    table.options.update(own)
    if table.engine is not None:
        usual = table.engine.lower() == engine.lower()
        (table.defaults if usual else table.options)["engine"] = table.engine
    if table.collation is not None:
        place = table.defaults if table.collation == collation else table.options
        place["collate"] = table.collation
        place["charset"] = charset_of(table.collation)


_GIVEN_OPTION = re.compile(r"`?(\w+)`?=('[^']*'|\S+)")


def _partition_options(rows: Sequence[Any]) -> dict[str, str]:
    """``PARTITION BY`` of a table, with its partitions where they have bounds."""
    method, expression, _, _ = rows[0]
    words = f"{method} ({expression or ''})"
    bounds = {"RANGE": "VALUES LESS THAN", "LIST": "VALUES IN"}.get(method.partition(" ")[0])
    if bounds is None:
        return {"partition_by": words, "partitions": str(len(rows))}
    parts = [
        f"PARTITION `{name}` {bounds} {value if value == 'MAXVALUE' else f'({value})'}"
        for _, _, name, value in rows
    ]
    return {"partition_by": f"{words} ({', '.join(parts)})"}


def _column(row: Sequence[Any], mariadb: bool) -> ColumnRow:
    name, kind, nullable, default, extra, generated, collation, comment = row
    words = (extra or "").lower()
    on_update = re.search(r"on update (\S+)", words)
    if default is not None and not mariadb:
        default = _mysql_default(default, kind, words)
    return ColumnRow(
        name=name,
        type=_CHARSET_WORDS.sub("", kind),
        nullable=nullable == "YES",
        default=None if generated else default,
        on_update=on_update.group(1) if on_update else None,
        generated=_plain(generated) if generated else None,
        stored="stored" in words or "persistent" in words,
        auto_increment="auto_increment" in words,
        collation=collation,
        comment=comment or "",
    )


def _check(
    table: TableRows, name: str, condition: str, level: str | None, *, mariadb: bool
) -> CheckRow:
    """A CHECK; a server that does not say where it stands calls it like its column."""
    in_column = level == "Column" or (
        mariadb and level is None and any(column.name == name for column in table.columns)
    )
    return CheckRow(name, _plain(condition), name if in_column else None)


def _plain(expression: str) -> str:
    """An expression without the backslashes with which MySQL keeps its quotes."""
    return expression.replace("\\'", "'") if re.search(r"_\w+\\'", expression) else expression


def _mysql_default(default: str, kind: str, extra: str) -> str:
    """MySQL leaves the quotes of a literal out, and marks an expression in EXTRA instead."""
    if "default_generated" in extra or re.match(r"(?:b|x)'", default):
        return default
    if kind.lower().startswith(("timestamp", "datetime")) and default.upper().startswith("CURRENT"):
        return default
    return "'" + default.replace("'", "''") + "'"


def _indexes(rows: Iterable[str]) -> Iterator[IndexRow]:
    for name, each in groupby(map(values_of, rows), key=itemgetter(0)):
        yield _index(name or "", list(each))


def _index(name: str, rows: Sequence[Any]) -> IndexRow:
    """An index of its elements, each with what is said of the whole."""
    _, other, kind, _, _, _, comment, _ = rows[0]
    # A FULLTEXT index has a length for nothing; SPATIAL ones count bytes of their own.
    has_lengths = kind not in ("FULLTEXT", "SPATIAL", "RTREE")
    elements = [
        ElementRow(
            column, expression, int(length) if length and has_lengths else None, order == "D"
        )
        for _, _, _, column, length, order, _, expression in rows
    ]
    return IndexRow(name, not int(other), tuple(elements), kind, comment or "")


def _foreign_keys(rows: Iterable[str], actions: Iterable[str]) -> Iterator[ForeignKeyRow]:
    done: dict[str | None, Any] = {name: each for name, *each in map(values_of, actions)}
    pairs: Iterator[Any] = map(values_of, rows)
    for name, each in groupby(pairs, key=itemgetter(0)):
        _, columns, schemas, tables, referred = zip(*each, strict=True)
        update, delete = done.get(name, ("RESTRICT", "RESTRICT"))
        yield ForeignKeyRow(name, columns, schemas[0], tables[0], referred, update, delete)
