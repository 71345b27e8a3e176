"""``information_schema`` in bulk: seven statements, however many tables there are."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from limbeck.dialects.mysql.features import (
    indexes_expressions,
    is_mariadb,
    lists_checks,
    lists_column_checks,
)
from limbeck.dialects.mysql.quoted_rows import NOTHING, quoted, values_of
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
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

Tables = dict[tuple[str, str], TableRows]
"""Tables by schema and name, as the server spells both."""

# Each row is two texts, the table and what is said: see quoted_rows.
_TABLE = quoted("table_schema", "table_name")
_TABLES = f"""
SELECT {quoted("t.table_schema", "t.table_name")}, {
    quoted(
        "t.table_collation",
        "t.table_comment",
        "t.engine",
        "t.row_format",
        "t.create_options",
        "s.default_collation_name",
        "@@default_storage_engine",
    )
}
FROM information_schema.tables t
JOIN information_schema.schemata s ON s.schema_name = t.table_schema
WHERE t.table_schema IN :schemas AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
"""
_PARTITIONS = f"""
SELECT {_TABLE}, {
    quoted(
        "partition_method",
        "partition_expression",
        "partition_name",
        "partition_description",
    )
}
FROM information_schema.partitions
WHERE table_schema IN :schemas AND partition_name IS NOT NULL AND subpartition_name IS NULL
ORDER BY table_schema, table_name, partition_ordinal_position
"""
_COLUMNS = f"""
SELECT {_TABLE}, {
    quoted(
        "column_name",
        "column_type",
        "is_nullable",
        "column_default",
        "extra",
        "generation_expression",
        "collation_name",
        "column_comment",
    )
}
FROM information_schema.columns
WHERE table_schema IN :schemas
ORDER BY table_schema, table_name, ordinal_position
"""
_INDEXES = f"""
SELECT {_TABLE}, {
    quoted(
        "index_name",
        "non_unique",
        "index_type",
        "column_name",
        "sub_part",
        "collation",
        "index_comment",
        "{expression}",
    )
}
FROM information_schema.statistics
WHERE table_schema IN :schemas
ORDER BY table_schema, table_name, index_name, seq_in_index
"""
_KEY_COLUMNS = f"""
SELECT {_TABLE}, {
    quoted(
        "constraint_name",
        "column_name",
        "referenced_table_schema",
        "referenced_table_name",
        "referenced_column_name",
    )
}
FROM information_schema.key_column_usage
WHERE table_schema IN :schemas AND referenced_table_name IS NOT NULL
ORDER BY table_schema, table_name, constraint_name, ordinal_position
"""
_ACTIONS = f"""
SELECT {quoted("constraint_schema", "table_name")}, {
    quoted("constraint_name", "update_rule", "delete_rule")
}
FROM information_schema.referential_constraints
WHERE constraint_schema IN :schemas
"""
# MariaDB has names of CHECKs for each table, MySQL for each schema.
_CHECKS_MARIADB = f"""
SELECT {quoted("constraint_schema", "table_name")}, {
    quoted("constraint_name", "check_clause", "{level}")
}
FROM information_schema.check_constraints
WHERE constraint_schema IN :schemas
"""
_CHECKS_MYSQL = f"""
SELECT {quoted("c.constraint_schema", "t.table_name")}, {
    quoted("c.constraint_name", "c.check_clause", "{level}")
}
FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t
  ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
WHERE c.constraint_schema IN :schemas AND t.constraint_type = 'CHECK'
"""
_CHARSET_WORDS = re.compile(r"\s+(?:CHARACTER SET|COLLATE)\s+\w+", re.IGNORECASE)


def read_catalogue(connection: Connection, schemas: Sequence[str]) -> Tables:
    """Everything in ``schemas``.

    :param schemas: names of schemas, as the server spells them.
    """
    mariadb = is_mariadb(connection.dialect)

    def rows(statement: str) -> Iterable[Any]:
        query = text(statement).bindparams(bindparam("schemas", expanding=True))
        return connection.execute(query, {"schemas": list(schemas)})

    tables = _tables(rows(_TABLES), rows(_PARTITIONS))
    known: dict[str, ColumnRow] = {}  # the same columns are in many tables
    for table, said in rows(_COLUMNS):
        if table in tables:
            if said not in known:
                known[said] = _column(values_of(said), mariadb)
            tables[table].columns.append(known[said])
    has_expressions = indexes_expressions(connection.dialect)
    expression = "QUOTE(expression)" if has_expressions else NOTHING
    for table, index in _indexes(rows(_INDEXES.format(expression=expression))):
        if table in tables:
            tables[table].indexes.append(index)
    for table, foreign_key in _foreign_keys(rows(_KEY_COLUMNS), rows(_ACTIONS)):
        if table in tables:
            tables[table].foreign_keys.append(foreign_key)
    if lists_checks(connection.dialect):
        level = "QUOTE(level)" if lists_column_checks(connection.dialect) else NOTHING
        checks = _CHECKS_MARIADB if mariadb else _CHECKS_MYSQL
        for table, said in rows(checks.format(level=level)):
            if table in tables:
                values: Any = values_of(said)
                tables[table].checks.append(_check(tables[table], *values, mariadb=mariadb))
    return {_address(table): rows for table, rows in tables.items()}


def _address(table: str) -> tuple[str, str]:
    schema, name = values_of(table)
    return schema or "", name or ""


def _tables(found: Iterable[Any], partitions: Iterable[Any]) -> dict[str, TableRows]:
    """Tables by the text of their schema and name."""
    tables: dict[str, TableRows] = {}
    for table, said in found:
        collation, comment, engine, *rest = values_of(said)
        tables[table] = TableRows(_address(table)[1], collation, comment or "", engine)
        options: Any = rest
        _read_options(tables[table], *options)
    for table, group in groupby(partitions, key=itemgetter(0)):
        if table in tables:
            parts = [values_of(said) for _, said in group]
            tables[table].options.update(_partition_options(parts))
    return tables


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


def _indexes(rows: Iterable[Any]) -> Iterator[tuple[str, IndexRow]]:
    for table, group in groupby(rows, key=itemgetter(0)):
        elements: Iterator[Any] = (values_of(said) for _, said in group)
        for name, each in groupby(elements, key=itemgetter(0)):
            yield table, _index(name, list(each))


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


def _foreign_keys(
    rows: Iterable[Any], actions: Iterable[Any]
) -> Iterator[tuple[str, ForeignKeyRow]]:
    done: dict[tuple[str, str], tuple[str, str]] = {}
    for table, said in actions:
        key, update, delete = values_of(said)
        done[table, key or ""] = (update or "", delete or "")
    for table, group in groupby(rows, key=itemgetter(0)):
        pairs: Iterator[Any] = (values_of(said) for _, said in group)
        for name, each in groupby(pairs, key=itemgetter(0)):
            _, columns, schemas, tables, referred = zip(*each, strict=True)
            update, delete = done.get((table, name), ("RESTRICT", "RESTRICT"))
            yield (
                table,
                ForeignKeyRow(name, columns, schemas[0], tables[0], referred, update, delete),
            )
