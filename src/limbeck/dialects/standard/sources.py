"""SQLAlchemy objects for what was found in a database, so that it can be made again.

Built from the facts, with only the column types asked of SQLAlchemy's Inspector (in bulk), and
only for the tables for which somebody needs them: building objects costs far more than comparing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    ForeignKeyConstraint,
    Identity,
    Inspector,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    exc,
    inspect,
)
from sqlalchemy.types import NullType

from limbeck.dialects.standard.index_sources import index_with_source
from limbeck.dialects.standard.option_arguments import TRUE_FALSE, option_arguments
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    ExcludeFact,
    ForeignKeyFact,
    Options,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.operations.literal_text import literal_text
from limbeck.types import DatabaseType

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from sqlalchemy import Connection
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.new_names import NewNames
    from limbeck.facts.scope import Scope

InspectedColumns = Mapping[str, Sequence[Mapping[str, Any]]]
"""The Inspector's descriptions of columns, by table."""
ReadColumns = Callable[[Inspector, str, Sequence[str]], InspectedColumns]
"""Reads the columns of tables in a schema, "" for the default one."""


def inspected_columns(inspector: Inspector, schema: str, names: Sequence[str]) -> InspectedColumns:
    """What the Inspector says of the columns of some tables.

    :param schema: where they are, "" for the default schema.
    """
    found = inspector.get_multi_columns(schema=schema or None, filter_names=names)
    return {name: columns for (_, name), columns in found.items()}


def with_sources(
    connection: Connection,
    schema: SchemaFact,
    keys: Set[TableKey],
    scope: Scope,
    names: NewNames = NO_NEW_NAMES,
    where: str = "postgresql_where",
    columns: ReadColumns = inspected_columns,
) -> SchemaFact:
    """``schema`` with SQLAlchemy objects behind the tables of ``keys`` and all their parts.

    :param connection: the database that ``schema`` was read from.
    :param keys: the tables that need objects; a table that has one keeps it.
    :param names: what is called otherwise in ``schema`` than in the database.
    :param where: the option of an index that holds its condition.
    :param columns: reads what the Inspector says of columns.
    """
    wanted = [t for t in schema.tables if t.key in keys and t.source is None]
    if not wanted:
        return schema
    builder = _Builder(inspect(connection), wanted, where, names, columns)
    built = {table.key: builder.table(table) for table in wanted}
    return replace(schema, tables=tuple(built.get(t.key, t) for t in schema.tables))


class _Builder:
    """Makes the objects of some tables; one MetaData holds them all."""

    def __init__(
        self,
        inspector: Inspector,
        tables: Iterable[TableFact],
        where: str,
        names: NewNames,
        read_columns: ReadColumns,
    ) -> None:
        self._inspector = inspector
        self._names = names
        self._where = where
        self._read_columns = read_columns
        self._metadata = MetaData()
        self._rows: dict[TableKey, dict[str, Any]] = {}
        by_schema: dict[str, list[str]] = {}
        for table in tables:
            key = names.original(table.key)
            by_schema.setdefault(key.schema, []).append(key.name)
        for schema, tables_there in by_schema.items():
            self._read(schema, tables_there)

    def _read(self, schema: str, names: list[str]) -> None:
        with warnings.catch_warnings():
            # A type that SQLAlchemy does not know becomes NullType, and says so each time.
            warnings.simplefilter("ignore", exc.SAWarning)
            found = self._read_columns(self._inspector, schema, names)
        for name, columns in found.items():
            key = TableKey(schema, name)
            self._rows[key] = {
                self._names.column(key, column["name"]): column for column in columns
            }

    def table(self, fact: TableFact) -> TableFact:
        """``fact`` and its parts with sources."""
        rows = self._rows.get(self._names.original(fact.key), {})
        table = Table(
            fact.key.name,
            self._metadata,
            schema=fact.key.schema or None,
            comment=fact.comment,
            prefixes=["UNLOGGED"] if ("postgresql_unlogged", "true") in fact.options else [],
            **option_arguments(Table, fact.options),
        )
        columns = tuple(self._column(table, c, rows.get(c.name, {}), fact) for c in fact.columns)
        key = fact.primary_key
        if key is not None:
            made = PrimaryKeyConstraint(
                *key.columns, name=key.name, **option_arguments(PrimaryKeyConstraint, key.options)
            )
            table.append_constraint(made)
            key = replace(key, source=made)
        return replace(
            fact,
            columns=columns,
            primary_key=key,
            constraints=tuple(_with_constraint(table, c) for c in fact.constraints),
            indexes=tuple(
                index_with_source(table, i, self._where, self._inspector.dialect)
                for i in fact.indexes
            ),
            source=table,
        )

    def _column(
        self, table: Table, fact: ColumnFact, row: Mapping[str, Any], owner: TableFact
    ) -> ColumnFact:
        seen = {"type": NullType(), **row, "name": fact.name}
        dispatch: Any = table.dispatch  # users adapt types in SQLAlchemy's "column_reflect" event
        dispatch.column_reflect(self._inspector, table, seen)
        in_key = owner.primary_key is not None and fact.name in owner.primary_key.columns
        if is_unknown(seen["type"]) and fact.type:
            seen["type"] = DatabaseType(fact.type)
        if fact.collation is not None and getattr(seen["type"], "collation", "") is None:
            seen["type"].collation = fact.collation  # SQLAlchemy 2.0 does not reflect it
        parts: list[Any] = []
        if fact.computed is not None:
            parts.append(Computed(literal_text(fact.computed.expression), fact.computed.persisted))
        elif fact.identity is not None:
            parts.append(Identity(always=fact.identity.always, **_identity(fact.identity.options)))
        elif fact.default is not None:
            parts.append(DefaultClause(literal_text(fact.default)))
        column: Column[Any] = Column(
            fact.name,
            seen["type"],
            *parts,
            nullable=fact.nullable,
            comment=fact.comment,
            autoincrement=_autoincrement(fact, in_key),
            **option_arguments(Column, fact.options),
        )
        table.append_column(column)
        return replace(fact, source=column)


def is_unknown(type_: TypeEngine[Any]) -> bool:
    """Whether SQLAlchemy has no class for a type, or for the items of an array."""
    return isinstance(getattr(type_, "item_type", type_), NullType)


def _autoincrement(fact: ColumnFact, in_key: bool) -> Any:
    """SQLAlchemy's ``autoincrement``: False keeps it from taking any integer key for a SERIAL."""
    if fact.identity is not None:
        return "auto"
    return fact.autoincrement if in_key else "auto"


def _with_constraint(table: Table, fact: ConstraintFact) -> ConstraintFact:
    made: Any
    if isinstance(fact, UniqueFact):
        made = UniqueConstraint(
            *fact.columns, name=fact.name, **option_arguments(UniqueConstraint, fact.options)
        )
    elif isinstance(fact, CheckFact):
        made = CheckConstraint(
            literal_text(fact.condition),
            name=fact.name,
            **option_arguments(CheckConstraint, fact.options),
        )
    elif isinstance(fact, ExcludeFact):
        made = fact.source  # only PostgreSQL has them, and has made it already
        if made is None:
            return fact
    else:
        made = _foreign_key(fact)
    table.append_constraint(made)
    return replace(fact, source=made)


def _foreign_key(fact: ForeignKeyFact) -> ForeignKeyConstraint:
    schema = [fact.referred.schema] if fact.referred.schema else []
    return ForeignKeyConstraint(
        fact.columns,
        [".".join([*schema, fact.referred.name, column]) for column in fact.referred_columns],
        name=fact.name,
        onupdate=fact.onupdate,
        ondelete=fact.ondelete,
        deferrable=fact.deferrable or None,
        initially=fact.initially,
        match=fact.match,
        link_to_name=True,
        **option_arguments(ForeignKeyConstraint, fact.options),
    )


def _identity(options: Options) -> dict[str, Any]:
    return {
        name: TRUE_FALSE[value] if value in TRUE_FALSE else int(value) for name, value in options
    }
