"""SQLAlchemy schema objects for operations, each on a throw-away ``MetaData``.

An operation speaks of tables by name; SQLAlchemy's DDL constructs want real ones. The tables made
here have just what a statement needs: the columns named in it, and empty placeholders for the
tables that foreign keys refer to. Names follow the naming convention of ``target_metadata``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.sql import visitors
from sqlalchemy.types import NULLTYPE

from limbeck.operations.copied_parts import (
    TAKING,
    copied,
    for_table,
    freed,
    is_column,
    on_table,
    own_column,
)
from limbeck.operations.literal_text import literal_text
from limbeck.operations.referred import foreign_keys_of, referred_table

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Constraint, ForeignKey, TextClause
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.sql.expression import ColumnClause


class HasOptions(Protocol):
    """Anything that knows the options of the running migration: a context, an emit target."""

    @property
    def opts(self) -> Mapping[str, Any]:
        """The options given to ``configure()``."""


def throwaway_metadata(context: HasOptions | None = None) -> MetaData:
    """An empty MetaData with the naming convention of ``target_metadata``.

    Where ``target_metadata`` is a sequence, its members must agree on one.
    """
    target = context.opts.get("target_metadata") if context is not None else None
    if target is None:
        target = getattr(context, "metadata", None)
    members = target if isinstance(target, Sequence) else [target]
    conventions = [m.naming_convention for m in members if isinstance(m, MetaData)]
    if conventions and all(each == conventions[0] for each in conventions):
        return MetaData(naming_convention=conventions[0])
    return MetaData()


def build_table(name: str, metadata: MetaData, *items: SchemaItem, **options: Any) -> Table:
    """A table on ``metadata``, with a placeholder for every table that it refers to.

    :param items: columns, constraints and indexes; what belongs to a table already is copied.
    """
    with TAKING:
        columns = [own_column(item, metadata) for item in items if isinstance(item, Column)]
        table = Table(name, metadata, *columns, **options)
    for item in items:
        if not isinstance(item, Column) and not _came_along(item, table):
            table.append_constraint(for_table(item, table))
    for foreign_key in foreign_keys_of(table):
        _ensure_referred(foreign_key, table, metadata)
    return table


def _came_along(item: Any, table: Table) -> bool:
    """Whether a constraint or index was made of columns, and went to the table with them."""
    if isinstance(item, Index):
        return item.table is table
    return getattr(item, "parent", None) is table


def placeholder(
    name: str,
    metadata: MetaData,
    columns: Iterable[str | ColumnClause[Any]] = (),
    schema: str | None = None,
) -> Table:
    """A table of which nothing but its name and some columns is known, or their names only."""
    table = Table(name, metadata, schema=schema, extend_existing=True)
    there = {one.name for one in table.c}
    for known in columns:
        made = _named(known, metadata)
        if made.name not in there:
            there.add(made.name)
            table.append_column(made)
    return table


def _named(known: str | ColumnClause[Any], metadata: MetaData) -> Column[Any]:
    """A column of which no more is known than this."""
    if isinstance(known, str):
        return Column(known, NULLTYPE)
    if not isinstance(known, Column):
        return Column(known.name, known.type)
    made = copied(known, metadata)
    # These would make an index or a constraint besides the one that is asked for.
    made.index = made.unique = None
    return made


def build_primary_key(
    name: str | None,
    table_name: str,
    columns: Sequence[str],
    metadata: MetaData,
    schema: str | None = None,
    **options: Any,
) -> PrimaryKeyConstraint:
    """A primary key over columns that are known by name."""
    table = Table(
        table_name, metadata, *[Column(c, Integer, nullable=False) for c in columns], schema=schema
    )
    constraint = PrimaryKeyConstraint(*[table.c[c] for c in columns], name=name, **options)
    table.append_constraint(constraint)
    return constraint


def build_unique(
    name: str | None,
    table_name: str,
    columns: Sequence[str],
    metadata: MetaData,
    schema: str | None = None,
    **options: Any,
) -> UniqueConstraint:
    """A unique constraint over columns that are known by name."""
    known = dict.fromkeys((*columns, *_names_in_options(options)))
    table = placeholder(table_name, metadata, list(known), schema)
    constraint = UniqueConstraint(*[table.c[c] for c in columns], name=name, **options)
    table.append_constraint(constraint)
    return constraint


def build_foreign_key(
    name: str | None,
    source: tuple[str | None, str],
    referent: tuple[str | None, str],
    local_columns: Sequence[str],
    remote_columns: Sequence[str],
    metadata: MetaData,
    **options: Any,
) -> ForeignKeyConstraint:
    """A foreign key between two tables that are known by name.

    :param source: schema and name of the table that gets the constraint.
    :param referent: schema and name of the table that it refers to.
    """
    local = placeholder(source[1], metadata, local_columns, source[0])
    remote = placeholder(referent[1], metadata, remote_columns, referent[0])
    constraint = ForeignKeyConstraint(
        [local.c[c] for c in local_columns],
        [remote.c[c] for c in remote_columns],
        name=name,
        **options,
    )
    local.append_constraint(constraint)
    return constraint


def build_check(
    name: str | None,
    table_name: str,
    condition: str | ColumnElement[bool] | TextClause,
    metadata: MetaData,
    schema: str | None = None,
    **options: Any,
) -> CheckConstraint:
    """A CHECK constraint; a condition in words is taken as it stands, colons and all."""
    expression = literal_text(condition) if isinstance(condition, str) else freed(condition)
    table = Table(table_name, metadata, schema=schema)
    constraint = CheckConstraint(expression, name=name, **options)
    table.append_constraint(constraint)
    return constraint


def build_index(
    name: str | None,
    table_name: str,
    columns: Sequence[Any],
    metadata: MetaData,
    schema: str | None = None,
    **options: Any,
) -> Index:
    """An index over columns that are known by name, and over expressions."""
    known: list[str | ColumnClause[Any]] = [*_columns_within(columns)]
    known += [c for c in columns if isinstance(c, str)]
    known += _names_in_options(options)
    table = placeholder(table_name, metadata, known, schema)
    by_name = {one.name: one for one in table.c}
    elements = [by_name[c] if isinstance(c, str) else on_table(c, by_name) for c in columns]
    keys = {one.name: one.key for one in table.c}
    index = Index(name, *elements, **by_other_words(options, keys))
    if index.table is None:
        table.append_constraint(index)
    return index


def by_other_words(options: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """An index's options with other words for the columns of which they speak.

    :param options: the options, as SQLAlchemy takes them.
    :param words: the keys of columns by their names, or their names by their keys.
    """
    found = dict(options)
    for option, said in options.items():
        if option.endswith("_include") and said is not None:
            named = [words.get(one, one) if isinstance(one, str) else one for one in said]
            found[option] = tuple(named) if isinstance(said, tuple) else named
        elif option == "postgresql_ops" and said:
            found[option] = {words.get(one, one): classes for one, classes in said.items()}
    return found


def constraint_name(constraint: Constraint | Index) -> str | None:
    """The name that an object was given, None where it has none or is yet to get one."""
    return constraint.name if isinstance(constraint.name, str) else None


def _ensure_referred(foreign_key: ForeignKey, table: Table, metadata: MetaData) -> None:
    schema, name, column = referred_table(foreign_key)
    if (schema, name) == (table.schema, table.name):
        return
    remote = placeholder(name, metadata, (), schema)
    wanted = column if column is not None else foreign_key.parent.key
    if wanted not in remote.c:
        remote.append_column(Column(wanted, foreign_key.parent.type or NULLTYPE))


def _names_in_options(options: Mapping[str, Any]) -> list[str]:
    """Columns that an index only stores: ``postgresql_include`` and its like."""
    return [
        column
        for key, value in options.items()
        if key.endswith("_include") and value is not None
        for column in value
        if isinstance(column, str)
    ]


def _columns_within(elements: Sequence[Any]) -> list[ColumnClause[Any]]:
    """The columns that expressions speak of."""
    found: list[ColumnClause[Any]] = []
    for element in elements:
        if not isinstance(element, str):
            found += [part for part in visitors.iterate(element) if is_column(part)]
    return found
