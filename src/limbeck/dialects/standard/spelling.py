"""Texts that differ in their spelling only, where no scratch is at hand to ask.

A database that limbeck does not build on scratch returns a default or an expression in words of
its own. What is left of a text without spaces, quotes around names and brackets is compared, and
where that is equal, the database's text is taken for the models' one. Two expressions that differ
in nothing but their brackets are told apart by the database alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, SchemaFact, TableFact

SettleTable = Callable[["TableFact", "TableFact"], "tuple[TableFact, TableFact]"]

_STRING = re.compile(r"([Nn]?'(?:[^']|'')*')")
_SPELLING = re.compile(r'[\s()\[\]"]+')
_QUOTED_NUMBER = re.compile(r"'([+-]?[\d.]+)'")
_NUMBER_TYPE = re.compile(r"\w*INT|NUM|DEC|FLOAT|REAL|DOUBLE|BIT|BOOL|\w*MONEY")


def settle_tables(
    before: SchemaFact, after: SchemaFact, settle: SettleTable
) -> tuple[SchemaFact, SchemaFact]:
    """Both sides, with each table that both have settled beside the other.

    :param before: what the database has.
    :param after: what the models want.
    :param settle: makes of a stored table and the models' one what is compared.
    """
    wanted = {table.key: table for table in after.tables}
    pairs = {
        table.key: settle(table, wanted[table.key])
        for table in before.tables
        if table.key in wanted
    }
    return (
        replace(before, tables=tuple(pairs.get(t.key, (t, t))[0] for t in before.tables)),
        replace(after, tables=tuple(pairs.get(t.key, (t, t))[1] for t in after.tables)),
    )


def spelled_alike(before: TableFact, after: TableFact) -> TableFact:
    """The stored table, its texts spelled as the models spell them.

    A collation that the models do not ask for is not compared.
    """
    wanted = {column.name: column for column in after.columns}
    filters = {index.name: index.where for index in after.indexes}
    return replace(
        before,
        indexes=tuple(
            replace(index, where=_alike(index.where, filters.get(index.name)))
            for index in before.indexes
        ),
        columns=tuple(
            _spelled_alike(column, wanted[column.name]) if column.name in wanted else column
            for column in before.columns
        ),
    )


def _spelled_alike(before: ColumnFact, after: ColumnFact) -> ColumnFact:
    default, computed = before.default, before.computed
    if default and after.default and _default(default, after) == _default(after.default, after):
        default = after.default
    if computed and after.computed:
        expression = _alike(computed.expression, after.computed.expression)
        computed = replace(computed, expression=expression or "")
    collation = before.collation if after.collation is not None else None
    return replace(before, default=default, computed=computed, collation=collation)


def _alike(before: str | None, after: str | None) -> str | None:
    """The models' text where it differs in its spelling only, else the stored one."""
    alike = before is not None and after is not None and essence(before) == essence(after)
    return after if alike else before


def _default(text: str, column: ColumnFact) -> str:
    found = essence(text)
    number = _QUOTED_NUMBER.fullmatch(found)
    return number.group(1) if number and _NUMBER_TYPE.match(column.type) else found


def essence(text: str) -> str:
    """What is left of SQL text when nothing is said but what has to be."""
    parts = _STRING.split(text)
    return "".join(
        part.lstrip("Nn") if place % 2 else _SPELLING.sub("", part).lower()
        for place, part in enumerate(parts)
    )
