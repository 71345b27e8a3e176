"""SQLAlchemy objects for what was found in a database, so that it can be made again.

Built from the facts, with only the column types asked of SQLAlchemy's Inspector (in bulk), and
only for the tables for which somebody needs them: building objects costs far more than comparing.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    ForeignKeyConstraint,
    Identity,
    Index,
    Inspector,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    exc,
    inspect,
    text,
)
from sqlalchemy.dialects import registry
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import NullType

from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ConstraintFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    Options,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.types import DatabaseType

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from sqlalchemy import Connection, TextClause
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.new_names import NewNames
    from limbeck.facts.scope import Scope

InspectedColumns = Mapping[str, Sequence[Mapping[str, Any]]]
"""The Inspector's descriptions of columns, by table."""
ReadColumns = Callable[[Inspector, str, Sequence[str]], InspectedColumns]
"""Reads the columns of tables in a schema, "" for the default one."""

_LISTS = ("_include",)
_TRUE_FALSE = {"true": True, "false": False}


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


def literal_text(sql: str) -> TextClause:
    """``sql`` as it is: a colon in it begins no bound parameter."""
    return text(re.sub(r"(?<![:\\]):(?=\w)", r"\\:", sql))


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
            **_arguments(Table, fact.options),
        )
        columns = tuple(self._column(table, c, rows.get(c.name, {}), fact) for c in fact.columns)
        key = fact.primary_key
        if key is not None:
            made = PrimaryKeyConstraint(
                *key.columns, name=key.name, **_arguments(PrimaryKeyConstraint, key.options)
            )
            table.append_constraint(made)
            key = replace(key, source=made)
        return replace(
            fact,
            columns=columns,
            primary_key=key,
            constraints=tuple(_with_constraint(table, c) for c in fact.constraints),
            indexes=tuple(_with_index(table, i, self._where) for i in fact.indexes),
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
            **_arguments(Column, fact.options),
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
            *fact.columns, name=fact.name, **_arguments(UniqueConstraint, fact.options)
        )
    elif isinstance(fact, CheckFact):
        made = CheckConstraint(
            literal_text(fact.condition),
            name=fact.name,
            **_arguments(CheckConstraint, fact.options),
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
        **_arguments(ForeignKeyConstraint, fact.options),
    )


def _with_index(table: Table, fact: IndexFact, where: str) -> IndexFact:
    arguments = _arguments(Index, fact.options)
    operators = dict(arguments.pop("postgresql_ops", {}))
    elements = [index_element(table, element, operators) for element in fact.elements]
    if operators:
        arguments["postgresql_ops"] = operators
    if fact.where is not None:
        arguments[where] = literal_text(fact.where)
    made = Index(fact.name, *elements, unique=fact.unique, **arguments)
    if made not in table.indexes:  # an index of text only does not find its table by itself
        table.append_constraint(made)
    return replace(fact, source=made)


_ORDER = re.compile(r"( DESC)?( NULLS FIRST| NULLS LAST)?$")


def index_element(table: Table, element: str, operators: dict[str, str]) -> Any:
    """One element of an index: its column, ordered as it is, or the text of its expression.

    :param operators: gets the operator class of a column that has one.
    """
    order = _ORDER.search(element)
    words = order.group(0) if order else ""
    name = element[: len(element) - len(words)]
    column = table.columns.get(name)
    if column is None:
        bare, _, operator = name.rpartition(" ")
        column = table.columns.get(bare)
        if column is None:
            return literal_text(element)
        if words:  # SQLAlchemy finds no operator class for a column that has an order too
            return literal_text(f'"{bare}" {operator}{words}')
        operators[column.key] = operator
    made: Any = column
    if " DESC" in words:
        made = made.desc()
    if "NULLS FIRST" in words:
        made = made.nulls_first()
    if "NULLS LAST" in words:
        made = made.nulls_last()
    return made


def _identity(options: Options) -> dict[str, Any]:
    return {
        name: _TRUE_FALSE[value] if value in _TRUE_FALSE else int(value) for name, value in options
    }


@cache
def _accepted_by(dialect: str) -> Sequence[tuple[type[Any], Mapping[str, Any]]]:
    """The options of a dialect, by the kind of object that takes them."""
    return registry.load(dialect).construct_arguments or ()


def _is_known(kind: type[Any], name: str) -> bool:
    """Whether objects of ``kind`` take the option ``name``; ``postgresql_…`` are a dialect's."""
    dialect, _, option = name.partition("_")
    if not option:
        return True
    return any(
        issubclass(kind, owner) and (option in names or "*" in names)
        for owner, names in _accepted_by(dialect)
    )


def _with_schema(name: str, dialect: str) -> str:
    """The name of a table; SQLAlchemy would take one with its schema for a single word."""
    if "." not in name:
        return name
    quote = registry.load(dialect)().identifier_preparer.quote
    return quoted_name(".".join(map(quote, name.split("."))), quote=False)


def _arguments(kind: type[Any], options: Options) -> dict[str, Any]:
    """Options as the keyword arguments that the constructor of ``kind`` takes.

    What this SQLAlchemy cannot say (``NOT ENFORCED``, say) is left out.
    """
    arguments: dict[str, Any] = {}
    for name, value in options:
        if not _is_known(kind, name):
            continue
        if name.endswith("_inherits"):
            dialect = name.partition("_")[0]
            arguments[name] = [_with_schema(part.strip(), dialect) for part in value.split(",")]
        elif name.endswith(_LISTS):
            arguments[name] = [part.strip() for part in value.split(",")]
        elif name.endswith("_with"):
            arguments[name] = dict(part.strip().split("=", 1) for part in value.split(","))
        else:
            arguments[name] = _TRUE_FALSE.get(value, value)
    return arguments
