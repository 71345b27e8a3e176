"""Histories for the tests, written as rows and built at random."""

from __future__ import annotations

import random
from collections.abc import Iterable

from limbeck.revisions.graph import Revision, RevisionMap
from limbeck.revisions.revision import OneOrMany

#: id, parents, dependencies, labels
Row = tuple[str, OneOrMany, OneOrMany, OneOrMany]

#: A branch point and a merge point on the line of the labelled "shop", and a second base,
#: labelled "net", that depends on the first line.
BRANCHED: tuple[Row, ...] = (
    ("aaaa1", None, None, None),
    ("bbbb2", "aaaa1", None, "shop"),
    ("cccc3", "bbbb2", None, None),
    ("dddd2", "aaaa1", None, None),
    ("eeee3", "dddd2", None, None),
    ("ffff4", ("cccc3", "eeee3"), None, None),
    ("gggg5", "ffff4", None, None),
    ("xxxx1", None, None, ("net",)),
    ("yyyy2", "xxxx1", "cccc3", None),
    ("zzzz3", "yyyy2", None, None),
)

#: Two bases with a label each; the second line depends on the end of the first.
DEPENDENT: tuple[Row, ...] = (
    ("aaaa1", None, None, "abc"),
    ("aaaa2", "aaaa1", None, None),
    ("aaaa3", "aaaa2", None, None),
    ("nnnn1", None, None, "net"),
    ("nnnn2", "nnnn1", "aaaa3", None),
)


def map_of(rows: Iterable[Row]) -> RevisionMap:
    """The revision map of some rows."""
    listed = list(rows)
    return RevisionMap(lambda: [Revision(*row) for row in listed])


def random_rows(seed: int) -> list[Row]:
    """A random history of up to 14 revisions: lines, forks, merges, labels, dependencies."""
    choose = random.Random(seed)
    rows: list[Row] = []
    ids: list[str] = []
    for number in range(choose.randint(1, 14)):
        id_ = f"{choose.randrange(65536):04x}{number:02d}"
        down: OneOrMany = None
        shape = choose.random()
        if ids and 0.12 <= shape < 0.65:
            down = ids[-1]
        elif ids and 0.65 <= shape < 0.85:
            down = choose.choice(ids)
        elif ids and shape >= 0.85:
            down = tuple(choose.sample(ids, min(len(ids), choose.choice((2, 2, 3)))))
        required: OneOrMany = None
        if ids and choose.random() < 0.15:
            required = tuple(choose.sample(ids, min(len(ids), choose.choice((1, 1, 2)))))
        label = f"lab{number:02d}" if choose.random() < 0.15 else None
        rows.append((id_, down, required, label))
        ids.append(id_)
    if choose.random() < 0.3:
        choose.shuffle(rows)
    return rows


def random_heads(map_: RevisionMap, choose: random.Random) -> tuple[str, ...]:
    """What a version table may hold: the effective heads of some applied revisions."""
    ids = list(map_.graph.by_id)
    applied = ancestors(map_, choose.sample(ids, choose.randint(0, min(2, len(ids)))))
    return effective_heads(map_, applied)


def ancestors(map_: RevisionMap, ids: Iterable[str]) -> set[str]:
    """These ids and all that they need, found the slow way."""
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting.extend(map_.graph.by_id[id_].all_parents)
    return found


def effective_heads(map_: RevisionMap, applied: set[str]) -> tuple[str, ...]:
    """The applied ids that no applied one needs, found the slow way."""
    needed = {one for id_ in applied for one in map_.graph.by_id[id_].all_parents}
    return tuple(id_ for id_ in map_.graph.by_id if id_ in applied - needed)
