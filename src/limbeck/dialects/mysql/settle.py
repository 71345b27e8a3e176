"""What the server does by itself, so that nobody takes it for a difference.

Some facts of a stored table mean something only beside what the models say of it:

* A unique constraint and a unique index are one thing; it is called what the models call it.
* InnoDB gives every foreign key an index and lets nobody drop the last one that serves it
  (https://mariadb.com/kb/en/foreign-keys/), so such an index goes with its foreign key.
* A collation is compared only where the models ask for one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.types import NullType

from limbeck.dialects.mysql.table_options import settled_options
from limbeck.facts.names import cut_name
from limbeck.facts.objects import (
    ColumnFact,
    ConstraintFact,
    ForeignKeyFact,
    IndexFact,
    SchemaFact,
    TableFact,
    UniqueFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def settle(before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
    """Both sides as they are to be compared.

    :param before: what the database has.
    :param after: what the models want.
    """
    stored = {table.key: table for table in before.tables}
    wanted = {table.key: table for table in after.tables}
    return (
        replace(
            before,
            tables=tuple(
                settled_table(table, wanted[table.key])
                if table.key in wanted
                else _without_own_indexes(table)
                for table in before.tables
            ),
        ),
        replace(
            after,
            tables=tuple(
                _wanted(stored[table.key], table) if table.key in stored else table
                for table in after.tables
            ),
        ),
    )


def _wanted(before: TableFact, after: TableFact) -> TableFact:
    """One table of the models as it is to be compared with the stored one."""
    _, options = settled_options((*before.defaults, *before.options), after.options)
    after = _with_needed(before, after)
    return after if options == after.options else replace(after, options=options)


def settled_table(before: TableFact, after: TableFact) -> TableFact:
    """One stored table as it is to be compared with the models' one."""
    called_indexes = {index.name for index in after.indexes if index.unique}
    renamed: list[UniqueFact] = []
    kept: list[ConstraintFact] = []
    for fact in before.constraints:
        if isinstance(fact, UniqueFact) and fact.name in called_indexes:
            renamed.append(fact)
        else:
            kept.append(fact)
    indexes = [*before.indexes, *(IndexFact(u.name, u.columns, unique=True) for u in renamed)]
    silent = {column.name for column in after.columns if column.collation is None}
    return replace(
        before,
        columns=tuple(
            [
                _without_collation(column) if column.name in silent else column
                for column in before.columns
            ]
        ),
        constraints=in_order(kept),
        indexes=indexes_in_order(_without_needed(indexes, before, after)),
        options=settled_options((*before.defaults, *before.options), after.options)[0],
    )


@lru_cache(maxsize=1024)
def _without_collation(column: ColumnFact) -> ColumnFact:
    """A stored column whose collation nobody asks for: many tables have the same."""
    return replace(column, collation=None)


def _without_needed(
    indexes: Iterable[IndexFact], before: TableFact, after: TableFact
) -> Iterator[IndexFact]:
    """The stored indexes without those that a foreign key needs and the models do not name."""
    named = {index.name for index in after.indexes}
    own = _own_names(before)
    keys = _foreign_keys(after)
    for index in indexes:
        served = [key for key in keys if _serves(_leading(index), key.columns)]
        free = index.name not in own and all(_is_served(key, after) for key in served)
        if index.name in named or index.unique or not served or free:
            yield index


def _with_needed(before: TableFact, after: TableFact) -> TableFact:
    """The models' table with the indexes that new foreign keys bring along.

    Said aloud, such an index goes again when its foreign key does; the server would keep it.
    Over new columns only, it goes with them.
    """
    missing: list[IndexFact] = []
    there = {column.name for column in before.columns}
    for key in sorted(_foreign_keys(after), key=lambda key: -len(key.columns)):
        if _is_served(key, after) or _is_served(key, before):
            continue
        # A key that is there may do without: MariaDB drops the index that it has made for one when
        # it creates a FULLTEXT index over the same column.
        if there.isdisjoint(key.columns) or replace(key, name=None) in _unnamed_keys(before):
            continue
        if any(_serves(_leading(index), key.columns) for index in missing):
            continue  # the index of a longer key serves a shorter one too
        missing.append(_own_index(after, key))
    indexes = indexes_in_order([*after.indexes, *missing])
    return after if indexes == after.indexes else replace(after, indexes=indexes)


def _own_index(table: TableFact, key: ForeignKeyFact) -> IndexFact:
    """The index of a foreign key, called as the key is."""
    name = key.name or cut_name(table.key.name, "_".join(key.columns), "fkey")
    # On a table of its own, so that the models stay as they are.
    source = Table(
        table.key.name,
        MetaData(),
        *(Column(column, NullType()) for column in key.columns),
        schema=table.key.schema or None,
    )
    index = Index(name, *source.columns)
    return IndexFact(name, key.columns, source=index)


def _foreign_keys(table: TableFact) -> list[ForeignKeyFact]:
    return [c for c in table.constraints if isinstance(c, ForeignKeyFact)]


def _unnamed_keys(table: TableFact) -> list[ForeignKeyFact]:
    return [replace(key, name=None) for key in _foreign_keys(table)]


def _is_served(key: ForeignKeyFact, table: TableFact) -> bool:
    """Whether something in a table serves a foreign key."""
    lists = [_leading(index) for index in table.indexes]
    lists += [c.columns for c in table.constraints if isinstance(c, UniqueFact)]
    if table.primary_key is not None:
        lists.append(table.primary_key.columns)
    return any(_serves(elements, key.columns) for elements in lists)


def _leading(index: IndexFact) -> tuple[str, ...]:
    """The columns by which an index finds rows in order, which FULLTEXT and SPATIAL ones do not.

    "the foreign key columns are listed as the first columns in the same order": of a B-tree.
    https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
    """
    is_ordered = not any(option.endswith("_prefix") for option, _ in index.options)
    return index.elements if is_ordered else ()


def _serves(elements: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index begins with the columns of a foreign key."""
    return elements[: len(columns)] == columns


def _own_names(table: TableFact) -> frozenset[str]:
    """The names that the server gives to indexes of foreign keys."""
    names = (name for key in _foreign_keys(table) for name in (key.name, key.columns[0]))
    return frozenset(name for name in names if name is not None)


def _without_own_indexes(table: TableFact) -> TableFact:
    """A table without the indexes that come and go with its foreign keys."""
    own = _own_names(table)
    keys = _foreign_keys(table)
    return replace(
        table,
        indexes=tuple(
            index
            for index in table.indexes
            if index.unique
            or index.name not in own
            or not any(_serves(_leading(index), key.columns) for key in keys)
        ),
    )
