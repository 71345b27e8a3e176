"""Models as the server would say them: temporary tables, read back from SHOW CREATE TABLE.

``CREATE TEMPORARY TABLE`` commits nothing, where ``CREATE INDEX`` would
(https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html), so each table is made by one
statement with its indexes inside, and without foreign keys, which temporary tables cannot have.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, exc
from sqlalchemy.schema import CreateIndex, CreateTable

from limbeck.dialects.mysql.exact_defaults import text_of_table, with_exact_defaults
from limbeck.dialects.mysql.exact_values import with_exact_values
from limbeck.dialects.mysql.normalise import MysqlWords, as_stored
from limbeck.dialects.mysql.reflect import RowsReader
from limbeck.dialects.mysql.show_create import read_table
from limbeck.dialects.standard.describe import describe_table, unique_items
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    IndexFact,
    TableFact,
    UniqueFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from limbeck.dialects.mysql.rows import TableRows
    from limbeck.facts.scope import Scope

_ACCESS_DENIED = frozenset((1044, 1045, 1142, 1227))
_INDEX = re.compile(r"CREATE\s+(.*?)INDEX\s+(.*)", re.DOTALL)

Conditions = dict[tuple[str | None, str], str]
"""Conditions of CHECKs in the server's words, by name and by the text that the models have."""


def on_scratch(
    connection: Connection, tables: Sequence[Table], scope: Scope
) -> tuple[TableFact, ...]:
    """Create ``tables`` as temporary tables and read them back.

    :return: a fact for each of ``tables`` that could be built, in their order.
    :raises ScratchImpossible: the user may not create temporary tables.
    """
    words = MysqlWords(connection.dialect, scope)
    reader = RowsReader(connection.dialect, scope)
    found = []
    for number, table in enumerate(tables):
        rows = _built(connection, table, f"limbeck_scratch_{number}", words)
        if rows is not None:
            described = as_stored(describe_table(words, table), words.dialect)
            stored = reader.table(described.key, rows)
            conditions = _conditions(table, words, list(reader.checks(rows)))
            found.append(_in_server_words(described, stored, conditions))
    return tuple(found)


def _built(connection: Connection, table: Table, name: str, words: MysqlWords) -> TableRows | None:
    """What the server says of a table that exists for a moment, None where it cannot be built."""
    quote = words.dialect.identifier_preparer.quote
    schema = words.scope.real_schema(words.scope.key(table.schema, table.name).schema)
    address = f"{quote(schema)}.{quote(name)}" if schema else quote(name)
    try:
        created = scratch_text(table, address, words)
        connection.exec_driver_sql(created, None, {"no_parameters": True})
        rows = read_table(text_of_table(connection, address))
        rows.columns = with_exact_defaults(connection, schema, name, rows.columns)
        rows.columns = with_exact_values(connection, schema, name, rows.columns)
        connection.exec_driver_sql(f"DROP TEMPORARY TABLE {address}")
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise
        code = error.orig.args[0] if error.orig is not None and error.orig.args else None
        if code in _ACCESS_DENIED:
            raise ScratchImpossible("the user may not create temporary tables") from None
        return None
    return rows


def scratch_text(table: Table, address: str, words: MysqlWords) -> str:
    """The statement that makes a temporary copy of a table, indexes included."""
    dialect = words.dialect
    preparer = dialect.identifier_preparer
    real = preparer.format_table(table)
    created = str(CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=dialect))
    _, _, body = created.partition(f"TABLE {real} (")
    inside = []
    for index in unique_items(table.indexes):
        if not words.is_created(index) or words.index_option(index, "prefix"):
            continue  # a temporary InnoDB table takes no FULLTEXT index
        match = _INDEX.search(str(CreateIndex(index).compile(dialect=dialect)))
        if match is not None:
            kind, definition = match.groups()
            inside.append(f"{kind}INDEX {definition.replace(f' ON {real}', '', 1)}")
    # The grammar takes indexes before columns. The driver gets the text without parameters, as no
    # percent sign in it is doubled.
    lead = "".join(f"\n\t{each}, " for each in inside)
    return f"CREATE TEMPORARY TABLE {address} ({lead}{body}"


def _in_server_words(described: TableFact, stored: TableFact, conditions: Conditions) -> TableFact:
    """What the models say, in the words of ``stored`` wherever it has the same object."""
    columns = {column.name.lower(): column for column in stored.columns}
    indexes = {index.name: index for index in stored.indexes}
    uniques = {c.name: c for c in stored.constraints if isinstance(c, UniqueFact)}
    return replace(
        described,
        columns=tuple(_column(c, columns.get(c.name.lower())) for c in described.columns),
        constraints=in_order(
            replace(c, condition=conditions.get((c.name, c.condition), c.condition))
            if isinstance(c, CheckFact)
            else c
            for c in described.constraints
        ),
        indexes=indexes_in_order(_index(each, indexes, uniques) for each in described.indexes),
    )


def _index(
    described: IndexFact,
    indexes: dict[str | None, IndexFact],
    uniques: dict[str | None, UniqueFact],
) -> IndexFact:
    stored = indexes.get(described.name)
    if stored is not None:
        return replace(stored, source=described.source)
    unique = uniques.get(described.name)
    return described if unique is None else replace(described, elements=unique.columns)


def _column(described: ColumnFact, stored: ColumnFact | None) -> ColumnFact:
    if stored is None:
        return described
    return replace(
        stored,
        name=described.name,
        collation=stored.collation if described.collation is not None else None,
        comment=described.comment,
        source=described.source,
    )


def _conditions(table: Table, words: MysqlWords, stored: Sequence[CheckFact]) -> Conditions:
    """What the server made of the CHECKs of ``table``.

    Those without a name are told apart by their order: first those that stand in columns, then the
    others as SQLAlchemy writes them, which the server numbers.
    """
    inside = [each for column in table.columns for each in column.constraints]
    others = sorted(table.constraints, key=lambda constraint: constraint._creation_order)
    checks = [c for c in (*inside, *others) if isinstance(c, CheckConstraint)]
    mine = [(words.constraint_name(c), words.condition(c)) for c in checks if words.is_created(c)]
    names = {name for name, _ in mine if name is not None}
    found = {(check.name, None): check.condition for check in stored if check.name in names}
    conditions: Conditions = {
        (name, text): found.get((name, None), text) for name, text in mine if name is not None
    }
    unnamed = [text for name, text in mine if name is None]
    read = [check.condition for check in stored if check.name is None]
    read += [c.condition for c in stored if c.name is not None and c.name not in names]
    if len(unnamed) == len(read):
        conditions.update({(None, text): new for text, new in zip(unnamed, read, strict=True)})
    return conditions
