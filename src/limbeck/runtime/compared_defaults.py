"""Whether two columns differ in their defaults, in the words of a dialect."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, DefaultClause, MetaData, Table

from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.facts.scope import Scope
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect
    from sqlalchemy.types import TypeEngine

    from limbeck.facts.objects import TableFact

__all__ = ["differ"]


def differ(
    dialect: Dialect,
    online: Connection | None,
    type_: TypeEngine[Any] | None,
    default: str | None,
    model: Column[Any],
    rendered: str | None,
) -> bool:
    """Whether a column has another default than its model.

    :param dialect: the dialect.
    :param online: where the database can be asked.
    :param type_: the type that the column has now; None for that of the model.
    :param default: the default that it has now, as SQL text.
    :param model: the column of the models.
    :param rendered: the models' default as SQL text.
    """
    before = _alone(model.type if type_ is None else type_, default)
    given: Any = model.server_default
    readings: list[Any] = [rendered]
    if isinstance(given, DefaultClause) and rendered is not None:
        readings.insert(0, given)  # it alone tells a string in quotes from SQL text
    return not any(
        _is_same_default(dialect, online, before, _alone(model.type, reading))
        for reading in readings
    )


def _is_same_default(
    dialect: Dialect, online: Connection | None, before: Table, after: Table
) -> bool:
    """Whether the only column of two tables has the same default.

    Text that is equal is equal; of what still differs the database says what it is to it.
    """
    backend = backend_for(dialect)
    described = [backend.describe([t.metadata], dialect, Scope()) for t in (before, after)]
    sides = [schema.tables[0] for schema in backend.settle(*described)]
    if _is_same(*sides):
        return True
    if online is None:
        return False
    try:
        found = [backend.on_scratch(online, [table], Scope()) for table in (before, after)]
    except ScratchImpossible:
        return False
    return all(found) and _is_same(found[0][0], found[1][0])


def _alone(type_: TypeEngine[Any], default: Any) -> Table:
    """A table with one column, of a type and a default that may be SQL text."""
    if isinstance(default, DefaultClause):
        default = default.arg
    elif default is not None:
        default = literal_text(default)
    return Table("t", MetaData(), Column("x", type_, server_default=default))


def _is_same(before: TableFact, after: TableFact) -> bool:
    """Whether the only columns of two tables have the same default, or the same number as one."""
    one, other = before.columns[0].default, after.columns[0].default
    if one == other:
        return True
    numbers = [_number(default) for default in (one, other)]
    return numbers[0] is not None and numbers[0] == numbers[1]


_NUMBER = re.compile(r"[('\s]*([+-]?\d+(?:\.\d*)?)[)'\s]*(?:::[\w\s]+)?")


def _number(default: str | None) -> Decimal | None:
    found = _NUMBER.fullmatch(default or "")
    return Decimal(found.group(1)) if found else None
