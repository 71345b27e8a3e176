"""SQLAlchemy objects for what SQLite's stored texts say, so that it can be made again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from limbeck.dialects.sqlite.sql_tokens import mentions, same_name, tokens_of
from limbeck.dialects.sqlite.types import type_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, MetaData, TextClause

    from limbeck.dialects.sqlite.index_text import ElementText, IndexText
    from limbeck.dialects.sqlite.schema_text import ColumnText, ConstraintText, TableText
    from limbeck.facts.objects import ForeignKeyFact

# SQLAlchemy can say STRICT since 2.0.37.
_SAYS_STRICT = "strict" in dict(SQLiteDialect.construct_arguments or []).get(Table, {})


def literal_text(sql: str) -> TextClause:
    """``sql`` as it is: a colon in it begins no bound parameter."""
    return text(re.sub(r"(?<![:\\]):(?=\w)", r"\\:", sql))


def table_source(table: TableText, metadata: MetaData, schema: str | None) -> Table:
    """A table with its columns and its primary key; the rest is added by the other verbs."""
    options: dict[str, Any] = {}
    if table.autoincrement:
        options["sqlite_autoincrement"] = True
    if table.strict and _SAYS_STRICT:
        options["sqlite_strict"] = True
    if table.without_rowid:
        options["sqlite_with_rowid"] = False
    columns = [column_source(column, table.primary_key) for column in table.columns]
    return Table(table.name, metadata, *columns, schema=schema, **options)


def column_source(column: ColumnText, primary_key: tuple[str, ...]) -> Column[Any]:
    """A column as its text defines it."""
    collate, default = column.clause("collate"), column.clause("default")
    generated = column.clause("generated")
    parts: list[Any] = []
    if default is not None:
        parts.append(DefaultClause(literal_text(default.expression)))
    if generated is not None:
        parts.append(
            Computed(literal_text(generated.expression), persisted=is_stored(generated.text))
        )
    kind = type_of(column.type, collate.expression if collate else None)
    nullable = column.clause("not null") is None and not any(
        same_name(column.name, each) for each in primary_key
    )
    return Column(column.name, kind, *parts, nullable=nullable)


def is_stored(clause: str) -> bool:
    """Whether a generated column's clause ends in STORED."""
    return mentions(clause.rpartition(")")[2], "STORED")


def on_conflict(clause: str) -> str | None:
    """What a constraint does on a conflict, None for ABORT, which it does anyway."""
    words = [token.text.upper() for token in tokens_of(clause) if not token.is_trivia]
    for place, word in enumerate(words[:-2]):
        if word == "ON" and words[place + 1] == "CONFLICT":
            return None if words[place + 2] == "ABORT" else words[place + 2]
    return None


def primary_key_source(table: Table, name: str | None, columns: tuple[str, ...]) -> Any:
    """The primary key, put on ``table``."""
    key = PrimaryKeyConstraint(*(table.columns[each] for each in columns), name=name)
    table.append_constraint(key)
    return key


def unique_source(table: Table, piece: ConstraintText, columns: tuple[str, ...]) -> Any:
    """A unique constraint, put on ``table``."""
    conflict = on_conflict(piece.text)
    options: dict[str, Any] = {"sqlite_on_conflict": conflict} if conflict else {}
    unique = UniqueConstraint(*(table.columns[c] for c in columns), name=piece.name, **options)
    table.append_constraint(unique)
    return unique


def check_source(table: Table, piece: ConstraintText) -> CheckConstraint:
    """A CHECK, put on ``table``."""
    check = CheckConstraint(literal_text(piece.expression), name=piece.name)
    table.append_constraint(check)
    return check


def foreign_key_source(table: Table, fact: ForeignKeyFact) -> ForeignKeyConstraint:
    """A foreign key, put on ``table``."""
    referred = ".".join(filter(None, (table.schema, fact.referred.name)))
    key = ForeignKeyConstraint(
        fact.columns,
        [f"{referred}.{column}" for column in fact.referred_columns],
        name=fact.name,
        onupdate=fact.onupdate,
        ondelete=fact.ondelete,
        deferrable=fact.deferrable or None,
        initially=fact.initially,
        link_to_name=True,
    )
    table.append_constraint(key)
    return key


def index_source(table: Table, index: IndexText) -> Index:
    """An index, put on ``table``."""
    options: dict[str, Any] = {"sqlite_where": literal_text(index.where)} if index.where else {}
    elements = [_element(table, element) for element in index.elements]
    source = Index(index.name, *elements, unique=index.unique, **options)
    if source.table is None:
        source._set_parent(table)  # an index of texts alone has no other way to its table
    return source


def _element(table: Table, element: ElementText) -> ColumnElement[Any]:
    wanted = element.column
    columns = [c for c in table.columns if wanted is not None and same_name(c.name, wanted)]
    found: ColumnElement[Any] = columns[0] if columns else literal_column(element.expression)
    return found.desc() if element.descending else found
