"""The same random histories and questions, given to Alembic.

Where Alembic crashes (an AssertionError, a KeyError) there is nothing to compare with. Where
it refuses, limbeck may answer. Where both answer, the answers are the same, but for what is
listed in ``is_known``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from alembic.script import revision as theirs
from limbeck.revisions.errors import RevisionError
from limbeck.revisions.graph import RevisionMap
from limbeck.revisions.names import parse_name
from limbeck.revisions.revision import OneOrMany
from tests.revisions.histories import Row, map_of, random_heads, random_rows

CRASHED = "crashed"
REFUSED = "refused"


def their_map(rows: list[Row]) -> Any:
    # Alembic's maps keep traces of a question that was refused, so each question gets its own.
    return theirs.RevisionMap(lambda: [theirs.Revision(*row) for row in rows])  # type: ignore[arg-type]  # lists are taken too


def answer(question: Callable[[], Iterable[Any]]) -> list[str] | str:
    try:
        return sorted(one.revision for one in question())
    except (theirs.RevisionError, RevisionError):
        return REFUSED
    except (AssertionError, KeyError):
        return CRASHED


def words(rows: list[Row], choose: random.Random) -> str:
    ids = [row[0] for row in rows]
    labels = [str(row[3]) for row in rows if row[3]]
    some = choose.choice(ids)
    word = choose.choice(["head", "heads", "base", some, some[: choose.randint(3, 5)], *labels])
    if labels and choose.random() < 0.35:
        word = f"{choose.choice(labels)}@{word}"
    return word


def steps(word: str, rows: list[Row], choose: random.Random) -> str:
    labels = [str(row[3]) for row in rows if row[3]]
    count = choose.choice(["+1", "+2", "-1", "-2", "+3"])
    if choose.random() < 0.6:
        return word
    branch = f"{choose.choice(labels)}@" if labels and choose.random() < 0.3 else ""
    return choose.choice([f"{branch}{count}", f"{word}{count}"])


def is_known(word: str, expected: list[str] | str, ours: list[str] | str) -> bool:
    """Ways to answer better than Alembic does."""
    name = parse_name(word)
    # It counts down from base without an error, or up to the heads.
    if name.symbol == "base" and name.steps:
        return True
    # It takes a branch and a revision that is not on it, and ignores the branch.
    if name.branch is not None and ours == REFUSED:
        return True
    # It leaves out the lines of a branch on whose heads others depend.
    if name.branch is not None and name.symbol == "base":
        return set(expected) < set(ours)
    # It counts from a revision with dependencies as if those were parents.
    return name.steps < 0 and name.symbol is not None


@pytest.mark.filterwarnings("ignore:downgrade .* from multiple heads is ambiguous")
@pytest.mark.parametrize("block", range(10))
def test_questions_get_the_same_answers(block: int) -> None:
    compared = 0
    for seed in range(block * 25, block * 25 + 25):
        choose = random.Random(seed)
        rows = random_rows(seed)
        map_ = map_of(rows)
        their = their_map(rows)
        assert sorted(map_.heads) == sorted(their.heads)
        assert sorted(map_.bases) == sorted(their.bases)
        for row in rows:
            mine = map_.get_revision(row[0])
            assert mine is not None
            assert mine.branch_labels == their.get_revision(row[0]).branch_labels, (rows, row)
        for _ in range(5):
            compared += compare(rows, map_, choose)
    assert compared > 150


def compare(rows: list[Row], map_: RevisionMap, choose: random.Random) -> int:
    heads = random_heads(map_, choose)
    word = words(rows, choose)
    up = steps(word, rows, choose)
    down = steps(word, rows, choose)
    # From a revision on a branch, Alembic's ranges take in neighbours, more or fewer.
    older = words(rows, choose).rpartition("@")[2]
    labels = [str(row[3]) for row in rows if row[3]]
    whole = f"{choose.choice(labels)}@base" if labels else "base"
    pairs = [
        (word, lambda: their_map(rows).get_revisions(word), lambda: map_.get_revisions(word)),
        (
            up,
            lambda: their_map(rows).iterate_revisions(up, heads, implicit_base=True),
            lambda: map_.iterate_revisions(up, heads, implicit_base=True),
        ),
        (
            down,
            lambda: their_map(rows).iterate_revisions(heads, down, select_for_downgrade=True),
            lambda: map_.iterate_revisions(heads, down, select_for_downgrade=True),
        ),
        (
            older,
            lambda: their_map(rows).iterate_revisions("heads", older, inclusive=True),
            lambda: map_.iterate_revisions("heads", older, inclusive=True),
        ),
    ]
    pairs.append(
        (
            whole,
            lambda: their_map(rows).iterate_revisions("heads", whole, inclusive=True),
            lambda: map_.iterate_revisions("heads", whole, inclusive=True),
        )
    )
    compared = 0
    for asked, their_question, our_question in pairs:
        expected = answer(their_question)
        ours = answer(our_question)
        assert ours != CRASHED
        if expected in (CRASHED, REFUSED) or (expected != ours and is_known(asked, expected, ours)):
            continue
        assert ours == expected, (rows, asked, heads)
        compared += 1
    return compared


def test_histories_are_told_in_the_same_order() -> None:
    """Of histories such as people have: lines with short branches that are merged soon."""
    for seed in range(200):
        rows = lifelike_rows(seed)
        ours = [one.revision for one in map_of(rows).iterate_revisions("heads", "base")]
        expected = their_map(rows).iterate_revisions("heads", "base")
        assert ours == [one.revision for one in expected], rows


def test_histories_with_dependencies_are_told_in_the_same_order() -> None:
    """Where revisions have one dependency each: Alembic keeps several in a set, in any order."""
    for seed in range(400):
        rows = [
            (id_, down, _first(required), label) for id_, down, required, label in random_rows(seed)
        ]
        ours = [one.revision for one in map_of(rows).iterate_revisions("heads", "base")]
        expected = their_map(rows).iterate_revisions("heads", "base")
        assert ours == [one.revision for one in expected], rows


def _first(required: OneOrMany) -> OneOrMany:
    return required if required is None or isinstance(required, str) else next(iter(required))


def lifelike_rows(seed: int) -> list[Row]:
    choose = random.Random(seed)
    rows: list[Row] = []
    heads: list[str] = []
    for number in range(choose.randint(3, 40)):
        id_ = f"r{choose.randrange(10_000):04d}{number:02d}"
        kind = choose.random()
        parents: tuple[str, ...]
        if not heads or kind < 0.02:
            parents = ()
        elif kind < 0.12:
            parents = (choose.choice(rows[-4:])[0],)
        elif len(heads) > 1 and kind < 0.5:
            parents = tuple(choose.sample(heads, 2))
        else:
            parents = (choose.choice(heads),)
        rows.append((id_, parents or None, None, None))
        heads = [head for head in heads if head not in parents] + [id_]
    return sorted(rows)
