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
    old_low, old_high = sequence_range(before.identity.options, before.type)
    low, high = _reachable(before, after)
    if low > high or (low <= old_low and high >= old_high):
        return
    preparer = situation.dialect.identifier_preparer
    schema = f"{preparer.quote_schema(table.schema)}." if table.schema else ""
    address = schema + preparer.quote(table.name)
    start = min(max(sequence_start(after.identity.options), low), high)
    ranged = (
        f"ALTER TABLE {address} ALTER COLUMN {preparer.quote(after.name)} "
        f"SET MINVALUE {low} SET MAXVALUE {high} SET START WITH {start}"
    )
    if high < old_low or low > old_high:
        yield ops.ExecuteSQLOp(f"{ranged} RESTART WITH {start}")
        return
    # The next number is asked for: where the last one is, a column cannot be asked. What is used
    # up stays so, and has no next number.
    gone = f"n < {low}" if counts_backwards(after.identity.options) else f"n > {high}"
    step = int(dict(before.identity.options).get("increment", 1))
    end = f"< {old_low}" if step < 0 else f"> {old_high}"
    sequence = owned_sequence(address, after.name)
    yield ops.ExecuteSQLOp(
        f"SELECT setval(s, least(greatest(n, {low}), {high}), "
        f"{gone} OR (ended AND n BETWEEN {low} AND {high})) "
        f"FROM {sequence} AS s, pg_sequence_last_value(s) AS last, "
        f"coalesce(last + {step}::numeric {end}, false) AS ended, "
        "LATERAL (SELECT CASE WHEN ended THEN last ELSE nextval(s) END AS n) AS next"
    )
    if _outgrows(before, after.type):
        yield ops.ExecuteSQLOp(ranged)


def needs_type_first(before: ColumnFact, after: ColumnFact) -> bool:
    """Whether an identity's new range lies beyond its old type."""
    if before.identity is None or after.identity is None:
        return False
    low, high = _reachable(before, after)
    return low > high


def _reachable(before: ColumnFact, after: ColumnFact) -> tuple[int, int]:
    """What of the new range an identity can have as long as it is of its old type."""
    assert after.identity is not None
    smallest, greatest = _limits(before.type)
    low, high = sequence_range(after.identity.options, after.type)
    return max(low, smallest), min(high, greatest)


def _outgrows(before: ColumnFact, type_text: str) -> bool:
    """Whether bounds that were given would be out of range for a type.

    Those that are the old type's own become the new type's with it.
    """
    assert before.identity is not None
    given = dict(before.identity.options)
    smallest, greatest = _limits(type_text)
    low, high = sequence_range(before.identity.options, before.type)
    return ("minvalue" in given and low < smallest) or ("maxvalue" in given and high > greatest)


def _limits(type_text: str) -> tuple[int, int]:
    """The smallest and the greatest number of a type."""
    greatest = sequence_range((), type_text)[1]
    return -greatest - 1, greatest
