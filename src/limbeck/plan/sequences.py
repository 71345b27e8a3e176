"""Sequences that no column owns, as statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import CreateSequence, DropSequence

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.objects import SequenceFact
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.plan.situation import Situation


def sequence_operations(
    situation: Situation, kind: type[Added] | type[Removed]
) -> Iterator[ops.MigrateOperation]:
    """The statements that create new sequences and alter others, or drop those that go."""
    for change in situation.of_kind("sequence"):
        if isinstance(change, Changed) and kind is Added:
            yield _alter(change, situation)
        elif isinstance(change, Added) and kind is Added:
            source: Any = change.after.source
            yield _statement(CreateSequence(source), situation)
        elif isinstance(change, Removed) and kind is Removed:
            source = change.before.source
            yield _statement(DropSequence(source), situation)


def _statement(ddl: Any, situation: Situation) -> ops.ExecuteSQLOp:
    return ops.ExecuteSQLOp(str(ddl.compile(dialect=situation.dialect)).strip())


def _alter(change: Changed, situation: Situation) -> ops.ExecuteSQLOp:
    """Everything that ``CREATE SEQUENCE`` says may also be said to ``ALTER SEQUENCE``."""
    assert isinstance(change.after, SequenceFact)
    source: Any = change.after.source
    words = str(CreateSequence(source).compile(dialect=situation.dialect)).strip()
    return ops.ExecuteSQLOp(words.replace("CREATE SEQUENCE", "ALTER SEQUENCE", 1))
