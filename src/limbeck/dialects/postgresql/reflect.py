"""The database's side of a comparison on PostgreSQL, read from the catalogue itself.

SQLAlchemy's Inspector leaves out EXCLUDE constraints, operator classes and who uses an enum, and
building its dictionaries costs more than the whole comparison.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, SmallInteger
from sqlalchemy import Sequence as SequenceObject
from sqlalchemy.dialects.postgresql import ENUM

from limbeck.dialects.postgresql.catalogue import Catalogue
from limbeck.dialects.postgresql.catalogue_rows import column_row
from limbeck.dialects.postgresql.exclusion import exclude_constraint
from limbeck.dialects.postgresql.normalise import PostgresqlWords, index_element
from limbeck.dialects.postgresql.sequence_options import sequence_options
from limbeck.dialects.postgresql.table_options import table_options
from limbeck.dialects.postgresql.types import with_casts_outside
from limbeck.dialects.standard.item_words import options_of
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    ConstraintFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IdentityFact,
    IndexFact,
    Options,
    PrimaryKeyFact,
    SchemaFact,
    SequenceFact,
    TableFact,
    TableKey,
    UniqueFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.postgresql.catalogue_rows import (
        ColumnRow,
        ConstraintRow,
        IndexElementRow,
        TableRow,
    )
    from limbeck.facts.scope import Scope

Row = Any
"""A row of the catalogue; its columns are those of the query."""

_ACTIONS = {"a": None, "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
"""``pg_constraint.confupdtype``; "a" is NO ACTION, which is what happens anyway."""


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Everything in the database that lies in ``scope``; only enums and sequences have sources."""
    words = PostgresqlWords(connection.dialect, scope)
    catalogue = Catalogue(connection, [s for s in map(scope.real_schema, scope.schemas) if s])
    return scope.filtered(
        SchemaFact(
            tables=tuple(sorted(read_tables(catalogue, words), key=lambda t: t.key.pair())),
            enums=tuple(sorted(_enums(catalogue, scope), key=lambda e: e.key)),
            sequences=tuple(sorted(_sequences(catalogue, scope), key=lambda s: s.key)),
        )
    )


def read_tables(catalogue: Catalogue, words: PostgresqlWords) -> Iterator[TableFact]:
    """The tables of the catalogue's schemas, in any order."""
    tables = dict(catalogue.tables())
    if not tables:
        return
    # A schema has the same columns many times; a fact without a source is a value like another.
    known: dict[str, ColumnFact] = {}
    columns: dict[int, tuple[ColumnFact, ...]] = {}
    for table, texts in catalogue.columns():
        for text in texts:
            if text not in known:
                known[text] = _column(column_row(text), words)
        columns[table] = tuple([known[text] for text in texts])
    keys: dict[int, PrimaryKeyFact] = {}
    constraints: dict[int, list[ConstraintFact]] = defaultdict(list)
    for table, rows in catalogue.constraints():
        for row in rows:
            if row.contype == "p":
                keys[table] = PrimaryKeyFact(
                    row.conname, tuple(row.columns), _constraint_options(row)
                )
            else:
                constraints[table].append(_constraint(row, words))
    indexes = {
        table: [_index(list(each), words) for _, each in groupby(elements, lambda row: row.relname)]
        for table, elements in catalogue.indexes()
    }
    for oid, said in tables.items():
        yield TableFact(
            key=words.scope.key(said.nspname, said.relname),
            columns=columns.get(oid, ()),
            primary_key=keys.get(oid),
            constraints=in_order(constraints[oid]),
            indexes=indexes_in_order(indexes.get(oid, ())),
            comment=said.comment or None,
            options=_table_options(said, words),
        )


def _table_options(row: TableRow, words: PostgresqlWords) -> Options:
    return table_options(
        unlogged=row.unlogged,
        storage=row.storage,
        partition_by=row.partition_key,
        inherits=[words.scope.key(schema, name) for schema, name in row.parents],
        using=row.amname,
        tablespace=row.spcname,
    )


def _column(row: ColumnRow, words: PostgresqlWords) -> ColumnFact:
    type_text = words.normal_type(row.type)
    computed = identity = default = None
    if row.generated:  # 's' is stored, 'v' is virtual (18)
        computed = ComputedFact(words.normal_condition(row.expression or ""), row.generated == "s")
    elif row.identity:  # 'a' is always, 'd' by default
        identity = IdentityFact(row.identity == "a", _sequence_options(row, type_text))
    elif row.expression is not None:
        default = words.default_text(row.expression, type_text)
    serial = row.owns == "a" and default is not None and default.startswith("nextval(")
    return ColumnFact(
        name=row.attname,
        type=type_text,
        nullable=not row.attnotnull,
        default=None if serial else default,
        computed=computed,
        identity=identity,
        autoincrement=serial,
        sequence_type=row.sequence_type if serial and row.sequence_type != type_text else None,
        sequence=row.sequence if serial else None,
        collation=row.collation,
        comment=row.comment or None,
        inherited=row.inherited,
    )


def _sequence_options(row: Row, type_text: str, alone: bool = False) -> Options:
    return sequence_options(
        type_text,
        alone=alone,
        start=row.seqstart,
        increment=row.seqincrement,
        minvalue=row.seqmin,
        maxvalue=row.seqmax,
        cycle=row.seqcycle,
        cache=row.seqcache,
    )


def _constraint(row: ConstraintRow, words: PostgresqlWords) -> ConstraintFact:
    if row.contype == "f":
        return _foreign_key(row, words)
    if row.contype == "c":
        options = options_of(postgresql_no_inherit=row.connoinherit) if row.connoinherit else ()
        return CheckFact(
            row.conname,
            words.normal_condition(row.condition),
            tuple(sorted((*options, *_validity(row)))),
        )
    if row.contype == "x":
        definition = with_casts_outside(row.definition)
        source = exclude_constraint(definition, row.conname)
        return ExcludeFact(row.conname, definition, source=source)
    return UniqueFact(row.conname, tuple(row.columns), _constraint_options(row))


def _validity(row: ConstraintRow) -> Options:
    """Whether the rows have to fit a constraint, and those that were there before it do."""
    if row.enforced and row.convalidated:
        return ()
    return options_of(
        postgresql_not_enforced=not row.enforced,
        postgresql_not_valid=row.enforced and not row.convalidated,
    )


def _constraint_options(row: ConstraintRow) -> Options:
    if not (row.condeferrable or row.included or row.nulls_not_distinct or row.period):
        return ()  # what is deferred is deferrable
    return options_of(
        deferrable=row.condeferrable,
        initially="DEFERRED" if row.condeferred else None,
        postgresql_include=", ".join(row.included) or None,
        postgresql_nulls_not_distinct=row.nulls_not_distinct,
        postgresql_without_overlaps=row.period,
    )


def _foreign_key(row: ConstraintRow, words: PostgresqlWords) -> ForeignKeyFact:
    ondelete = _ACTIONS[row.ondelete]
    if ondelete and row.delete_columns:
        ondelete += f" ({', '.join(row.delete_columns)})"
    return ForeignKeyFact(
        name=row.conname,
        columns=tuple(row.columns),
        referred=words.scope.key(row.referred_schema, row.referred_table),
        referred_columns=tuple(row.referred_columns),
        onupdate=_ACTIONS[row.onupdate],
        ondelete=ondelete,
        deferrable=row.condeferrable,
        initially="DEFERRED" if row.condeferred else None,
        match="FULL" if row.match == "f" else None,
        options=(*_validity(row), *(options_of(postgresql_period=True) if row.period else ())),
    )


def _index(rows: Sequence[IndexElementRow], words: PostgresqlWords) -> IndexFact:
    first = rows[0]
    storage = ", ".join(sorted((first.storage or "").split(", ")))
    return IndexFact(
        name=first.relname,
        elements=tuple(_element(row) for row in rows if not row.included),
        unique=first.indisunique,
        where=None if first.predicate is None else words.normal_condition(first.predicate),
        options=options_of(
            postgresql_using=None if first.amname == "btree" else first.amname,
            postgresql_include=", ".join(row.attname or "" for row in rows if row.included) or None,
            postgresql_with=storage or None,
            postgresql_nulls_not_distinct=first.nulls_not_distinct,
        ),
    )


def _element(row: IndexElementRow) -> str:
    text = row.attname if row.attname is not None else row.expression
    if row.collation is not None:
        text = f'{text} COLLATE "{row.collation}"'
    descending, nulls_first = bool(row.ordering & 1), bool(row.ordering & 2)
    order = "DESC" if descending else ""
    if nulls_first != descending:
        order = f"{order} NULLS {'FIRST' if nulls_first else 'LAST'}".strip()
    return index_element(text, row.operators, order)


def _enums(catalogue: Catalogue, scope: Scope) -> Iterator[EnumFact]:
    for _, group in groupby(catalogue.enums(), key=lambda row: row.oid):
        rows = list(group)
        key = scope.key(rows[0].nspname, rows[0].typname)
        users = tuple(
            (scope.key(row.user_schema, row.user_table), row.user_column)
            for row in rows
            if row.user_column is not None
        )
        values = tuple(rows[0].labels)
        yield EnumFact(
            key,
            values,
            users=users,
            held=any(row.held for row in rows),
            source=ENUM(*values, name=key.name, schema=key.schema or None),
        )


def _sequences(catalogue: Catalogue, scope: Scope) -> Iterator[SequenceFact]:
    for row in catalogue.sequences():
        key: TableKey = scope.key(row.nspname, row.relname)
        options = _sequence_options(row, row.type, alone=True)
        said: Mapping[str, Any] = {name: _OPTION.get(name, int)(value) for name, value in options}
        yield SequenceFact(
            key,
            options,
            users=tuple((scope.key(schema, name), column) for schema, name, column in row.users),
            held=row.held,
            source=SequenceObject(key.name, schema=key.schema or None, **said),
        )


_OPTION: Mapping[str, Callable[[str], Any]] = {
    "cycle": lambda word: word == "true",
    "data_type": {"smallint": SmallInteger, "integer": Integer}.__getitem__,
}
"""What SQLAlchemy's ``Sequence`` takes for an option; a number where nothing is said here."""
