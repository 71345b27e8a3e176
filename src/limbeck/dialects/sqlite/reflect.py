"""What is in a SQLite database, read from the texts that it keeps.

``sqlite_master`` holds every table and index as the text that made it, kept up to date by SQLite's
own ALTER TABLE. That is more than the pragmas tell (names of constraints, CHECKs, collations,
generating expressions), so one statement per schema reads everything there is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import MetaData

from limbeck.dialects.sqlite.column_names import ColumnNames
from limbeck.dialects.sqlite.expressions import canonical, canonical_default, canonical_type
from limbeck.dialects.sqlite.index_text import ElementText, IndexText, read_index
from limbeck.dialects.sqlite.normalise import normal_collation
from limbeck.dialects.sqlite.plain_table import read_any_table
from limbeck.dialects.sqlite.schema_cursor import SchemaTextError
from limbeck.dialects.sqlite.schema_text import (
    ColumnText,
    ConstraintText,
    Reference,
    TableText,
)
from limbeck.dialects.sqlite.sources import NoSources, Sources, is_stored, on_conflict
from limbeck.dialects.sqlite.sql_tokens import folded, mentions, quoted, tokens_of
from limbeck.dialects.sqlite.table_options import stored_options
from limbeck.dialects.standard.item_words import options_of
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
    from collections.abc import Callable, Iterator, Set

    from sqlalchemy import Connection

    from limbeck.facts.scope import Scope

_SHADOWS = (
    "_data", "_idx", "_content", "_docsize", "_config", "_segments", "_segdir", "_stat",
    "_node", "_rowid", "_parent",
)  # fmt: skip
"""What FTS3, FTS5 and R-Tree append to a virtual table's name for the tables that hold its data:
https://www.sqlite.org/fts5.html#fts5_data_structures, https://www.sqlite.org/rtree.html."""


_SAYS_MORE = re.compile(r"\b(?:ON|DEFERRABLE|INITIALLY)\b", re.IGNORECASE)
"""What stands in a foreign key that says more than what it refers to."""


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Every table in the schemas of ``scope``, without SQLite's own and those of virtual tables."""
    tables = [
        table
        for schema in scope.schemas
        for table in _Schema(connection, schema, scope).tables(lambda text: NoSources())
    ]
    return scope.filtered(SchemaFact(tables=tuple(sorted(tables, key=lambda t: t.key.pair()))))


def with_sources(
    connection: Connection, schema: SchemaFact, keys: Set[TableKey], scope: Scope
) -> SchemaFact:
    """``schema`` with SQLAlchemy objects behind the tables of ``keys`` and all their parts.

    The objects are made of the stored texts, which say everything in the author's words, where the
    facts have it in the one spelling that is compared.
    """
    wanted = [t for t in schema.tables if t.key in keys and t.source is None]
    metadata = MetaData()
    built: dict[TableKey, TableFact] = {}
    for name in sorted({table.key.schema for table in wanted}):
        texts = _Schema(connection, name, scope)
        for table in wanted:
            if table.key.schema == name:
                text = texts.texts[folded(table.key.name)]
                built[table.key] = texts.table(text, Sources(text, metadata, name or None))
    return replace(
        schema,
        tables=tuple(
            _only_known(built[table.key], table) if table.key in built else table
            for table in schema.tables
        ),
    )


def _only_known(built: TableFact, known: TableFact) -> TableFact:
    """``built`` without what ``known`` lacks, because a filter left it out."""
    return replace(
        built,
        columns=tuple(c for c in built.columns if c in known.columns),
        constraints=tuple(c for c in built.constraints if c in known.constraints),
        indexes=tuple(i for i in built.indexes if i in known.indexes),
    )


class _Schema:
    """The texts of one schema, each table under its name as SQLite folds it."""

    def __init__(self, connection: Connection, schema: str, scope: Scope) -> None:
        self.schema = schema
        self.texts: dict[str, TableText] = {}
        self._names: dict[str, ColumnNames] = {}
        self.indexes: dict[str, list[IndexText]] = defaultdict(list)
        catalogue = f"{quoted(schema or scope.default_schema or 'main')}.sqlite_master"
        rows = connection.exec_driver_sql(
            f"SELECT type, name, tbl_name, sql FROM {catalogue} "
            "WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY name"
        ).all()
        virtual = []
        for kind, name, table, sql in rows:
            if kind == "index":
                self.indexes[folded(table)].append(read_index(name, sql))
            elif not folded(name).startswith("sqlite_"):
                try:
                    # The text may still have the name that the table was created with.
                    self.texts[folded(name)] = read_any_table(sql, name)
                except SchemaTextError:
                    virtual.append(folded(name))
        for name in virtual:
            for shadow in _SHADOWS:
                self.texts.pop(name + shadow, None)

    def tables(self, sources_of: Callable[[TableText], NoSources]) -> Iterator[TableFact]:
        """Every table of the schema."""
        for text in self.texts.values():
            yield self.table(text, sources_of(text))

    def table(self, text: TableText, sources: NoSources) -> TableFact:
        """One table with all that belongs to it."""
        pieces = list(constraint_pieces(text))
        names = self.names_of(text)
        return TableFact(
            key=TableKey(self.schema, text.name),
            columns=column_facts(text, sources),
            primary_key=primary_key(pieces, names, sources),
            constraints=in_order(self.constraints(pieces, names, sources)),
            indexes=indexes_in_order(
                index_fact(index, names, sources) for index in self.indexes[folded(text.name)]
            ),
            options=stored_options(text),
            source=sources.table,
        )

    def names_of(self, text: TableText) -> ColumnNames:
        """The names of a table's columns."""
        if text.name not in self._names:
            self._names[text.name] = ColumnNames(text)
        return self._names[text.name]

    def constraints(
        self, pieces: list[ConstraintText], names: ColumnNames, sources: NoSources
    ) -> Iterator[ConstraintFact]:
        """The constraints of a table but its primary key."""
        for piece in pieces:
            if piece.kind == "check":
                condition = canonical(piece.expression)
                options = options_of(sqlite_on_conflict=on_conflict(piece.text))
                yield CheckFact(piece.name, condition, options, sources.check(piece))
            elif piece.kind == "unique":
                columns = names.real(piece.columns)
                options = options_of(sqlite_on_conflict=on_conflict(piece.text))
                yield UniqueFact(piece.name, columns, options, sources.unique(piece, columns))
            elif piece.kind == "foreign key" and piece.reference is not None:
                fact = self.foreign_key(piece, piece.reference, names)
                source = sources.foreign_key(fact)
                yield fact if source is None else replace(fact, source=source)

    def foreign_key(
        self, piece: ConstraintText, reference: Reference, names: ColumnNames
    ) -> ForeignKeyFact:
        """A foreign key; one that names no columns means the primary key there."""
        target = self.texts.get(folded(reference.table))
        columns = reference.columns
        if target is not None:
            columns = self.names_of(target).real(columns or target.primary_key)
        words: list[str] = []
        if _SAYS_MORE.search(piece.text):
            words = [t.text.upper() for t in tokens_of(piece.text) if not t.is_trivia]
        return ForeignKeyFact(
            name=piece.name,
            columns=names.real(piece.columns),
            referred=TableKey(self.schema, target.name if target else reference.table),
            referred_columns=columns,
            onupdate=_action(words, "UPDATE"),
            ondelete=_action(words, "DELETE"),
            deferrable=_follows(words, "DEFERRABLE") is not None and "NOT" not in words,
            initially="DEFERRED" if _follows(words, "INITIALLY") == "DEFERRED" else None,
        )


def constraint_pieces(table: TableText) -> Iterator[ConstraintText]:
    """Every constraint of a table, those that stand behind a column as if they did not."""
    for column in table.columns:
        for clause in column.clauses:
            if clause.kind in ("primary key", "unique", "check", "foreign key"):
                yield ConstraintText(
                    clause.kind,
                    clause.text,
                    clause.name,
                    () if clause.kind == "check" else (column.name,),
                    clause.expression,
                    clause.reference,
                )
    yield from table.constraints


def primary_key(
    pieces: list[ConstraintText], names: ColumnNames, sources: NoSources
) -> PrimaryKeyFact | None:
    """The primary key, None where the table has none."""
    for piece in pieces:
        if piece.kind == "primary key":
            columns = names.real(piece.columns)
            options = options_of(sqlite_on_conflict=on_conflict(piece.text))
            source = sources.primary_key(piece, columns)
            # SQLAlchemy leaves the name out where it writes AUTOINCREMENT.
            name = None if mentions(piece.text, "AUTOINCREMENT") else piece.name
            return PrimaryKeyFact(name, columns, options, source=source)
    return None


def column_facts(table: TableText, sources: NoSources) -> tuple[ColumnFact, ...]:
    """The columns. One of the primary key is never said to take NULL, as in the models."""
    key = ColumnNames(table).real(table.primary_key)
    return tuple([_column_fact(column, column.name in key, sources) for column in table.columns])


def _column_fact(column: ColumnText, in_key: bool, sources: NoSources) -> ColumnFact:
    fact, source = _bare_column_fact(column, in_key), sources.column(column)
    return fact if source is None else replace(fact, source=source)


@lru_cache(maxsize=4096)
def _bare_column_fact(column: ColumnText, in_key: bool) -> ColumnFact:
    """A column without its source: in table after table the same are said."""
    clauses = {clause.kind: clause for clause in reversed(column.clauses)}
    kind = canonical_type(column.type)
    default, generated = clauses.get("default"), clauses.get("generated")
    collate = clauses.get("collate")
    computed = None
    if generated is not None:
        computed = ComputedFact(canonical(generated.expression), is_stored(generated.text))
    return ColumnFact(
        name=column.name,
        type=kind,
        nullable="not null" not in clauses and not in_key,
        default=None if default is None else canonical_default(default.expression, kind),
        computed=computed,
        collation=normal_collation(collate.expression if collate else None),
    )


def index_fact(index: IndexText, names: ColumnNames, sources: NoSources) -> IndexFact:
    """An index, which may be one of expressions, and partial."""
    return IndexFact(
        name=index.name,
        elements=tuple([_element(element, names) for element in index.elements]),
        unique=index.unique,
        where=None if index.where is None else canonical(index.where),
        source=sources.index(index),
    )


def _element(element: ElementText, names: ColumnNames) -> str:
    if element.column is not None:
        (text,) = names.real((element.column,))
    else:
        text = canonical(element.expression)
    return f"{text} DESC" if element.descending else text


def _action(words: list[str], event: str) -> str | None:
    """What a foreign key does ``ON`` an event, None for NO ACTION, which every one does."""
    for place, word in enumerate(words[:-2]):
        if word == "ON" and words[place + 1] == event:
            action = words[place + 2]
            if action in ("SET", "NO"):
                action = " ".join(words[place + 2 : place + 4])
            return None if action == "NO ACTION" else action
    return None


def _follows(words: list[str], word: str) -> str | None:
    """The word behind a word, "" at the end, None where there is no such word."""
    if word not in words:
        return None
    place = words.index(word) + 1
    return words[place] if place < len(words) else ""
