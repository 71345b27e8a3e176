"""Which values an enumerated type gets, and whether it can get them where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.diff.changes import Changed, Removed
from limbeck.facts.objects import EnumFact

if TYPE_CHECKING:
    from limbeck.plan.situation import Situation


def is_made_anew(change: Changed, situation: Situation) -> bool:
    """Say whether a type is replaced by a new one: PostgreSQL only adds values, and a value
    added in a transaction cannot be used in it.

    https://www.postgresql.org/docs/current/sql-altertype.html, Notes
    """
    before, after = change.before, change.after
    assert isinstance(before, EnumFact)
    assert isinstance(after, EnumFact)
    kept = tuple(value for value in after.values if value in before.values)
    return kept != before.values or _used_at_once(new_values(change), situation)


def new_values(change: Changed) -> list[str]:
    """The values that a type did not have, in order."""
    before, after = change.before, change.after
    assert isinstance(before, EnumFact)
    assert isinstance(after, EnumFact)
    return [value for value in after.values if value not in before.values]


def literal(value: str) -> str:
    """A value as SQL spells it."""
    return "'" + value.replace("'", "''") + "'"


def _used_at_once(values: list[str], situation: Situation) -> bool:
    """Say whether a new value stands in a default, a condition or an index of the same revision."""
    literals = [literal(value) for value in values]
    for change in situation.changes:
        if isinstance(change, Removed) or change.kind == "enum":
            continue
        words = repr(change.after)
        if any(literal in words or repr(literal)[1:-1] in words for literal in literals):
            return True
    return False
