"""What the server does by itself, so that nobody takes it for a difference.

Some facts of a stored table mean something only beside what the models say of it:

* A unique constraint and a unique index are one thing; it is called what the models call it.
* InnoDB gives every foreign key an index and lets nobody drop the last one that serves it
  (https://mariadb.com/kb/en/foreign-keys/), so such an index goes with its foreign key.
* A collation is compared only where the models ask for one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.facts.objects import (
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


def settle(before: SchemaFact, after: SchemaFact) -> SchemaFact:
    """``before`` as it is to be compared with ``after``.

    :param before: what the database has.
    :param after: what the models want.
    """
    wanted = {table.key: table for table in after.tables}
    return replace(
        before,
        tables=tuple(
            settled_table(table, wanted[table.key])
            if table.key in wanted
            else _without_own_indexes(table)
            for table in before.tables
        ),
    )


def settled_table(before: TableFact, after: TableFact) -> TableFact:
    """One stored table as it is to be compared with the models' one."""
    called_indexes = {index.name for index in after.indexes if index.unique}
    uniques = [c for c in before.constraints if isinstance(c, UniqueFact)]
    renamed = [u for u in uniques if u.name in called_indexes]
    kept: list[ConstraintFact] = [c for c in before.constraints if c not in renamed]
    indexes = [*before.indexes, *(IndexFact(u.name, u.columns, unique=True) for u in renamed)]
    silent = {column.name for column in after.columns if column.collation is None}
    return replace(
        before,
        columns=tuple(
            replace(column, collation=None) if column.name in silent else column
            for column in before.columns
        ),
        constraints=in_order(kept),
        indexes=indexes_in_order(_without_needed(indexes, before, after)),
    )


def _without_needed(
    indexes: Iterable[IndexFact], before: TableFact, after: TableFact
) -> Iterator[IndexFact]:
    """The stored indexes without those that a foreign key needs and the models do not name."""
    named = {index.name for index in after.indexes}
    keys = [c for c in after.constraints if isinstance(c, ForeignKeyFact)]
    own = _own_names(before)
    for index in indexes:
        served = [key for key in keys if _serves(index.elements, key.columns)]
        free = index.name not in own and all(_is_served(key, after) for key in served)
        if index.name in named or index.unique or not served or free:
            yield index


def _is_served(key: ForeignKeyFact, after: TableFact) -> bool:
    """Whether something that the models ask for serves a foreign key."""
    lists = [index.elements for index in after.indexes]
    lists += [c.columns for c in after.constraints if isinstance(c, UniqueFact)]
    if after.primary_key is not None:
        lists.append(after.primary_key.columns)
    return any(_serves(elements, key.columns) for elements in lists)


def _serves(elements: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Whether an index begins with the columns of a foreign key, in any order."""
    return set(elements[: len(columns)]) == set(columns)


def _own_names(table: TableFact) -> frozenset[str]:
    """The names that the server gives to indexes of foreign keys."""
    keys = [c for c in table.constraints if isinstance(c, ForeignKeyFact)]
    return frozenset(
        name for key in keys for name in (key.name, key.columns[0]) if name is not None
    )


def _without_own_indexes(table: TableFact) -> TableFact:
    """A table without the indexes that come and go with its foreign keys."""
    own = _own_names(table)
    keys = [c for c in table.constraints if isinstance(c, ForeignKeyFact)]
    return replace(
        table,
        indexes=tuple(
            index
            for index in table.indexes
            if index.unique
            or index.name not in own
            or not any(_serves(index.elements, key.columns) for key in keys)
        ),
    )
