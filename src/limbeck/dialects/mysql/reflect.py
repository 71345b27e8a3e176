"""The database's side of a comparison: catalogue rows as facts."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from limbeck.dialects.mysql.exact_defaults import text_of_table, with_exact_defaults
from limbeck.dialects.mysql.exact_values import is_doubtful, with_exact_values
from limbeck.dialects.mysql.information_schema import read_catalogue
from limbeck.dialects.mysql.normalise import index_options, normal_action
from limbeck.dialects.mysql.show_create import read_table
from limbeck.dialects.mysql.sql_tokens import canonical
from limbeck.dialects.mysql.table_options import named
from limbeck.dialects.mysql.types import canonical_default, canonical_type
from limbeck.dialects.text import plain_dialect
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    ConstraintFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Dialect

    from limbeck.dialects.mysql.rows import (
        ColumnRow,
        ElementRow,
        ForeignKeyRow,
        IndexRow,
        TableRows,
    )
    from limbeck.facts.scope import Scope


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Every table in the schemas of ``scope``."""
    schemas = [scope.real_schema(schema) for schema in scope.schemas]
    found = read_catalogue(connection, schemas) if schemas else {}
    for (schema, name), rows in found.items():
        _say_in_full(connection, schema, name, rows)
    reader = RowsReader(connection.dialect, scope)
    tables = [reader.table(scope.key(schema, name), rows) for (schema, name), rows in found.items()]
    return scope.filtered(SchemaFact(tables=tuple(sorted(tables, key=lambda t: t.key.pair()))))


def _say_in_full(connection: Connection, schema: str, name: str, rows: TableRows) -> None:
    """Give back to texts the letters that ``information_schema`` has not.

    It is in utf8mb3, and has question marks in place of what takes four bytes
    (https://mariadb.com/kb/en/information-schema-columns-table/). The text of the table has all
    but those of defaults that are a string and of the values of an ENUM or a SET.
    """
    if not any(map(_lacks_letters, rows.columns)) and not any(
        "?" in row.condition for row in rows.checks
    ):
        return
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    address = f"{quote(schema)}.{quote(name)}"
    full = read_table(text_of_table(connection, address))
    known = {row.name: row for row in full.columns}
    rows.columns = [
        replace(row, default=known[row.name].default, generated=known[row.name].generated)
        if row.name in known
        else row
        for row in rows.columns
    ]
    rows.columns = with_exact_defaults(connection, schema, name, rows.columns)
    rows.columns = with_exact_values(connection, schema, name, rows.columns)
    conditions = {(row.name, row.column): row.condition for row in full.checks}
    rows.checks = [
        replace(row, condition=conditions.get((row.name, row.column), row.condition))
        for row in rows.checks
    ]


@lru_cache(maxsize=4096)
def _lacks_letters(row: ColumnRow) -> bool:
    """Whether a letter that is there may be missing in what is said of a column."""
    texts = (row.default, row.generated, row.type if is_doubtful(row.type) else None)
    return any(text is not None and "?" in text for text in texts)


class RowsReader:
    """Makes facts of rows."""

    def __init__(self, dialect: Dialect, scope: Scope) -> None:
        self.dialect = dialect
        self.scope = scope

    def table(self, key: TableKey, rows: TableRows) -> TableFact:
        """A table with all that belongs to it.

        A unique constraint and a unique index are the same thing here. What is made of whole
        columns is said to be a constraint; see ``settle.py`` for models that say index.
        """
        primary = None
        constraints: list[ConstraintFact] = [self.foreign_key(row) for row in rows.foreign_keys]
        indexes: list[IndexFact] = []
        for row in rows.indexes:
            if row.name == "PRIMARY":
                primary = PrimaryKeyFact(None, _columns(row))
            elif row.unique and row.is_plain:
                constraints.append(unique_fact(row))
            else:
                indexes.append(self.index(row))
        constraints += self.checks(rows)
        return TableFact(
            key=key,
            columns=tuple([column_fact(row, rows) for row in rows.columns]),
            primary_key=primary,
            constraints=in_order(constraints),
            indexes=indexes_in_order(indexes),
            comment=rows.comment or None,
            options=named(self.dialect.name, rows.options),
            defaults=named(self.dialect.name, rows.defaults),
        )

    def foreign_key(self, row: ForeignKeyRow) -> ForeignKeyFact:
        """A foreign key."""
        return ForeignKeyFact(
            name=row.name,
            columns=row.columns,
            referred=self.scope.key(row.schema, row.table),
            referred_columns=row.referred_columns,
            onupdate=normal_action(row.on_update),
            ondelete=normal_action(row.on_delete),
        )

    def index(self, row: IndexRow) -> IndexFact:
        """An index that is not a unique constraint."""
        return IndexFact(
            name=row.name,
            elements=tuple(_element(element) for element in row.elements),
            unique=row.unique,
            options=index_options(self.dialect.name, row.prefix),
        )

    @staticmethod
    def checks(rows: TableRows) -> Iterator[CheckFact]:
        """The CHECKs, without those that make a LONGTEXT a JSON.

        One that stands in the definition of a column has no name of its own.
        """
        for row in rows.checks:
            condition = canonical(row.condition)
            if row.column is None:
                yield CheckFact(row.name, condition)
            elif condition != f"json_valid({canonical(_quoted(row.column))})":
                yield CheckFact(None, condition)


def column_fact(row: ColumnRow, rows: TableRows) -> ColumnFact:
    """A column."""
    if not _is_json(row, rows):
        return _usual_column(row, rows.collation)
    return _column_of_type(row, "json", None)


@lru_cache(maxsize=4096)
def _usual_column(row: ColumnRow, collation: str | None) -> ColumnFact:
    """A column in a table of a collation: many tables have the same."""
    kind = canonical_type(row.type)
    return _column_of_type(row, kind, None if kind == "json" else row.collation or collation)


def _column_of_type(row: ColumnRow, kind: str, collation: str | None) -> ColumnFact:
    text = row.default
    if row.on_update is not None:
        text = f"{text or 'NULL'} on update {row.on_update}"
    generated = row.generated is not None
    return ColumnFact(
        name=row.name,
        type=kind,
        nullable=row.nullable,
        default=None if text is None or generated else canonical_default(text, kind),
        computed=ComputedFact(canonical(row.generated), row.stored) if row.generated else None,
        autoincrement=row.auto_increment,
        collation=collation,
        comment=row.comment or None,
    )


def unique_fact(row: IndexRow) -> UniqueFact:
    """A unique constraint."""
    return UniqueFact(row.name, _columns(row))


def _is_json(row: ColumnRow, rows: TableRows) -> bool:
    """JSON is a LONGTEXT with a CHECK: https://mariadb.com/kb/en/json-data-type/."""
    if not row.type.lower().startswith("longtext"):
        return False
    wanted = f"json_valid({canonical(_quoted(row.name))})"
    return any(c.column == row.name and canonical(c.condition) == wanted for c in rows.checks)


def _columns(row: IndexRow) -> tuple[str, ...]:
    return tuple(element.column or "" for element in row.elements)


def _element(row: ElementRow) -> str:
    text = row.column if row.column is not None else canonical(row.expression or "")
    length = "" if row.length is None else f"({row.length})"
    return f"{text}{length} DESC" if row.descending else f"{text}{length}"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
