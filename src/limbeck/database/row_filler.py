"""Rows for one table: plain ones, and one for each odd value of each column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, StatementError

from limbeck.database.sample_values import odd_values, plain_value
from limbeck.facts.objects import CheckFact

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.objects import TableFact

__all__ = ["Filler"]

_PLAIN_ROWS = 3
_MOST_ODD_ROWS = 60
_MOST_GUESSES = 24

_LITERAL = re.compile(r"'((?:[^']|'')*)'|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])")


class Filler:
    """Puts rows into one table.

    :param connection: in a transaction.
    :param table: the table.
    :param fact: the same table, with its CHECKs.
    """

    def __init__(self, connection: Connection, table: sa.Table, fact: TableFact) -> None:
        self._connection = connection
        self._table = table
        self._guesses = dict(_guesses(table, fact))
        self._number = 0
        self._settled: dict[str, Any] = {}
        self._columns = [
            column
            for column in table.columns
            if column.computed is None and not (column.identity and column.identity.always)
        ]

    def fill(self, *, odd: bool) -> bool:
        """Put rows in.

        :return: whether there are any.
        """
        done = sum(self._plain() for _ in range(_PLAIN_ROWS))
        if not done:
            return False
        if odd:
            nothing = {each.name: None for each in self._columns if self._may_be_null(each)}
            self._try(nothing)
            for name, value in itertools.islice(self._odd(), _MOST_ODD_ROWS):
                self._try({name: value})
        return True

    def _plain(self) -> bool:
        """Put a plain row in, if need be with what the CHECKs speak of."""
        if self._try({}):
            return True
        names = list(self._guesses)
        guesses = itertools.product(*(self._guesses[name] for name in names))
        for guess in itertools.islice(guesses, _MOST_GUESSES):
            values = dict(zip(names, guess, strict=True))
            if self._try(values):
                self._settled = values
                return True
        return False

    def _odd(self) -> Iterator[tuple[str, Any]]:
        for column in self._columns:
            if not column.foreign_keys:
                yield from ((column.name, value) for value in odd_values(column.type))
                yield from ((column.name, value) for value in self._guesses.get(column.name, ()))

    def _try(self, given: Mapping[str, Any]) -> bool:
        """Try one row.

        :param given: values that are not to be plain.
        :return: whether the database took it.
        """
        number = self._number
        self._number += 1
        values = {column.name: plain_value(column.type, number) for column in self._columns}
        values |= {
            name: value for name, value in self._settled.items() if not self._must_differ(name)
        }
        references = self._references(number)
        if references is None:
            return False
        values |= references
        values |= given
        required = {column.name for column in self._columns if not column.nullable}
        values = {
            name: value
            for name, value in values.items()
            if value is not None or name not in required
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(self._table.insert().values(values))
        except (DBAPIError, StatementError, OverflowError, ValueError, TypeError):
            return False  # the database refuses it, or the driver cannot say it
        return True

    def _must_differ(self, name: str) -> bool:
        return bool(self._table.columns[name].primary_key)

    def _may_be_null(self, column: sa.Column[Any]) -> bool:
        return bool(column.nullable) and not column.primary_key

    def _references(self, number: int) -> dict[str, Any] | None:
        """Values for the columns of foreign keys: those of rows that are there; None for none.

        SQLite would take others too, as its foreign keys are off in a transaction of limbeck's.
        """
        values: dict[str, Any] = {}
        for key in self._table.foreign_key_constraints:
            referred = [element.target_fullname.rpartition(".") for element in key.elements]
            target = referred[0][0]
            schema, _, name = target.rpartition(".")
            source = sa.table(
                name, *(sa.column(each[2]) for each in referred), schema=schema or None
            )
            rows: Sequence[Any] = self._connection.execute(sa.select(source).limit(5)).all()
            rows = [row for row in rows if None not in row]
            own = list(key.columns)
            if rows:
                row = rows[number % len(rows)]
                values |= {column.name: value for column, value in zip(own, row, strict=True)}
            elif all(column.nullable for column in own):
                values |= {column.name: None for column in own}
            elif target == self._table.fullname:  # the first row refers to itself
                values |= {
                    column.name: plain_value(self._table.columns[each[2]].type, number)
                    for column, each in zip(own, referred, strict=True)
                }
            else:
                return None
        return values


def _guesses(table: sa.Table, fact: TableFact) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """For each column that a CHECK speaks of, the values that the CHECK speaks of."""
    checks = [each.condition for each in fact.constraints if isinstance(each, CheckFact)]
    for column in table.columns:
        texts = [check for check in checks if re.search(rf"\b{re.escape(column.name)}\b", check)]
        found: list[Any] = []
        for text in texts:
            for word, number in _LITERAL.findall(text):
                found += _as_value(column, word.replace("''", "'"), number)
        if found:
            yield column.name, tuple(dict.fromkeys(found))


def _as_value(column: sa.Column[Any], word: str, number: str) -> list[Any]:
    if isinstance(column.type, sa.String):
        return [word] if not number else []
    if not number:
        return []
    if isinstance(column.type, sa.Integer):
        whole = int(Decimal(number))
        return [whole, whole + 1, whole - 1]
    return [Decimal(number), Decimal(number) + 1]
