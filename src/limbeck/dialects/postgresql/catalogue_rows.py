"""What the catalogue says of the tables of some schemas: a row for each object.

The server sends the rows of a table as one text in JSON, which is exact for all that there is in
them (text, truth, whole numbers, lists of these): to read one long field takes a driver a fraction
of what it takes for as many short ones.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ColumnRow", "ConstraintRow", "IndexElementRow", "TableRow", "column_row", "rows_of"]


class TableRow(NamedTuple):
    """A table. ``parents`` are pairs of schema and name."""

    nspname: str
    relname: str
    comment: str | None
    unlogged: bool
    storage: str | None
    partition_key: str | None
    amname: str | None
    spcname: str | None
    parents: list[list[str]]


class ColumnRow(NamedTuple):
    """A column, with the sequence that it owns."""

    attname: str
    type: str
    attnotnull: bool
    expression: str | None
    generated: str
    identity: str
    collation: str | None
    inherited: bool
    comment: str | None
    owns: str | None
    sequence: str | None
    seqstart: int | None
    seqincrement: int | None
    seqmin: int | None
    seqmax: int | None
    seqcycle: bool | None
    seqcache: int | None
    sequence_type: str | None


class ConstraintRow(NamedTuple):
    """A constraint; the letters are those of ``pg_constraint``."""

    conname: str
    contype: str
    condeferrable: bool
    condeferred: bool
    columns: list[str]
    referred_schema: str | None
    referred_table: str
    referred_columns: list[str]
    onupdate: str
    ondelete: str
    match: str
    delete_columns: list[str]
    condition: str
    connoinherit: bool
    convalidated: bool
    enforced: bool
    period: bool
    definition: str
    nulls_not_distinct: bool | None
    included: list[str]


class IndexElementRow(NamedTuple):
    """An element of an index, with what is said of the whole index."""

    relname: str
    amname: str
    indisunique: bool
    nulls_not_distinct: bool
    predicate: str | None
    storage: str | None
    included: bool
    attname: str | None
    expression: str
    ordering: int
    operators: str | None
    collation: str | None


RowType = TypeVar("RowType", TableRow, ConstraintRow, IndexElementRow)


def rows_of(kind: type[RowType], text: str) -> Iterator[RowType]:
    """The rows of one table.

    :param kind: what they are about.
    :param text: a JSON array of arrays.
    """
    for values in json.loads(text):
        yield kind._make(values)


def column_row(text: str) -> ColumnRow:
    """One column.

    :param text: a JSON array.
    """
    return ColumnRow._make(json.loads(text))
