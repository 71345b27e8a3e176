"""What holds for every history, whatever its shape."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limbeck.revisions.errors import RevisionError
from limbeck.revisions.graph import RevisionMap
from limbeck.revisions.revision import as_tuple
from tests.revisions.histories import (
    ancestors,
    effective_heads,
    map_of,
    random_heads,
    random_rows,
)

seeds = st.integers(min_value=0, max_value=10**9)


@given(seeds)
def test_the_rows_always_are_the_effective_heads(seed: int) -> None:
    map_ = map_of(random_rows(seed))
    rows: frozenset[str] = frozenset()
    applied: set[str] = set()
    for step in map_.plan_upgrade((), "heads"):
        assert step.revision is not None
        assert set(step.revision.all_parents) <= applied
        applied.add(step.revision.revision)
        rows = step.rows.applied_to(rows)
        assert rows == set(effective_heads(map_, applied))
    assert applied == set(map_.graph.by_id)
    for step in map_.plan_downgrade(tuple(sorted(rows)), "base"):
        assert step.revision is not None
        applied.remove(step.revision.revision)
        assert not any(
            step.revision.revision in map_.graph.by_id[id_].all_parents for id_ in applied
        )
        rows = step.rows.applied_to(rows)
        assert rows == set(effective_heads(map_, applied))
    assert not rows
    assert not applied


@given(seeds)
def test_an_upgrade_brings_what_is_missing_and_nothing_else(seed: int) -> None:
    choose = random.Random(seed)
    map_ = map_of(random_rows(seed))
    heads = random_heads(map_, choose)
    target = choose.choice(list(map_.graph.by_id))
    steps = map_.plan_upgrade(heads, target)
    missing = ancestors(map_, [target]) - ancestors(map_, heads)
    assert {step.id for step in steps} == missing
    assert len(steps) == len(missing)


def only_required(map_: RevisionMap, target: str, applied: set[str]) -> bool:
    """Whether all that is applied above a revision is on other lines, and needs it."""
    above = [map_.graph.by_id[id_] for id_ in applied if id_ != target]
    follows = any(target in as_tuple(revision.down_revision) for revision in above)
    return not follows and any(target in revision.all_parents for revision in above)


@given(seeds)
def test_down_and_up_again_ends_where_it_began(seed: int) -> None:
    choose = random.Random(seed)
    map_ = map_of(random_rows(seed))
    heads = random_heads(map_, choose)
    applied = sorted(ancestors(map_, heads))
    if not applied:
        return
    target = choose.choice(applied)
    rows = frozenset(heads)
    if only_required(map_, target, set(applied)):
        with pytest.raises(RevisionError, match="not a valid downgrade target"):
            map_.plan_downgrade(heads, target)
        return
    undone = map_.plan_downgrade(heads, target)
    for step in undone:
        rows = step.rows.applied_to(rows)
    done = map_.plan_upgrade(tuple(sorted(rows)), heads)
    for step in done:
        rows = step.rows.applied_to(rows)
    assert rows == set(heads)
    assert {step.id for step in done} == {step.id for step in undone}


@given(seeds)
def test_a_stamp_leaves_rows_of_which_none_implies_another(seed: int) -> None:
    choose = random.Random(seed)
    map_ = map_of(random_rows(seed))
    heads = random_heads(map_, choose)
    ids = list(map_.graph.by_id)
    targets = choose.sample(ids, choose.randint(1, min(2, len(ids))))
    rows = frozenset(heads)
    for step in map_.plan_stamp(heads, targets):
        assert set(step.rows.before) <= rows
        rows = step.rows.applied_to(rows)
    assert set(targets) <= ancestors(map_, rows)
    assert rows == set(effective_heads(map_, ancestors(map_, rows)))


@given(seeds)
def test_a_walk_gives_every_revision_once_and_children_first(seed: int) -> None:
    map_ = map_of(random_rows(seed))
    seen: set[str] = set()
    for revision in map_.iterate_revisions("heads", "base", inclusive=True):
        assert revision.all_nextrev <= seen
        seen.add(revision.revision)
    assert seen == set(map_.graph.by_id)
