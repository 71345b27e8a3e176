"""Columns that PostgreSQL counts by a sequence of their own, as ``SERIAL`` makes them.

``SERIAL`` is no type but short for these steps, and only ``CREATE TABLE`` and ``ADD COLUMN``
understand it: https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa

from limbeck.facts.names import cut_name
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, IdentityFact, TableFact, TableKey
    from limbeck.plan.situation import Situation

Operations = Iterator[ops.MigrateOperation]


class Serial:
    """The sequence of one column.

    :param situation: the direction that is planned.
    :param table: the column's table.
    :param fact: the column.
    :param sequence: the sequence as SQL spells it, None for the one that ``SERIAL`` makes.
    """

    def __init__(
        self, situation: Situation, table: TableKey, fact: ColumnFact, sequence: str | None
    ) -> None:
        preparer = situation.dialect.identifier_preparer
        schema = f"{preparer.quote_schema(table.schema)}." if table.schema else ""
        usual = schema + preparer.quote(cut_name(table.name, fact.name, "seq"))
        self._sequence = sequence or usual
        self._table = schema + preparer.quote(table.name)
        self._column, self._name = preparer.quote(fact.name), fact.name
        self._type = fact.sequence_type or fact.type

    @property
    def default(self) -> sa.TextClause:
        """The default that counts."""
        return sa.text(f"nextval({self._literal}::regclass)")

    @property
    def _literal(self) -> str:
        return "'" + self._sequence.replace("'", "''") + "'"

    def create(self) -> ops.ExecuteSQLOp:
        """The statement that creates the sequence."""
        return ops.ExecuteSQLOp(f"CREATE SEQUENCE {self._sequence} AS {self._type}")

    def retype(self) -> ops.ExecuteSQLOp:
        """The statement that lets the sequence count as far as the column's new type goes.

        Altering the column leaves its sequence with the type, and the end, that it was made with,
        and tools that know nothing of it have left it so.
        """
        return ops.ExecuteSQLOp(f"ALTER SEQUENCE {self._sequence} AS {self._type}")

    def own(self) -> ops.ExecuteSQLOp:
        """The statement that lets the sequence go with the column."""
        return ops.ExecuteSQLOp(
            f"ALTER SEQUENCE {self._sequence} OWNED BY {self._table}.{self._column}"
        )

    def catch_up(self) -> ops.ExecuteSQLOp:
        """The statement that lets the sequence go on behind the greatest value."""
        return ops.ExecuteSQLOp(
            f"SELECT setval({self._literal}, coalesce(max({self._column}), 0) + 1, false) "
            f"FROM {self._table}"
        )

    def follow(self, identity: IdentityFact) -> ops.ExecuteSQLOp:
        """The statement that lets an identity go on behind the values that are there."""
        from limbeck.dialects.postgresql.sequence_options import (
            counts_backwards,
            sequence_range,
            sequence_start,
        )

        start, backwards = sequence_start(identity.options), counts_backwards(identity.options)
        furthest = f"{'min' if backwards else 'max'}({self._column})"
        low, high = sequence_range(identity.options, self._type)
        bounds = (low, start) if backwards else (start, high)
        return ops.ExecuteSQLOp(
            f"SELECT setval({owned_sequence(self._table, self._name)}, {furthest}) "
            f"FROM {self._table} HAVING {furthest} BETWEEN {bounds[0]} AND {bounds[1]}"
        )

    def drop(self) -> ops.ExecuteSQLOp:
        """The statement that drops the sequence of a column that counts no more."""
        return ops.ExecuteSQLOp(f"DROP SEQUENCE IF EXISTS {self._sequence}")


def retyped_sequences(situation: Situation, table: TableFact) -> Operations:
    """The statements that give a table's sequences the types they had, other than ``SERIAL`` does.

    :param table: a table that is made again.
    """
    for column in table.columns:
        if column.sequence_type is not None and situation.counts_by_sequence:
            yield Serial(situation, table.key, column, None).retype()


def owned_sequence(table: str, column: str) -> str:
    """The call that finds the sequence of a column.

    :param table: the table's name, as SQL spells it.
    :param column: the column's name, as it is.
    """
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in (table, column))
    return f"pg_get_serial_sequence({names})"
