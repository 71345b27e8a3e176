"""Identities whose range becomes another, where PostgreSQL counts by a sequence of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.postgresql.sequence_options import (
    counts_backwards,
    sequence_range,
    sequence_start,
)
from limbeck.operations import ops
from limbeck.plan.serial import owned_sequence

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, TableKey
    from limbeck.plan.situation import Situation


def identity_in_range(
    situation: Situation, table: TableKey, before: ColumnFact, after: ColumnFact
) -> Iterator[ops.MigrateOperation]:
    """The statement that brings an identity to a number that its new range has.

    PostgreSQL refuses a range without the number that a sequence stands at:
    https://www.postgresql.org/docs/current/sql-altersequence.html

    :param before: the column as it is.
    :param after: as it becomes.
    """
    if before.identity is None or after.identity is None or before.identity == after.identity:
        return
    # The options are altered after the type, yet this comes before both.
    smallest, greatest = _limits(before.type)
    old_low, old_high = sequence_range(before.identity.options, before.type)
    low, high = sequence_range(after.identity.options, after.type)
    low, high = max(low, smallest), min(high, greatest)
    if low > high or (low <= old_low and high >= old_high):
        return
    preparer = situation.dialect.identifier_preparer
    schema = f"{preparer.quote_schema(table.schema)}." if table.schema else ""
    address = schema + preparer.quote(table.name)
    if high < old_low or low > old_high:
        start = min(max(sequence_start(after.identity.options), low), high)
        yield ops.ExecuteSQLOp(
            f"ALTER TABLE {address} ALTER COLUMN {preparer.quote(after.name)} "
            f"SET MINVALUE {low} SET MAXVALUE {high} SET START WITH {start} RESTART WITH {start}"
        )
        return
    # The next number is asked for: where the last one is, a column cannot be asked. What is used
    # up stays so.
    gone = f"n < {low}" if counts_backwards(after.identity.options) else f"n > {high}"
    sequence = owned_sequence(address, after.name)
    yield ops.ExecuteSQLOp(
        f"SELECT setval(s, least(greatest(n, {low}), {high}), {gone}) "
        f"FROM {sequence} AS s, nextval(s) AS n"
    )


def _limits(type_text: str) -> tuple[int, int]:
    """The smallest and the greatest number of a type."""
    greatest = sequence_range((), type_text)[1]
    return -greatest - 1, greatest
