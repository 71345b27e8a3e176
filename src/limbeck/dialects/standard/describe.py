"""The walk over the models, the same for every database.

What something is called and how it is spelled is asked of the database's
:class:`~limbeck.dialects.standard.normalise.Words`; here is only what belongs to what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, UniqueConstraint, exc

from limbeck.dialects.standard.object_models import declared_objects
from limbeck.dialects.standard.plain_types import said_of_column
from limbeck.errors import ConfigurationError
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
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
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Index, MetaData, Table
    from sqlalchemy.schema import Constraint

    from limbeck.dialects.standard.normalise import Words
    from limbeck.facts.scope import Scope


def describe_with(words: Words, metadatas: Sequence[MetaData]) -> SchemaFact:
    """Everything in the models that lies in the scope of ``words``.

    :raises ConfigurationError: two of the metadatas have the same table, a foreign key points to
        a table that no metadata has, or a name is too long.
    """
    tables = model_tables(metadatas, words.scope)
    return SchemaFact(
        tables=tuple(
            describe_table(words, tables[key]) for key in sorted(tables, key=TableKey.pair)
        ),
        enums=tuple(sorted(words.enums(tables.items()), key=lambda e: e.key)),
        sequences=tuple(sorted(words.sequences(metadatas), key=lambda s: s.key)),
        objects=declared_objects(metadatas, words.dialect, words.scope),
    )


def model_tables(metadatas: Sequence[MetaData], scope: Scope) -> dict[TableKey, Table]:
    """The tables of the models by key, without views and the tool's own tables.

    :raises ConfigurationError: two tables have the same key.
    """
    found: dict[TableKey, Table] = {}
    for metadata in metadatas:
        for table in metadata.tables.values():
            key = scope.key(table.schema, table.name)
            if key in scope.exclude_tables or getattr(table, "is_view", False):
                continue  # is_view: SQLAlchemy 2.1 keeps views among the tables
            if key in found:
                raise ConfigurationError(
                    f'Duplicate table keys across multiple MetaData objects: "{key}"',
                    hint="define each table in one of the metadatas only",
                )
            found[key] = table
    return found


def describe_table(words: Words, table: Table) -> TableFact:
    """One table of the models.

    :raises ConfigurationError: the table cannot be created as it is defined.
    """
    try:
        return _described(words, table)
    except exc.CompileError as error:
        raise ConfigurationError(
            f'table "{table.fullname}" of the models cannot be created: {error}',
            hint="metadata.create_all() refuses it for the same reason; correct the models",
        ) from None


def _described(words: Words, table: Table) -> TableFact:
    key = words.scope.key(table.schema, table.name)
    constraints = in_order(_constraints(words, table))  # first: columns take types from them
    return TableFact(
        key=TableKey(key.schema, words.stored_name(key.name)),
        columns=tuple(describe_column(words, c) for c in table.columns if not c.system),
        primary_key=describe_primary_key(words, table),
        constraints=constraints,
        indexes=indexes_in_order(
            describe_index(words, index)
            for index in unique_items(table.indexes)
            if words.is_created(index)
        ),
        comment=words.comment(table.comment),
        options=words.table_options(table),
        source=table,
    )


def unique_items(indexes: Iterable[Index]) -> Iterator[Index]:
    """Indexes in a stable order; SQLAlchemy keeps them in a set."""
    found = sorted(indexes, key=_index_name)
    if len(set(map(_index_name, found))) < len(found):
        found.sort(key=lambda i: (_index_name(i), str([str(e) for e in i.expressions])))
    yield from found


def _index_name(index: Index) -> str:
    return index.name or ""


def describe_column(words: Words, column: Column[object]) -> ColumnFact:
    """One column of the models."""
    said = said_of_column(column, words.plain_types) if words.shares_types else None
    if said is None:
        return _described_column(words, column)
    key = (said, column.primary_key and words.autoincrement(column))
    known = words.known_columns.get(key)
    if known is None:
        known = words.known_columns[key] = _described_column(words, column)
    return known.of(column)


def _described_column(words: Words, column: Column[object]) -> ColumnFact:
    computed = words.computed(column)
    identity = words.identity(column)
    generated = computed is not None or identity is not None
    return ColumnFact(
        name=words.stored_name(column.name),
        type=words.type_text(column),
        nullable=words.nullable(column),
        default=None if generated else words.default(column),
        computed=computed,
        identity=identity,
        autoincrement=words.autoincrement(column),
        collation=words.collation(column),
        comment=words.comment(column.comment),
        options=words.column_options(column),
        source=column,
    )


def describe_primary_key(words: Words, table: Table) -> PrimaryKeyFact | None:
    """The primary key of a table, None where it has none."""
    constraint = table.primary_key
    columns = _column_names(words, constraint)
    if not columns:
        return None
    written: tuple[str, ...] = ()
    if constraint._implicit_generated and len(columns) > 1:
        # Of columns that say ``primary_key=True`` CREATE TABLE has the one that counts first; who
        # wrote the key into a revision has it in the order of the columns.
        first = _column_names(words, constraint.columns_autoinc_first)
        columns, written = first, columns
    return PrimaryKeyFact(
        name=words.primary_key_name(constraint),
        columns=columns,
        options=words.constraint_options(constraint),
        written=written,
        source=constraint,
    )


def _constraints(words: Words, table: Table) -> Iterator[ConstraintFact]:
    # A CHECK that stands in a column is not among the table's constraints.
    inside = (each for column in table.columns for each in column.constraints)
    for constraint in (*table.constraints, *inside):
        if not words.is_created(constraint):
            continue
        fact = describe_constraint(words, constraint)
        if fact is not None:
            yield fact


def describe_constraint(words: Words, constraint: Constraint) -> ConstraintFact | None:
    """A constraint of the models, None for a primary key and for kinds that nobody knows."""
    if isinstance(constraint, ForeignKeyConstraint):
        return describe_foreign_key(words, constraint)
    if isinstance(constraint, UniqueConstraint):
        columns = _column_names(words, constraint)
        if not columns:
            return None
        return UniqueFact(
            name=words.constraint_name(constraint),
            columns=columns,
            options=words.constraint_options(constraint),
            source=constraint,
        )
    if isinstance(constraint, CheckConstraint):
        return CheckFact(
            name=words.constraint_name(constraint),
            condition=words.condition(constraint),
            options=words.constraint_options(constraint),
            source=check_of_table(constraint),
        )
    return words.special_constraint(constraint)


def check_of_table(check: CheckConstraint) -> CheckConstraint:
    """A CHECK that stands in a column as one of the table, which every operation can take."""
    column: Any = check.parent
    if not isinstance(column, Column):
        return check
    copy = CheckConstraint(check.sqltext, name=check.name, info=dict(check.info), **check.kwargs)
    copy.parent = column.table  # known to the constraint only: the models stay as they are
    return copy


def describe_foreign_key(words: Words, constraint: ForeignKeyConstraint) -> ForeignKeyFact:
    """A foreign key of the models.

    :raises ConfigurationError: it points to a table or column that the models do not have.
    """
    try:
        referred = constraint.referred_table
        referred_columns = tuple(
            words.stored_name(element.column.name) for element in constraint.elements
        )
    except (exc.NoReferenceError, exc.InvalidRequestError) as error:
        raise ConfigurationError(
            f"a foreign key in the models leads nowhere: {error}",
            hint="import every module that defines tables before the comparison",
        ) from None
    key = words.scope.key(referred.schema, words.stored_name(referred.name))
    return ForeignKeyFact(
        name=words.constraint_name(constraint),
        columns=_column_names(words, constraint),
        referred=key,
        referred_columns=referred_columns,
        onupdate=words.action(constraint.onupdate, constraint),
        ondelete=words.action(constraint.ondelete, constraint),
        **words.foreign_key_timing(constraint),
        options=words.foreign_key_options(constraint),
        source=constraint,
    )


def describe_index(words: Words, index: Index) -> IndexFact:
    """An index of the models."""
    return IndexFact(
        name=words.constraint_name(index),
        elements=words.elements(index),
        unique=bool(index.unique),
        where=words.index_where(index),
        options=words.index_options(index),
        source=index,
    )


def _column_names(words: Words, columns: Iterable[Column[object]]) -> tuple[str, ...]:
    # Not `constraint.columns`, which makes a collection of its own each time.
    return tuple([words.stored_name(column.name) for column in columns])
