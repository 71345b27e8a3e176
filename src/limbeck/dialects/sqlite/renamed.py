"""A schema as SQLite itself would leave it when tables and columns get new names.

SQLite carries a new name into every text that it keeps. So the texts are put into a database in
memory, the names are given there, and what comes of it is read: nothing here has to understand SQL.
https://www.sqlite.org/lang_altertable.html#altertabrename
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from limbeck.dialects.sqlite.rebuild_source import StoredObject
from limbeck.dialects.sqlite.reflect import reflect, with_sources
from limbeck.dialects.sqlite.sql_tokens import quoted
from limbeck.facts.name_steps import name_steps
from limbeck.facts.objects import TableKey

if TYPE_CHECKING:
    from collections.abc import Set

    from sqlalchemy import Connection

    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope


def reflect_renamed(
    connection: Connection, schema: SchemaFact, names: NewNames, scope: Scope
) -> SchemaFact:
    """Every table in the schemas of ``scope``, under new names.

    :param schema: the same under the old ones.
    """
    with _renamed_copy(connection, schema, names, scope) as copy:
        return reflect(copy, scope)


def renamed_sources(
    connection: Connection,
    schema: SchemaFact,
    keys: Set[TableKey],
    scope: Scope,
    names: NewNames,
) -> SchemaFact:
    """``schema``, which is under new names, with objects behind the tables of ``keys``."""
    before = reflect(connection, scope)
    with _renamed_copy(connection, before, names, scope) as copy:
        return with_sources(copy, schema, keys, scope)


@contextmanager
def _renamed_copy(
    connection: Connection, schema: SchemaFact, names: NewNames, scope: Scope
) -> Iterator[Connection]:
    """A database in memory with the same tables and indexes, empty, under new names."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as copy:
        for name in scope.schemas:
            real = name or scope.default_schema or "main"
            if real != "main":
                copy.exec_driver_sql(f"ATTACH ':memory:' AS {quoted(real)}")
            _copy_texts(connection, copy, real)
        copy.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for statement in _statements(schema, names):
            copy.exec_driver_sql(statement)
        yield copy
    engine.dispose()


def _copy_texts(connection: Connection, copy: Connection, schema: str) -> None:
    """Create tables, then indexes; what needs an extension of SQLite's is left out."""
    rows = connection.exec_driver_sql(
        f"SELECT type, name, tbl_name, sql FROM {quoted(schema)}.sqlite_master WHERE type IN "
        "('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY type DESC"
    ).all()
    for row in rows:
        stored = StoredObject(*row)
        with suppress(OperationalError):  # a virtual table, a collation or a function of somebody's
            copy.exec_driver_sql(stored.in_schema(None if schema == "main" else schema))


def _statements(schema: SchemaFact, names: NewNames) -> Iterator[str]:
    """What gives the names; tables first, their columns then."""
    taken: dict[str, set[str]] = defaultdict(set)
    columns = {table.key: {column.name for column in table.columns} for table in schema.tables}
    for key in columns:
        taken[key.schema].add(key.name)
    for name in sorted({key.schema for key, _ in names.tables}):
        pairs = [(key.name, after) for key, after in names.tables if key.schema == name]
        for before, after in name_steps(pairs, taken[name]):
            yield f"ALTER TABLE {_address(TableKey(name, before))} RENAME TO {quoted(after)}"
    for key in sorted({key for key, _, _ in names.columns}):
        address = _address(names.table(key))
        for before, after in name_steps(names.columns_of(key).items(), columns.get(key, set())):
            yield f"ALTER TABLE {address} RENAME COLUMN {quoted(before)} TO {quoted(after)}"


def _address(key: TableKey) -> str:
    return f"{quoted(key.schema or 'main')}.{quoted(key.name)}"
