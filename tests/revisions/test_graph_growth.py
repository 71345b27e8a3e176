"""Ten thousand revisions of any shape take a moment, and five times as many take five times
as long: nothing is quadratic."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from limbeck.revisions.graph import RevisionMap
from tests.revisions.histories import Row, map_of

SMALL, LARGE = 2_000, 10_000
#: Five times as much work may take so many times as long; quadratic would be 25 times.
GROWTH = 15
LONGEST = 12.0  # seconds for all questions together; one second on an idle machine


def id_of(number: int) -> str:
    return f"r{number:06d}"


def linear(count: int) -> list[Row]:
    return [(id_of(i), id_of(i - 1) if i else None, None, None) for i in range(count)]


def wide(count: int) -> list[Row]:
    return [(id_of(i), id_of(0) if i else None, None, None) for i in range(count)]


def merged(count: int) -> list[Row]:
    rows: list[Row] = [(id_of(0), None, None, None), (id_of(1), None, None, None)]
    rows += [(id_of(i), (id_of(i - 1), id_of(i - 2)), None, None) for i in range(2, count)]
    return rows


def all_merged_at_once(count: int) -> list[Row]:
    rows = wide(count - 1)
    return [*rows, ("merge", tuple(row[0] for row in rows[1:]), None, None)]


def dependent(count: int) -> list[Row]:
    return [
        (id_of(i), id_of(i - 2) if i > 1 else None, id_of(i - 1) if i else None, None)
        for i in range(count)
    ]


def side_by_side(count: int) -> list[Row]:
    """Two lines, each revision of the one waiting for its like on the other."""
    half = count // 2
    first = [(f"a{i:06d}", f"a{i - 1:06d}" if i else None, None, None) for i in range(half)]
    second = [(f"b{i:06d}", f"b{i - 1:06d}" if i else None, f"a{i:06d}", None) for i in range(half)]
    return [*first, *second]


def star(count: int) -> list[Row]:
    """One line, each revision of which depends on the same other one."""
    rows: list[Row] = [("star", None, None, None)]
    return [*rows, *((id_of(i), id_of(i - 1) if i else None, "star", None) for i in range(count))]


def shared(count: int) -> list[Row]:
    """Two lines that depend, step by step, on the same bases."""
    third = count // 3
    rows: list[Row] = [(f"c{i:06d}", None, None, None) for i in range(third)]
    for line in "ab":
        ids = [f"{line}{i:06d}" for i in range(third)]
        parents = (None, *ids)
        rows += [(ids[i], parents[i], f"c{i:06d}", None) for i in range(third)]
    return rows


def labelled(count: int) -> list[Row]:
    return [
        (row[0], row[1], None, f"label{number}" if number % 100 == 0 else None)
        for number, row in enumerate(linear(count))
    ]


def questions(map_: RevisionMap) -> None:
    heads = map_.effective_heads
    assert sum(1 for _ in map_.iterate_revisions("heads", "base", inclusive=True)) == len(map_)
    assert len(map_.plan_upgrade((), "heads")) == len(map_)
    assert len(map_.plan_downgrade(heads, "base")) == len(map_)
    map_.plan_stamp((), "heads")
    map_.get_all_current(heads)
    for id_ in map_.graph.by_id:
        map_.get_revision(id_)


@pytest.mark.parametrize(
    "shape",
    [linear, wide, merged, all_merged_at_once, dependent, side_by_side, star, shared, labelled],
)
def test_time_grows_with_the_history(shape: Callable[[int], list[Row]]) -> None:
    small, large = shape(SMALL), shape(LARGE)
    fast = min(seconds(small) for _ in range(3))
    slow = min(seconds(large) for _ in range(2))
    assert slow < fast * GROWTH
    assert slow < LONGEST


def seconds(rows: list[Row]) -> float:
    began = time.process_time()
    questions(map_of(rows))
    return time.process_time() - began


def test_ten_thousand_revisions_do_not_recurse() -> None:
    map_ = map_of(linear(LARGE))
    assert map_.get_revisions(f"-{LARGE - 1}")[0].revision == id_of(0)
    assert len(map_.plan_upgrade((), f"+{LARGE}")) == LARGE
