"""What is in a SQLite database, read from the texts that it keeps.

``sqlite_master`` holds every table and index as the text that made it, kept up to date by SQLite's
own ALTER TABLE. That is more than the pragmas tell (names of constraints, CHECKs, collations,
generating expressions), so one statement per schema reads everything there is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import MetaData

from limbeck.dialects.sqlite import sources
from limbeck.dialects.sqlite.expressions import canonical, canonical_default, canonical_type
from limbeck.dialects.sqlite.index_text import ElementText, IndexText, read_index
from limbeck.dialects.sqlite.normalise import normal_collation
from limbeck.dialects.sqlite.schema_reader import SchemaTextError, read_table
from limbeck.dialects.sqlite.schema_text import ColumnText, ConstraintText, TableText
from limbeck.dialects.sqlite.sql_tokens import folded, quoted, tokens_of
from limbeck.dialects.standard.normalise import options_of
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

    from sqlalchemy import Connection, Table

    from limbeck.facts.scope import Scope

_SHADOWS = (
    "_data", "_idx", "_content", "_docsize", "_config", "_segments", "_segdir", "_stat",
    "_node", "_rowid", "_parent",
)  # fmt: skip
"""What FTS3, FTS5 and R-Tree append to a virtual table's name for the tables that hold its data:
https://www.sqlite.org/fts5.html#fts5_data_structures, https://www.sqlite.org/rtree.html."""


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Every table in the schemas of ``scope``, without SQLite's own and those of virtual tables."""
    metadata = MetaData()
    tables = [
        table
        for schema in scope.schemas
        for table in _Schema(connection, schema, scope).tables(metadata)
    ]
    return scope.filtered(SchemaFact(tables=tuple(sorted(tables, key=lambda t: t.key))))


class _Schema:
    """The texts of one schema, each table under its name as SQLite folds it."""

    def __init__(self, connection: Connection, schema: str, scope: Scope) -> None:
        self.schema = schema
        self.scope = scope
        self.texts: dict[str, TableText] = {}
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
                    self.texts[folded(name)] = read_table(sql)
                except SchemaTextError:
                    virtual.append(folded(name))
        for name in virtual:
            for shadow in _SHADOWS:
                self.texts.pop(name + shadow, None)

    def tables(self, metadata: MetaData) -> Iterator[TableFact]:
        for text in self.texts.values():
            yield self.table(text, metadata)

    def table(self, text: TableText, metadata: MetaData) -> TableFact:
        source = sources.table_source(text, metadata, self.schema or None)
        pieces = list(constraint_pieces(text))
        key = primary_key(text, pieces, source)
        return TableFact(
            key=TableKey(self.schema, text.name),
            columns=tuple(column_fact(c, text, source) for c in text.columns),
            primary_key=key,
            constraints=in_order(self.constraints(pieces, source)),
            indexes=indexes_in_order(
                index_fact(index, source) for index in self.indexes[folded(text.name)]
            ),
            source=source,
        )

    def constraints(self, pieces: list[ConstraintText], source: Table) -> Iterator[ConstraintFact]:
        for piece in pieces:
            if piece.kind == "check":
                check = sources.check_source(source, piece)
                yield CheckFact(piece.name, canonical(piece.expression), source=check)
            elif piece.kind == "unique":
                columns = tuple(real_name(source, each) for each in piece.columns)
                unique = sources.unique_source(source, piece, columns)
                options = options_of(sqlite_on_conflict=sources.on_conflict(piece.text))
                yield UniqueFact(piece.name, columns, options, unique)
            elif piece.kind == "foreign key":
                yield self.foreign_key(piece, source)

    def foreign_key(self, piece: ConstraintText, source: Table) -> ForeignKeyFact:
        reference = piece.reference
        if reference is None:
            raise SchemaTextError("a foreign key refers to nothing")
        target = self.texts.get(folded(reference.table))
        columns = reference.columns or (target.primary_key if target else ())
        if target is not None:
            real = {folded(column.name): column.name for column in target.columns}
            columns = tuple(real.get(folded(each), each) for each in columns)
        words = [t.text.upper() for t in tokens_of(piece.text) if not t.is_trivia]
        fact = ForeignKeyFact(
            name=piece.name,
            columns=tuple(real_name(source, each) for each in piece.columns),
            referred=TableKey(self.schema, target.name if target else reference.table),
            referred_columns=columns,
            onupdate=_action(words, "UPDATE"),
            ondelete=_action(words, "DELETE"),
            deferrable=_follows(words, "DEFERRABLE") is not None and "NOT" not in words,
            initially="DEFERRED" if _follows(words, "INITIALLY") == "DEFERRED" else None,
        )
        return replace(fact, source=sources.foreign_key_source(source, fact))


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
    table: TableText, pieces: list[ConstraintText], source: Table
) -> PrimaryKeyFact | None:
    """The primary key, None where the table has none."""
    for piece in pieces:
        if piece.kind == "primary key":
            columns = tuple(real_name(source, each) for each in piece.columns)
            key = sources.primary_key_source(source, piece.name, columns)
            options = options_of(sqlite_on_conflict=sources.on_conflict(piece.text))
            return PrimaryKeyFact(piece.name, columns, options, key)
    return None


def column_fact(column: ColumnText, table: TableText, source: Table) -> ColumnFact:
    """A column. A column of the primary key is never said to take NULL, as in the models."""
    kind = canonical_type(column.type)
    default, generated = column.clause("default"), column.clause("generated")
    collate = column.clause("collate")
    key = {folded(each) for each in table.primary_key}
    computed = None
    if generated is not None:
        stored = sources.is_stored(generated.text)
        computed = ComputedFact(canonical(generated.expression), stored)
    return ColumnFact(
        name=column.name,
        type=kind,
        nullable=column.clause("not null") is None and folded(column.name) not in key,
        default=None if default is None else canonical_default(default.expression, kind),
        computed=computed,
        collation=normal_collation(collate.expression if collate else None),
        source=source.columns[column.name],
    )


def index_fact(index: IndexText, source: Table) -> IndexFact:
    """An index, which may be one of expressions, and partial."""
    return IndexFact(
        name=index.name,
        elements=tuple(_element(element, source) for element in index.elements),
        unique=index.unique,
        where=None if index.where is None else canonical(index.where),
        source=sources.index_source(source, index),
    )


def real_name(table: Table, column: str) -> str:
    """A column's name as its definition writes it; elsewhere it may be in another case."""
    if column in table.columns:
        return column
    names = {folded(each.name): each.name for each in table.columns}
    return names.get(folded(column), column)


def _element(element: ElementText, source: Table) -> str:
    if element.column is not None:
        text = real_name(source, element.column)
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
