"""SQLAlchemy objects for what SQLite's stored texts say, so that it can be made again."""

from __future__ import annotations

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
)
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from limbeck.dialects.sqlite.sql_tokens import mentions, same_name, tokens_of
from limbeck.dialects.sqlite.types import type_of
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, MetaData

    from limbeck.dialects.sqlite.index_text import ElementText, IndexText
    from limbeck.dialects.sqlite.schema_text import ColumnText, ConstraintText, TableText
    from limbeck.facts.objects import ForeignKeyFact

# SQLAlchemy can say STRICT since 2.0.37.
_SAYS_STRICT = "strict" in dict(SQLiteDialect.construct_arguments or []).get(Table, {})


class NoSources:
    """Makes no objects: comparing does not need them, and they cost more than the facts."""

    table: Table | None = None

    def column(self, column: ColumnText) -> Any:
        """The object for a column."""

    def primary_key(self, piece: ConstraintText, columns: tuple[str, ...]) -> Any:
        """The object for the primary key."""

    def unique(self, piece: ConstraintText, columns: tuple[str, ...]) -> Any:
        """The object for a unique constraint."""

    def check(self, piece: ConstraintText) -> Any:
        """The object for a CHECK."""

    def foreign_key(self, fact: ForeignKeyFact) -> Any:
        """The object for a foreign key."""

    def index(self, index: IndexText) -> Any:
        """The object for an index."""


class Sources(NoSources):
    """Makes one table, to which everything that is made later is added.

    :param text: the stored text of the table.
    :param metadata: where the table goes.
    :param schema: its schema, None for the default one.
    """

    table: Table

    def __init__(self, text: TableText, metadata: MetaData, schema: str | None) -> None:
        options: dict[str, Any] = {}
        if text.autoincrement:
            options["sqlite_autoincrement"] = True
        if text.strict and _SAYS_STRICT:
            options["sqlite_strict"] = True
        if text.without_rowid:
            options["sqlite_with_rowid"] = False
        columns = [_column(column, text.primary_key) for column in text.columns]
        self.table = Table(text.name, metadata, *columns, schema=schema, **options)

    def column(self, column: ColumnText) -> Column[Any]:
        return self.table.columns[column.name]

    def primary_key(self, piece: ConstraintText, columns: tuple[str, ...]) -> PrimaryKeyConstraint:
        parts = [self.table.columns[each] for each in columns]
        key = PrimaryKeyConstraint(*parts, name=piece.name, **_conflict(piece.text))
        self.table.append_constraint(key)
        return key

    def unique(self, piece: ConstraintText, columns: tuple[str, ...]) -> UniqueConstraint:
        parts = [self.table.columns[column] for column in columns]
        unique = UniqueConstraint(*parts, name=piece.name, **_conflict(piece.text))
        self.table.append_constraint(unique)
        return unique

    def check(self, piece: ConstraintText) -> CheckConstraint:
        text = literal_text(piece.expression)
        check = CheckConstraint(text, name=piece.name, **_conflict(piece.text))
        self.table.append_constraint(check)
        return check

    def foreign_key(self, fact: ForeignKeyFact) -> ForeignKeyConstraint:
        referred = ".".join(filter(None, (self.table.schema, fact.referred.name)))
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
        self.table.append_constraint(key)
        return key

    def index(self, index: IndexText) -> Index:
        options: dict[str, Any] = {"sqlite_where": literal_text(index.where)} if index.where else {}
        elements = [self._element(element) for element in index.elements]
        source = Index(index.name, *elements, unique=index.unique, **options)
        if source.table is None:
            source._set_parent(self.table)  # an index of texts alone finds no way to its table
        return source

    def _element(self, element: ElementText) -> ColumnElement[Any]:
        wanted = element.column
        columns = [
            c for c in self.table.columns if wanted is not None and same_name(c.name, wanted)
        ]
        found: ColumnElement[Any] = columns[0] if columns else literal_column(element.expression)
        return found.desc() if element.descending else found


def _column(column: ColumnText, primary_key: tuple[str, ...]) -> Column[Any]:
    """A column as its text defines it."""
    collate, default = column.clause("collate"), column.clause("default")
    generated = column.clause("generated")
    parts: list[Any] = []
    if default is not None:
        parts.append(DefaultClause(literal_text(default.expression)))
    if generated is not None:
        expression = literal_text(generated.expression)
        parts.append(Computed(expression, persisted=is_stored(generated.text)))
    kind = type_of(column.type, collate.expression if collate else None)
    nullable = column.clause("not null") is None and not any(
        same_name(column.name, each) for each in primary_key
    )
    not_null = column.clause("not null")
    options = _conflict(not_null.text, "_not_null") if not_null is not None else {}
    return Column(column.name, kind, *parts, nullable=nullable, **options)


def _conflict(clause: str, of: str = "") -> dict[str, Any]:
    """What a constraint does on a conflict, as an argument of SQLAlchemy's."""
    found = on_conflict(clause)
    return {f"sqlite_on_conflict{of}": found} if found else {}


def is_stored(clause: str) -> bool:
    """Whether a generated column's clause ends in STORED."""
    return mentions(clause.rpartition(")")[2], "STORED")


def on_conflict(clause: str) -> str | None:
    """What a constraint does on a conflict, None for ABORT, which it does anyway."""
    if "CONFLICT" not in clause.upper():
        return None
    words = [token.text.upper() for token in tokens_of(clause) if not token.is_trivia]
    for place, word in enumerate(words[:-2]):
        if word == "ON" and words[place + 1] == "CONFLICT":
            return None if words[place + 2] == "ABORT" else words[place + 2]
    return None
