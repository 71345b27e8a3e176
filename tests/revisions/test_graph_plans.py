"""What runs on the way from one place to another, and how the version rows change."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from limbeck.revisions.errors import RangeNotAncestorError, ResolutionError, RevisionError
from limbeck.revisions.graph import RevisionMap
from limbeck.revisions.rows import RowChanges
from limbeck.revisions.step import PlanStep
from tests.revisions.histories import BRANCHED, DEPENDENT, map_of

Rows = tuple[str, ...]


def ids(steps: Sequence[PlanStep]) -> list[str | None]:
    return [step.id for step in steps]


def rows_after(heads: Rows, steps: Sequence[PlanStep]) -> list[str]:
    now = frozenset(heads)
    for step in steps:
        assert frozenset(step.rows.before) <= now
        now = step.rows.applied_to(now)
    return sorted(now)


@pytest.mark.parametrize(
    ("heads", "destination", "expected"),
    [
        ((), "bbbb2", ["aaaa1", "bbbb2"]),
        (("aaaa1",), "shop@+2", ["bbbb2", "cccc3"]),
        (("gggg5",), "net@+1", ["xxxx1"]),
        (("bbbb2",), "+1", ["cccc3"]),
        (("bbbb2",), "bbbb2", []),
        (("gggg5",), "aaaa1", []),
        (("aaaa1",), "bbbb2+1", ["bbbb2", "cccc3"]),
        ((), "net@head", ["aaaa1", "bbbb2", "cccc3", "xxxx1", "yyyy2", "zzzz3"]),
        (("gggg5",), "heads", ["xxxx1", "yyyy2", "zzzz3"]),
    ],
)
def test_the_way_up(heads: Rows, destination: str, expected: list[str]) -> None:
    steps = map_of(BRANCHED).plan_upgrade(heads, destination)
    assert ids(steps) == expected
    assert all(step.direction == "upgrade" and step.is_upgrade for step in steps)


@pytest.mark.parametrize(
    ("heads", "destination", "message"),
    [
        ((), "+2", "Ambiguous walk"),
        (("gggg5",), "+2", "Relative revision [+]2 didn't produce 2 migrations"),
        (("gggg5",), "-1", "Relative revision -1 didn't produce 1 migrations"),
        (("gggg5", "zzzz3"), "+1", "Ambiguous upgrade from multiple current revisions"),
        (("nowhere",), "heads", "No such revision or branch 'nowhere'"),
    ],
)
def test_ways_up_that_are_refused(heads: Rows, destination: str, message: str) -> None:
    with pytest.raises(RevisionError, match=message):
        map_of(BRANCHED).plan_upgrade(heads, destination)


@pytest.mark.parametrize(
    ("heads", "destination", "expected"),
    [
        (("gggg5",), "bbbb2", ["gggg5", "ffff4", "cccc3"]),
        (("zzzz3",), "bbbb2", ["zzzz3", "yyyy2", "cccc3"]),
        (("zzzz3", "gggg5"), "net@base", ["zzzz3", "yyyy2", "xxxx1"]),
        (("cccc3", "eeee3"), "shop@-1", ["cccc3"]),
        (("cccc3", "eeee3"), "shop@aaaa1", ["cccc3", "bbbb2"]),
        (("cccc3", "eeee3"), "aaaa1", ["cccc3", "bbbb2", "eeee3", "dddd2"]),
        (("cccc3",), "-3", ["cccc3", "bbbb2", "aaaa1"]),
        (("zzzz3",), "-3", ["zzzz3", "yyyy2", "xxxx1"]),
        (("gggg5", "zzzz3"), "gggg5", []),
        (("gggg5",), "gggg5-1", ["gggg5"]),
        ((), "base", []),
    ],
)
def test_the_way_down(heads: Rows, destination: str, expected: list[str]) -> None:
    steps = map_of(BRANCHED).plan_downgrade(heads, destination)
    assert ids(steps) == expected
    assert all(step.direction == "downgrade" and not step.is_upgrade for step in steps)


@pytest.mark.parametrize(
    ("heads", "destination", "error", "message"),
    [
        (("gggg5",), "xxxx1", RangeNotAncestorError, "xxxx1 is not an ancestor"),
        (("bbbb2",), "gggg5", RangeNotAncestorError, "gggg5 is not an ancestor"),
        (("gggg5",), "-2", RevisionError, "Ambiguous walk"),
        (("cccc3",), "-4", RevisionError, "Relative revision -4 didn't produce 4 migrations"),
        (("cccc3",), "+1", RevisionError, "Relative revision [+]1 didn't produce 1 migrations"),
        ((), "-1", RevisionError, "Relative revision -1 didn't produce 1 migrations"),
    ],
)
def test_ways_down_that_are_refused(
    heads: Rows, destination: str, error: type[RevisionError], message: str
) -> None:
    with pytest.raises(error, match=message):
        map_of(BRANCHED).plan_downgrade(heads, destination)


def test_one_step_down_from_several_heads_warns_and_takes_the_first_row() -> None:
    with pytest.warns(UserWarning, match="downgrade -1 from multiple heads is ambiguous"):
        steps = map_of(BRANCHED).plan_downgrade(("zzzz3", "gggg5"), "-1")
    assert ids(steps) == ["zzzz3"]


def test_rows_on_the_way_up() -> None:
    steps = map_of(BRANCHED).plan_upgrade((), "gggg5")
    changes = {step.id: step.rows for step in steps}
    assert changes["aaaa1"] == RowChanges(inserted=("aaaa1",))
    assert changes["dddd2"] == RowChanges(updated=(("aaaa1", "dddd2"),))
    assert changes["bbbb2"] == RowChanges(inserted=("bbbb2",))
    assert changes["ffff4"] == RowChanges(deleted=("cccc3",), updated=(("eeee3", "ffff4"),))


def test_rows_on_the_way_down() -> None:
    steps = map_of(BRANCHED).plan_downgrade(("gggg5",), "base")
    changes = {step.id: step.rows for step in steps}
    assert changes["ffff4"] == RowChanges(updated=(("ffff4", "eeee3"),), inserted=("cccc3",))
    assert changes["aaaa1"] == RowChanges(deleted=("aaaa1",))
    assert rows_after(("gggg5",), steps) == []


def test_what_a_revision_depended_on_stays_when_it_goes() -> None:
    map_ = map_of(DEPENDENT)
    steps = map_.plan_downgrade(("nnnn2",), "net@base")
    assert ids(steps) == ["nnnn2", "nnnn1"]
    assert rows_after(("nnnn2",), steps) == ["aaaa3"]


def test_the_row_of_a_dependency_goes_when_it_is_implied() -> None:
    steps = map_of(DEPENDENT).plan_upgrade(("aaaa3",), "heads")
    assert ids(steps) == ["nnnn1", "nnnn2"]
    assert rows_after(("aaaa3",), steps) == ["nnnn2"]


@pytest.mark.parametrize(
    ("heads", "destination", "expected"),
    [
        ((), "heads", ["gggg5", "zzzz3"]),
        (("aaaa1",), "gggg5", ["gggg5"]),
        (("gggg5",), "bbbb2", ["bbbb2"]),
        (("gggg5", "zzzz3"), "base", []),
        (("gggg5", "zzzz3"), None, []),
        (("gggg5", "zzzz3"), "net@base", ["gggg5"]),
        (("gggg5",), "-1", ["ffff4"]),
        (("bbbb2",), "+1", ["cccc3"]),
        (("gggg5",), "gggg5", ["gggg5"]),
        ((), ["bbbb2", "dddd2"], ["bbbb2", "dddd2"]),
        # Both were named, and one contains the other: a row for it would be wrong.
        ((), ["aaaa1", "bbbb2"], ["bbbb2"]),
        # Alembic loses the row of xxxx1 here.
        (("gggg5", "xxxx1"), ["ffff4", "xxxx1"], ["ffff4", "xxxx1"]),
    ],
)
def test_stamps(heads: Rows, destination: str | list[str] | None, expected: list[str]) -> None:
    steps = map_of(BRANCHED).plan_stamp(heads, destination)
    assert rows_after(heads, steps) == expected
    assert all(step.is_stamp for step in steps)


def test_a_stamp_of_what_another_implies_can_be_had() -> None:
    class Obedient(RevisionMap):
        stamps_as_given = True

    obedient = Obedient(lambda: map_of(BRANCHED).graph.by_id.values())
    names = ["aaaa1", "bbbb2"]
    assert [step.rows.inserted for step in obedient.plan_stamp((), names)] == [
        ("aaaa1",),
        ("bbbb2",),
    ]
    assert [step.rows.inserted for step in map_of(BRANCHED).plan_stamp((), names)] == [("bbbb2",)]


def test_a_stamp_says_which_way_it_leads() -> None:
    map_ = map_of(BRANCHED)
    (up,) = map_.plan_stamp(("aaaa1",), "bbbb2")
    (down,) = map_.plan_stamp(("bbbb2",), "aaaa1")
    assert up.is_upgrade
    assert not down.is_upgrade
    assert (down.from_ids, down.to_ids) == (("bbbb2",), ("aaaa1",))


def test_a_database_that_is_at_a_revision_of_which_there_is_no_file() -> None:
    map_ = map_of(BRANCHED)
    for plan in (map_.plan_upgrade, map_.plan_downgrade, map_.plan_stamp):
        with pytest.raises(ResolutionError) as caught:
            plan(("deadbeef0000",), "heads")
        assert caught.value.message == "No such revision or branch 'deadbeef0000'"
        assert caught.value.hint is not None
        assert caught.value.hint.startswith("the database is at deadbeef0000, and no file here")


def test_a_revision_that_only_others_need_is_no_place_to_go_down_to() -> None:
    rows = [("base1", None, None, None), ("need1", None, None, None)]
    map_ = map_of([*rows, ("user1", "base1", "need1", None)])
    with pytest.raises(RevisionError, match="not a valid downgrade target") as refused:
        map_.plan_downgrade(("user1",), "need1")
    assert "user1" in (refused.value.hint or "")
