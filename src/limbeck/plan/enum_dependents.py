"""What compares a column with values of its enumerated type, and must step aside for a new one.

PostgreSQL builds constraints and indexes anew when a column's type changes, but from their old
text, in which the values are still of the old type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added
from limbeck.facts.objects import CheckFact, ExcludeFact, IndexFact
from limbeck.operations import ops
from limbeck.plan.constraints import ConstraintPlanner
from limbeck.plan.step_aside import alike, mentions

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, TableKey
    from limbeck.plan.situation import Situation

Comparing = CheckFact | ExcludeFact | IndexFact
Gone = set[tuple["TableKey", Comparing]]


@dataclass(frozen=True)
class Dependent:
    """A constraint or index that is dropped before the type changes, and created after it.

    :param after: None where it goes or changes by itself, and its successor comes by itself.
    """

    table: TableKey
    before: Comparing
    after: Comparing | None

    def drop(self, situation: Situation) -> ops.MigrateOperation:
        """The operation that drops it."""
        name, schema = situation.old_name(self.table, self.before), self.table.schema or None
        if isinstance(self.before, IndexFact):
            return ops.DropIndexOp(name, self.table.name, schema=schema)
        kind = "exclude" if isinstance(self.before, ExcludeFact) else "check"
        return ops.DropConstraintOp(name, self.table.name, kind, schema=schema)

    def create(self, situation: Situation) -> Iterator[ops.MigrateOperation]:
        """The operation that creates it again."""
        if self.after is None:
            return
        planner = ConstraintPlanner(situation)
        # In a table in which nothing else changes, only the models' side has objects, but for
        # an EXCLUDE constraint, whose object then belongs to no table.
        known = self.after.source
        loose = isinstance(self.after, ExcludeFact) and not hasattr(known, "parent")
        source = self.before.source if known is None or loose else known
        if isinstance(self.after, IndexFact):
            yield planner.create_index(self.table, replace(self.after, source=source))
        else:
            yield planner.create(self.table, replace(self.after, source=source))


def dependents(
    users: Iterable[tuple[TableKey, ColumnFact]], situation: Situation, gone: Gone
) -> Iterator[Dependent]:
    """Yield what is about the columns of a type.

    :param users: the columns of the type.
    :param gone: what was dropped for another type and does not come back; what is dropped for
        this one is added to it.
    """
    busy = {(c.table, c.before) for c in situation.changes if not isinstance(c, Added)}
    seen: Gone = set()
    for key, column in users:
        table, later = situation.tables_before[key], situation.tables_after.get(key)
        for fact in (*table.constraints, *table.indexes):
            if not isinstance(fact, Comparing) or not _compares(fact, column.name):
                continue
            if (key, fact) in gone or (key, fact) in seen:
                continue
            if later is None or (key, fact) in busy:
                gone.add((key, fact))
                yield Dependent(key, fact, None)
                continue
            seen.add((key, fact))
            for other in (*later.constraints, *later.indexes):
                if isinstance(other, Comparing) and alike(other, fact):
                    yield Dependent(key, fact, other)
                    break


def _compares(fact: Comparing, column: str) -> bool:
    """Say whether values of the type may stand in the text; a plain column is no text."""
    if isinstance(fact, IndexFact) and fact.where is None:
        return any(e != column for e in fact.elements) and mentions(fact, column)
    return mentions(fact, column)
