"""What compares a column with values of its enumerated type, and must step aside for a new one.

PostgreSQL builds constraints and indexes anew when a column's type changes, but from their old
text, in which the values are still of the old type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ExcludeFact,
    IndexFact,
    PrimaryKeyFact,
    UniqueFact,
)
from limbeck.operations import ops
from limbeck.plan.constraints import ConstraintPlanner
from limbeck.plan.step_aside import Part, alike, is_computed_from, mentions, renews
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import TableKey
    from limbeck.plan.columns import ColumnPlanner
    from limbeck.plan.situation import Situation

Comparing = CheckFact | ExcludeFact | IndexFact
Gone = set[tuple["TableKey", Part | ColumnFact]]


_WORDS = {
    CheckFact: "check",
    ExcludeFact: "exclude",
    UniqueFact: "unique",
    PrimaryKeyFact: "primary",
}


class Dependent(Value):
    """A constraint or index that is dropped before the type changes, and created after it.

    :param after: None where it goes or changes by itself, and its successor comes by itself.
    """

    table: TableKey
    before: Part
    after: Comparing | None

    def drop(self, situation: Situation) -> ops.MigrateOperation:
        """The operation that drops it."""
        name, schema = situation.old_name(self.table, self.before), self.table.schema or None
        if isinstance(self.before, IndexFact):
            return ops.DropIndexOp(name, self.table.name, schema=schema)
        return ops.DropConstraintOp(name, self.table.name, _WORDS[type(self.before)], schema=schema)

    def create(self, situation: Situation) -> Iterator[ops.MigrateOperation]:
        """The operation that creates it again."""
        if self.after is None:
            return
        planner = ConstraintPlanner(situation)
        if isinstance(self.after, IndexFact):
            yield planner.create_index(self.table, self.after)
        else:
            yield planner.create(self.table, self.after)


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


def computed_columns_gone(
    users: Iterable[tuple[TableKey, ColumnFact]],
    situation: Situation,
    columns: ColumnPlanner,
    gone: Gone,
) -> Iterator[ops.MigrateOperation]:
    """Drop what is computed from the columns of a type, and what hangs on it.

    PostgreSQL: "cannot alter type of a column used by a generated column". What comes back does
    so with the other changes of its table.

    :param gone: what is dropped here is added to it.
    """
    typed: dict[TableKey, set[str]] = defaultdict(set)
    for place, user in users:
        typed[place].add(user.name)
    for change in situation.of_kind("column"):
        if not (isinstance(change, Removed) or (isinstance(change, Changed) and renews(change))):
            continue
        key, column = change.table, change.before
        assert key is not None
        assert isinstance(column, ColumnFact)
        if (key, column) in gone or not is_computed_from(column, typed[key]):
            continue
        for part in _parts_gone(situation, key, column.name):
            if (key, part) not in gone:
                gone.add((key, part))
                yield Dependent(key, part, None).drop(situation)
        gone.add((key, column))
        yield columns.left(key, change)


def _parts_gone(situation: Situation, table: TableKey, column: str) -> Iterator[Part]:
    """Yield what is over a column of a table and does not stay as it is."""
    for change in situation.changes:
        if isinstance(change, Added) or change.table != table:
            continue
        part = change.before
        if isinstance(part, Part) and mentions(part, column):
            yield part


def _compares(fact: Comparing, column: str) -> bool:
    """Say whether values of the type may stand in the text; a plain column is no text."""
    if isinstance(fact, IndexFact) and fact.where is None:
        return any(e != column for e in fact.elements) and mentions(fact, column)
    return mentions(fact, column)
