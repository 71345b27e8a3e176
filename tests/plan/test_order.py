"""In which order tables are created."""

from __future__ import annotations

import time

import pytest

from limbeck.facts.objects import ForeignKeyFact, TableFact, TableKey
from limbeck.plan.order import creation_order


def table(name: str, *referred: str) -> TableFact:
    constraints = tuple(
        ForeignKeyFact(None, (f"{other}_id",), TableKey("", other), ("id",)) for other in referred
    )
    return TableFact(TableKey("", name), (), constraints=constraints)


def names(*tables: TableFact) -> list[str]:
    return [fact.key.name for fact in creation_order(tables).tables]


def deferred(*tables: TableFact) -> list[tuple[str, str]]:
    return [(key.name, fact.referred.name) for key, fact in creation_order(tables).deferred]


def test_what_is_referred_to_comes_first() -> None:
    assert names(table("a", "b"), table("b", "c"), table("c")) == ["c", "b", "a"]


def test_otherwise_by_name() -> None:
    assert names(table("c"), table("a"), table("b", "c")) == ["a", "c", "b"]


def test_a_table_may_refer_to_itself_and_to_what_is_there() -> None:
    assert deferred(table("a", "a", "elsewhere")) == []


def test_a_circle_is_broken_at_one_place() -> None:
    tables = (table("a", "b"), table("b", "c"), table("c", "a"))
    assert names(*tables) == ["a", "c", "b"]
    assert deferred(*tables) == [("a", "b")]


def test_what_hangs_on_a_circle_is_not_where_it_is_broken() -> None:
    tables = (table("_first", "a"), table("a", "b"), table("b", "a"), table("z", "_first"))
    assert names(*tables) == ["a", "_first", "b", "z"]
    assert deferred(*tables) == [("a", "b")]


@pytest.mark.parametrize("size", [10, 2000])
def test_every_foreign_key_is_created_after_both_tables(size: int) -> None:
    tables = [table(f"t{i:05}", f"t{(i * 7 + 3) % size:05}") for i in range(size)]
    begin = time.perf_counter()
    order = creation_order(tables)
    assert time.perf_counter() - begin < 5
    waiting = {(key, fact) for key, fact in order.deferred}
    created: set[TableKey] = set()
    for fact in order.tables:
        created.add(fact.key)
        for key in fact.constraints:
            assert isinstance(key, ForeignKeyFact)
            assert key.referred in created or (fact.key, key) in waiting
    assert len(order.tables) == size
