"""Names for constraints that the models leave without one.

A constraint without a name cannot be dropped by a revision, so every constraint in a generated
file has one. Where the models have no naming convention we take the name that PostgreSQL would
give by itself (https://www.postgresql.org/docs/current/sql-createtable.html says only "the
system generates a name"; the pattern is that of ``makeObjectName`` in its source), on every
database: it says what the constraint is about, and on PostgreSQL it is the one that is there
already.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.facts.objects import (
    CheckFact,
    ExcludeFact,
    ForeignKeyFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.facts.usual_names import Nameable, usual_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from limbeck.diff.changes import Change


class Names:
    """The name of every constraint of both sides, made up where there is none.

    :param before: the side that the names in use come from.
    :param after: the other one; both may leave names out.
    :param changes: what differs; a constraint that only changes keeps its name.
    """

    def __init__(self, before: SchemaFact, after: SchemaFact, changes: Iterable[Change]) -> None:
        self._made: dict[tuple[TableKey, Nameable, int], str] = {}
        self._used: dict[tuple[str, bool], set[str]] = defaultdict(set)
        self._freed: dict[TableKey, set[str]] = defaultdict(set)
        changes = tuple(changes)
        for side in (before, after):
            for table in side.tables:
                for fact in _nameable(table):
                    if fact.name is not None:
                        self._use(table, fact, fact.name)
        self._free(changes, after)
        self._make_up(before)
        self._keep(changes)
        self._match(before, after, changes)
        self._make_up(after)

    def of(self, table: TableKey, fact: Nameable) -> str:
        """Return the name of a constraint or index: its own, or the one that is made up."""
        return fact.name if fact.name is not None else self._made[_address(table, fact)]

    def _free(self, changes: Iterable[Change], after: SchemaFact) -> None:
        """Note the names of what goes: what takes its place in the same table comes after it."""
        wanted = {
            (table.key.schema, fact.name) for table in after.tables for fact in _nameable(table)
        }
        for change in changes:
            if isinstance(change, Removed) and isinstance(change.before, Nameable):
                assert change.table is not None
                name = change.before.name
                if name is not None and (change.table.schema, name) not in wanted:
                    self._freed[change.table].add(name)

    def _keep(self, changes: Iterable[Change]) -> None:
        for change in changes:
            match change:
                case Changed(
                    table=TableKey() as key,
                    before=UniqueFact()
                    | ForeignKeyFact()
                    | CheckFact()
                    | ExcludeFact()
                    | PrimaryKeyFact() as before,
                    after=UniqueFact()
                    | ForeignKeyFact()
                    | CheckFact()
                    | ExcludeFact()
                    | PrimaryKeyFact() as after,
                ) if after.name is None:
                    self._made[_address(key, after)] = self.of(key, before)

    def _match(self, before: SchemaFact, after: SchemaFact, changes: tuple[Change, ...]) -> None:
        """Call what the models leave without a name by the name that the database knows.

        Of constraints in the same words, those that come have none there.
        """
        coming = {
            _address(change.table, change.after)
            for change in changes
            if isinstance(change, Added)
            and change.table is not None
            and isinstance(change.after, Nameable)
        }
        there = {table.key: table for table in before.tables}
        for table in after.tables:
            old = there.get(table.key)
            if old is None or all(fact.name is not None for fact in _nameable(table)):
                continue
            known: dict[Nameable, list[str]] = defaultdict(list)
            for fact in _nameable(old):
                known[replace(fact, name=None)].append(self.of(table.key, fact))
            for fact in sorted(_nameable(table), key=_creation_order):
                address = _address(table.key, fact)
                is_there = address not in self._made and address not in coming
                if fact.name is None and known[fact] and is_there:
                    self._made[address] = known[fact].pop(0)

    def _make_up(self, side: SchemaFact) -> None:
        for table in side.tables:
            for fact in sorted(_nameable(table), key=_creation_order):
                if fact.name is None and _address(table.key, fact) not in self._made:
                    used = self._used[table.key.schema, _has_index(fact)]
                    name = _free_name(table, fact, used - self._freed[table.key])
                    self._freed[table.key].discard(name)
                    self._made[_address(table.key, fact)] = name
                    self._use(table, fact, name)

    def _use(self, table: TableFact, fact: Nameable, name: str) -> None:
        """Note a name where it must not be taken again.

        An index may be called like a foreign key or CHECK: MySQL calls it so by itself.
        """
        self._used[table.key.schema, True].add(name)
        if not isinstance(fact, IndexFact):
            self._used[table.key.schema, False].add(name)


def _address(table: TableKey, fact: Nameable) -> tuple[TableKey, Nameable, int]:
    """What tells a constraint from any other, also from one in the same words."""
    return table, fact, id(fact.source)


def _has_index(fact: Nameable) -> bool:
    return not isinstance(fact, ForeignKeyFact | CheckFact)


def _nameable(table: TableFact) -> Iterator[Nameable]:
    if table.primary_key is not None:
        yield table.primary_key
    yield from table.constraints
    yield from table.indexes


def _creation_order(fact: Nameable) -> int:
    """Keep the order in which the constraints were written, which numbers follow."""
    order: int = getattr(fact.source, "_creation_order", 0)
    return order


def _free_name(table: TableFact, fact: Nameable, used: set[str]) -> str:
    number = 0
    while True:
        name = usual_name(table, fact, number)
        if name not in used:
            return name
        number += 1
