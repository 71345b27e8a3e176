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

Operations = Iterator[ops.MigrateOperation]


def sequence_operations(situation: Situation, kind: type[Added] | type[Removed]) -> Operations:
    """The statements that create new sequences and alter others, or drop those that go."""
    for change in situation.of_kind("sequence"):
        if isinstance(change, Changed) and kind is Added:
            yield from _alter(change, situation)
        elif isinstance(change, Added) and kind is Added:
            source: Any = change.after.source
            yield _statement(CreateSequence(source), situation)
        elif isinstance(change, Removed) and kind is Removed:
            source = change.before.source
            yield _statement(DropSequence(source), situation)


def _statement(ddl: Any, situation: Situation) -> ops.ExecuteSQLOp:
    return ops.ExecuteSQLOp(str(ddl.compile(dialect=situation.dialect)).strip())


def _alter(change: Changed, situation: Situation) -> Operations:
    """What was said and is no longer has to be taken back: ``ALTER SEQUENCE`` keeps it.

    It also refuses a range in which the number that the sequence stands at is not:
    https://www.postgresql.org/docs/current/sql-altersequence.html
    """
    from limbeck.dialects.postgresql.sequence_options import sequence_range, sequence_start

    before, after = change.before, change.after
    assert isinstance(before, SequenceFact)
    assert isinstance(after, SequenceFact)
    source: Any = after.source
    name = situation.dialect.identifier_preparer.format_sequence(source)
    (old_low, old_high), (low, high) = (sequence_range(fact.options) for fact in (before, after))
    apart = high < old_low or low > old_high
    if not apart and (low > old_low or high < old_high):
        literal = "'" + name.replace("'", "''") + "'"
        place = f"least(greatest(last_value, {low}), {high})"
        yield ops.ExecuteSQLOp(f"SELECT setval({literal}, {place}, is_called) FROM {name}")
    start = sequence_start(after.options)
    words = _words(before, after, start)
    if apart:
        words.append(f"RESTART WITH {start}")
    yield ops.ExecuteSQLOp(f"ALTER SEQUENCE {name} {' '.join(words)}")


def _words(before: SequenceFact, after: SequenceFact, start: int) -> list[str]:
    """The clauses for the options that differ."""
    old, new = dict(before.options), dict(after.options)
    # The start is one of the bounds where it is left open, so it moves with them.
    changed = {option for option in old.keys() | new.keys() if old.get(option) != new.get(option)}
    ranges = {"minvalue", "maxvalue", "increment", "data_type"}
    if ranges & changed:
        changed |= {"minvalue", "maxvalue", "start"}
    said = {
        "data_type": f"AS {new.get('data_type', 'bigint')}",
        "increment": f"INCREMENT BY {new.get('increment', 1)}",
        "minvalue": f"MINVALUE {new['minvalue']}" if "minvalue" in new else "NO MINVALUE",
        "maxvalue": f"MAXVALUE {new['maxvalue']}" if "maxvalue" in new else "NO MAXVALUE",
        "start": f"START WITH {start}",
        "cache": f"CACHE {new.get('cache', 1)}",
        "cycle": "CYCLE" if "cycle" in new else "NO CYCLE",
    }
    return [words for option, words in said.items() if option in changed]
