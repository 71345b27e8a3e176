"""What a graph knows once its revisions are linked, and what it refuses."""

from __future__ import annotations

import pytest

from limbeck.errors import HistoryError
from limbeck.revisions.errors import (
    CycleDetected,
    DependencyCycleDetected,
    DependencyLoopDetected,
    DuplicateRevision,
    LoopDetected,
    MissingRevision,
    RevisionError,
)
from limbeck.revisions.graph import Revision, RevisionMap
from tests.revisions.histories import BRANCHED, DEPENDENT, Row, map_of


def test_heads_and_bases() -> None:
    map_ = map_of(BRANCHED)
    assert map_.heads == ("gggg5", "zzzz3")
    assert map_.bases == ("aaaa1", "xxxx1")
    assert len(map_) == len(BRANCHED)


def test_a_head_that_another_depends_on_is_no_effective_head() -> None:
    map_ = map_of(DEPENDENT)
    assert map_.heads == ("aaaa3", "nnnn2")
    assert map_.effective_heads == ("nnnn2",)


def test_an_empty_history() -> None:
    map_ = map_of([])
    assert map_.heads == map_.bases == map_.effective_heads == ()
    assert map_.get_current_head() is None
    assert map_.get_revisions("heads") == ()
    assert map_.plan_upgrade((), "heads") == ()


def test_the_place_of_a_revision() -> None:
    map_ = map_of(BRANCHED)
    first = map_.get_revision("aaaa1")
    merge = map_.get_revision("ffff4")
    assert first is not None
    assert merge is not None
    assert first.is_base
    assert first.is_branch_point
    assert first.nextrev == {"bbbb2", "dddd2"}
    assert merge.is_merge_point
    assert not merge.is_head
    assert merge.down_revision == ("cccc3", "eeee3")


@pytest.mark.parametrize(
    ("id_", "labels"),
    [
        ("aaaa1", set()),
        ("bbbb2", {"shop"}),
        ("cccc3", {"shop"}),
        ("eeee3", set()),
        ("gggg5", {"shop"}),
        ("zzzz3", {"net"}),
    ],
)
def test_labels_are_inherited(id_: str, labels: set[str]) -> None:
    revision = map_of(BRANCHED).get_revision(id_)
    assert revision is not None
    assert revision.branch_labels == labels


def test_a_label_reaches_down_to_where_its_branch_begins() -> None:
    map_ = map_of(
        [
            ("root1", None, None, None),
            ("left2", "root1", None, None),
            ("left3", "left2", None, "left"),
            ("right2", "root1", None, None),
        ]
    )
    labelled = [one.revision for one in map_ if "left" in one.branch_labels]
    assert labelled == ["left2", "left3"]


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (
            [("a1", "b1", None, None), ("b1", "a1", None, None)],
            CycleDetected,
            "Cycle is detected in revisions (a1, b1)",
        ),
        (
            # Alembic does not see this one: a head is reachable from a base around it.
            [
                ("a1", None, None, None),
                ("b1", ("a1", "d1"), None, None),
                ("c1", "b1", None, None),
                ("d1", "c1", None, None),
                ("e1", "d1", None, None),
            ],
            CycleDetected,
            "Cycle is detected in revisions (b1, c1, d1)",
        ),
        (
            [("a1", None, "b1", None), ("b1", "a1", None, None)],
            DependencyCycleDetected,
            "Dependency cycle is detected in revisions (a1, b1)",
        ),
    ],
)
def test_circles_are_refused(rows: list[Row], error: type[CycleDetected], message: str) -> None:
    with pytest.raises(error) as caught:
        _ = map_of(rows).heads
    assert type(caught.value) is error
    assert caught.value.message == message
    assert caught.value.hint
    assert isinstance(caught.value, HistoryError)


def test_a_revision_that_is_its_own_parent() -> None:
    with pytest.raises(LoopDetected, match=r"Self-loop is detected in revisions \(a1\)"):
        Revision("a1", ("a1", "b1"))
    with pytest.raises(DependencyLoopDetected, match=r"Dependency self-loop .* \(a1\)"):
        Revision("a1", None, dependencies="a1")


def test_an_id_that_is_there_twice() -> None:
    with pytest.raises(DuplicateRevision, match="Revision a1 is present more than once"):
        _ = map_of([("a1", None, None, None), ("a1", None, None, None)]).heads


@pytest.mark.parametrize(
    ("row", "field"),
    [(("b1", "aaa2", None, None), "down_revision"), (("b1", None, "aaa2", None), "depends_on")],
)
def test_a_parent_that_does_not_exist(row: Row, field: str) -> None:
    with pytest.raises(MissingRevision) as caught:
        _ = map_of([("aaa1", None, None, None), row]).heads
    assert caught.value.message == f"Revision aaa2 referenced from b1 ({field}) is not present"
    assert caught.value.hint == "did you mean aaa1?"


@pytest.mark.parametrize("label", ["b1", "twice"])
def test_a_label_that_is_taken(label: str) -> None:
    rows: list[Row] = [
        ("a1", None, None, "twice"),
        ("b1", "a1", None, None),
        ("c1", "b1", None, label),
    ]
    with pytest.raises(RevisionError, match=f"Branch name '{label}' in revision c1 already used"):
        _ = map_of(rows).heads


@pytest.mark.parametrize(
    ("id_", "shown"), [("a-b", "-"), ("a@b", "@"), ("a+b:c", "+, :"), ("a:b", ":")]
)
def test_characters_with_a_meaning_are_refused(id_: str, shown: str) -> None:
    with pytest.raises(RevisionError) as caught:
        Revision(id_, None)
    assert caught.value.message == (
        f"Character(s) '{shown}' not allowed in revision identifier '{id_}'"
    )


def test_a_dependency_may_be_a_label() -> None:
    map_ = map_of([("a1", None, None, "label"), ("b1", None, "label", None)])
    revision = map_.get_revision("b1")
    assert revision is not None
    assert revision.required_ids == ("a1",)
    assert map_.effective_heads == ("b1",)


def test_adding_a_revision() -> None:
    map_ = map_of([("a1", None, None, None)])
    map_.add_revision(Revision("b1", "a1"))
    assert list(map_.heads) == ["b1"]
    with pytest.raises(MissingRevision):
        map_.add_revision(Revision("c1", "nowhere"))
    assert list(map_.heads) == ["b1"]
    map_.add_revision(Revision("b1", None), _replace=True)
    assert list(map_.heads) == ["a1", "b1"]


def test_the_generator_is_called_once_and_late() -> None:
    calls = []

    def revisions() -> list[Revision]:
        calls.append(1)
        return [Revision("a1", None)]

    map_ = RevisionMap(revisions)
    assert not calls
    assert map_.heads == map_.bases == ("a1",)
    assert len(calls) == 1


def test_a_long_circle_stays_one_line() -> None:
    ids = [f"id{number:03d}" for number in range(100)]
    rows: list[Row] = [(id_, ids[number - 1], None, None) for number, id_ in enumerate(ids)]
    with pytest.raises(CycleDetected) as caught:
        _ = map_of(rows).heads
    assert caught.value.message.endswith("id010, id011, … (100 in all))")
    assert len(caught.value.revisions) == 100
