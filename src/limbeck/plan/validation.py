"""Constraints that hold for new rows only, and are to hold for all (PostgreSQL's NOT VALID).

https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from limbeck.diff.changes import Changed
from limbeck.facts.objects import CheckFact, ForeignKeyFact
from limbeck.operations import ops
from limbeck.plan.table_options import table_words

if TYPE_CHECKING:
    from limbeck.diff.changes import Change
    from limbeck.plan.situation import Situation

_NOT_VALID = ("postgresql_not_valid", "true")


def only_validates(change: Change) -> bool:
    """Whether a constraint stays as it is, but has to hold for the rows that are there."""
    if not isinstance(change, Changed) or change.fields != ("options",):
        return False
    before, after = change.before, change.after
    if not isinstance(before, CheckFact | ForeignKeyFact) or type(before) is not type(after):
        return False
    return set(before.options) - set(after.options) == {_NOT_VALID} and set(after.options) <= set(
        before.options
    )


def validations(changes: Iterable[Change], situation: Situation) -> Iterator[ops.MigrateOperation]:
    """The statements that look at the rows which nobody has looked at yet."""
    quote = situation.dialect.identifier_preparer.quote
    for change in changes:
        assert isinstance(change, Changed)
        assert isinstance(change.before, CheckFact | ForeignKeyFact)
        assert change.table is not None
        name = situation.old_name(change.table, change.before)
        words = f"ALTER TABLE {table_words(change.table, situation)} VALIDATE CONSTRAINT"
        yield ops.ExecuteSQLOp(f"{words} {quote(name)}")
