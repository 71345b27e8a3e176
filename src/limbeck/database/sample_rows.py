"""Rows for tables that nobody has filled, and the values that are found in them afterwards.

The database decides which rows there are: each is tried in a savepoint, and left out where a
constraint refuses it. There are a few plain rows, one that is as empty as may be, and one for each
odd value of each column (:mod:`limbeck.database.sample_values`); nothing is random.
"""

from __future__ import annotations

import itertools
import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SAWarning

from limbeck.database.row_filler import Filler
from limbeck.database.transaction import own_transaction
from limbeck.facts.objects import SchemaFact, TableFact, TableKey
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

Rows = tuple[Mapping[str, str], ...]
"""Rows as values in words that can be compared, by the names of their columns."""


class TableValues(Value):
    """What is in one table.

    :param key: the table.
    :param rows: its rows.
    """

    key: TableKey
    rows: Rows = field(repr=False)


def fill(
    connection: Connection, schema: SchemaFact, keys: Iterable[TableKey], *, odd: bool
) -> frozenset[TableKey]:
    """Put rows into tables, and into those that they refer to.

    :param connection: not in a transaction.
    :param schema: the database's schema.
    :param keys: the tables.
    :param odd: put odd values in as well as plain ones, and nothing where that is allowed.
    :return: the tables that have rows now.
    """
    wanted = _with_referred(schema, keys)
    tables = _reflected(connection, wanted)
    facts = {table.key: table for table in schema.tables}
    filled: set[TableKey] = set()
    transaction = own_transaction(connection)
    transaction.begin()
    with transaction:
        for table in tables:
            key = TableKey(table.schema or "", table.name)
            if Filler(connection, table, facts[key]).fill(odd=odd):
                filled.add(key)
    return frozenset(filled)


def is_empty(connection: Connection, keys: Iterable[TableKey]) -> bool:
    """Whether none of the tables has a row.

    :param connection: not in a transaction.
    :param keys: the tables.
    """
    sources = [sa.table(key.name, schema=key.schema or None) for key in sorted(keys)]
    found = any(
        connection.execute(sa.select(sa.literal(1)).select_from(source).limit(1)).first()
        for source in sources
    )
    if connection.in_transaction():
        connection.rollback()
    return not found


def empty(connection: Connection, schema: SchemaFact, keys: Iterable[TableKey]) -> bool:
    """Delete every row of some tables, those that refer to others first.

    :param connection: not in a transaction.
    :param schema: the database's schema.
    :param keys: the tables.
    :return: whether it could be done.
    """
    wanted = frozenset(keys)
    # SQLAlchemy puts tables in order only together with those that they refer to
    tables = [
        table
        for table in _reflected(connection, _with_referred(schema, wanted))
        if TableKey(table.schema or "", table.name) in wanted
    ]
    transaction = own_transaction(connection)
    transaction.begin()
    try:
        with transaction:
            for table in reversed(tables):
                connection.execute(table.delete())
    except DBAPIError:  # tables that refer to each other in a circle, or a trigger
        return False
    return True


def values_of(connection: Connection, tables: Iterable[TableFact]) -> tuple[TableValues, ...]:
    """What is in tables.

    :param connection: not in a transaction.
    :param tables: the tables as they are now.
    """
    found = []
    for table in tables:
        names = [column.name for column in table.columns]
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
        source = sa.table(table.key.name, *columns, schema=table.key.schema or None)
        rows = connection.execute(sa.select(source)).all()
        found.append(
            TableValues(
                table.key,
                tuple(dict(zip(names, map(_words, row), strict=True)) for row in rows),
            )
        )
    if connection.in_transaction():
        connection.rollback()
    return tuple(found)


def _words(value: Any) -> str:
    """A value as text, the same for values that are the same."""
    if isinstance(value, memoryview | bytearray):
        value = bytes(value)
    if isinstance(value, Decimal) and value.is_finite():
        value = value.normalize() + 0
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, default=repr)
    if isinstance(value, set | frozenset):
        return repr(sorted(value))
    return repr(value)


NULL = _words(None)
"""What stands for no value."""


def _with_referred(schema: SchemaFact, keys: Iterable[TableKey]) -> frozenset[TableKey]:
    facts = {table.key: table for table in schema.tables}
    wanted: set[TableKey] = set()
    waiting = [key for key in keys if key in facts]
    while waiting:
        key = waiting.pop()
        if key in wanted:
            continue
        wanted.add(key)
        waiting += [
            fact.referred
            for fact in facts[key].constraints
            if hasattr(fact, "referred") and fact.referred in facts
        ]
    return frozenset(wanted)


def _reflected(connection: Connection, keys: frozenset[TableKey]) -> list[sa.Table]:
    """The tables as SQLAlchemy reads them, those that others refer to first."""
    metadata = sa.MetaData()
    with warnings.catch_warnings():
        # Types and indexes that SQLAlchemy does not know are of no interest here.
        warnings.simplefilter("ignore", SAWarning)
        for schema, group in itertools.groupby(sorted(keys), key=lambda key: key.schema):
            names = [key.name for key in group]
            metadata.reflect(connection, schema=schema or None, only=names, resolve_fks=False)
        tables = list(metadata.sorted_tables)
    if connection.in_transaction():
        connection.rollback()
    return [table for table in tables if TableKey(table.schema or "", table.name) in keys]
