"""In which order tables can be created, and which foreign keys must wait."""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING

from limbeck.facts.new_table_options import parents
from limbeck.facts.objects import ForeignKeyFact, TableFact, TableKey
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class CreationOrder(Value, slots=True):
    """Tables, each after those that it refers to.

    :param tables: the tables in the order in which they are created; they are dropped in the
        opposite order.
    :param deferred: the foreign keys that close a circle, or that the models mark with
        ``use_alter``: they are created after the tables, and dropped before them.
    """

    tables: tuple[TableFact, ...]
    deferred: tuple[tuple[TableKey, ForeignKeyFact], ...] = ()


def creation_order(
    tables: Iterable[TableFact],
    waits: Callable[[ForeignKeyFact], bool] = lambda foreign_key: False,
) -> CreationOrder:
    """Order tables by their foreign keys to each other, otherwise by name.

    :param waits: whether what a foreign key refers to, in a table that is not among these, is
        only there later.
    """
    by_key = {table.key: table for table in tables}
    needs: dict[TableKey, set[TableKey]] = {key: set() for key in by_key}
    needed_by: dict[TableKey, set[TableKey]] = defaultdict(set)
    for table in by_key.values():
        for foreign_key in _foreign_keys(table):
            other = foreign_key.referred
            if other in by_key and other != table.key and not _waits_anyway(foreign_key):
                needs[table.key].add(other)
                needed_by[other].add(table.key)
        for other in _parents(table):
            if other in by_key:
                needs[table.key].add(other)
                needed_by[other].add(table.key)
    keys = _sorted_keys(needs, needed_by)
    return CreationOrder(tuple(by_key[key] for key in keys), tuple(_deferred(keys, by_key, waits)))


def _sorted_keys(
    needs: dict[TableKey, set[TableKey]], needed_by: dict[TableKey, set[TableKey]]
) -> list[TableKey]:
    missing = {key: len(others) for key, others in needs.items()}
    ready = [key for key, count in missing.items() if count == 0]
    heapq.heapify(ready)
    found: list[TableKey] = []
    done: set[TableKey] = set()
    while len(found) < len(needs):
        if not ready:
            ready.append(_breaking_point(needs, needed_by, done))
        key = heapq.heappop(ready)
        if key in done:
            continue
        done.add(key)
        found.append(key)
        for other in needed_by[key]:
            missing[other] -= 1
            if missing[other] == 0 and other not in done:
                heapq.heappush(ready, other)
    return found


def _breaking_point(
    needs: dict[TableKey, set[TableKey]],
    needed_by: dict[TableKey, set[TableKey]],
    done: set[TableKey],
) -> TableKey:
    """Choose the table in a circle that has the fewest foreign keys to wait for.

    Tables that only follow from a circle are put aside first: nothing in the rest needs them.
    """
    left = set(needs) - done
    dependents = {key: len(needed_by[key] & left) for key in left}
    loose = [key for key, count in dependents.items() if count == 0]
    while loose:
        key = loose.pop()
        left.discard(key)
        for other in needs[key] & left:
            dependents[other] -= 1
            if dependents[other] == 0:
                loose.append(other)
    return min(left, key=lambda key: (len(needs[key] - done), key))


def _deferred(
    keys: list[TableKey],
    by_key: dict[TableKey, TableFact],
    waits: Callable[[ForeignKeyFact], bool],
) -> Iterable[tuple[TableKey, ForeignKeyFact]]:
    created: set[TableKey] = set()
    for key in keys:
        created.add(key)
        for foreign_key in _foreign_keys(by_key[key]):
            late = foreign_key.referred in by_key and foreign_key.referred not in created
            inside = foreign_key.referred in by_key
            if late or (_waits_anyway(foreign_key) if inside else waits(foreign_key)):
                yield key, foreign_key


def _foreign_keys(table: TableFact) -> list[ForeignKeyFact]:
    return [fact for fact in table.constraints if isinstance(fact, ForeignKeyFact)]


def _parents(table: TableFact) -> list[TableKey]:
    """The tables that a table inherits from (PostgreSQL)."""
    return parents(dict(table.options).get("postgresql_inherits", ""))


def _waits_anyway(foreign_key: ForeignKeyFact) -> bool:
    return bool(getattr(foreign_key.source, "use_alter", False))
