"""The same plans for the same random histories, made by Alembic: what runs in which order, and
the rows of the version table after each step.

Alembic's own answer is left out where it refuses or crashes, or may lose a row that a stamp has
nothing to do with. A row that stays although another implies it is passed over.
"""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from alembic.runtime.migration import HeadMaintainer
from alembic.script import ScriptDirectory as TheirScripts
from alembic.script import revision as theirs
from alembic.util import CommandError
from limbeck.revisions.graph import RevisionMap
from limbeck.revisions.step import PlanStep
from tests.revisions.histories import (
    Row,
    ancestors,
    effective_heads,
    map_of,
    random_heads,
    random_rows,
)

#: What runs or is written down, and the rows after it.
Step = tuple[str, tuple[str, ...], tuple[str, ...]]


def upgrade() -> None: ...


def downgrade() -> None: ...


class Runnable(theirs.Revision):
    """What Alembic makes a step of."""

    module = SimpleNamespace(upgrade=upgrade, downgrade=downgrade)
    doc = ""


class Rows(HeadMaintainer):
    """The rows, without a database."""

    def __init__(self, heads: tuple[str, ...]) -> None:
        super().__init__(mock.Mock(), heads)

    def _insert_version(self, version: str) -> None:
        self.heads.add(version)

    def _delete_version(self, version: str) -> None:
        self.heads.remove(version)

    def _update_version(self, from_: str, to_: str) -> None:
        self.heads.remove(from_)
        self.heads.add(to_)


def told_by_alembic(
    folder: Path, rows: list[Row], kind: str, heads: tuple[str, ...], destination: str
) -> list[Step] | None:
    script = TheirScripts(folder)
    script.revision_map = theirs.RevisionMap(lambda: [Runnable(*row) for row in rows])  # type: ignore[arg-type]  # lists are taken too
    map_, table = map_of(rows), Rows(heads)
    told: list[Step] = []
    try:
        for step in getattr(script, f"_{kind}_revs")(destination, heads):
            table.update_to_step(step)
            ids = {*step.to_revisions_no_deps, *step.from_revisions_no_deps}
            after = effective_heads(map_, ancestors(map_, table.heads))
            told.append((step.name, tuple(sorted(ids)), tuple(sorted(after))))
    except (CommandError, AssertionError, KeyError):
        return None
    return told


def told_by_us(
    map_: RevisionMap, kind: str, heads: tuple[str, ...], destination: str
) -> list[Step]:
    plan: tuple[PlanStep, ...] = getattr(map_, f"plan_{kind}")(heads, destination)
    told: list[Step] = []
    now = frozenset(heads)
    for step in plan:
        now = step.rows.applied_to(now)
        name = "stamp_revision" if step.is_stamp else step.direction
        ids = {*step.to_ids, *step.from_ids}
        told.append((name, tuple(sorted(ids)), tuple(sorted(now))))
    return told


def plain_rows(seed: int) -> list[Row]:
    """A random history in which no revision names what another of its parents has below it, and
    each depends on one revision at most: of several, Alembic's order is left to hashing."""
    rows = random_rows(seed)
    map_ = map_of(rows)
    plain: list[Row] = []
    for id_, _, _, label in rows:
        parents = map_.graph.parents[id_]
        required = map_.graph.by_id[id_].required_ids[:1]
        below = [ancestors(map_, map_.graph.all_parents[one]) for one in parents]
        parents = tuple(one for one in parents if not any(one in ids for ids in below))
        plain.append((id_, parents, required, label))
    return plain


def destinations(rows: list[Row], choose: random.Random) -> list[str]:
    ids = [row[0] for row in rows]
    labels = [str(row[3]) for row in rows if row[3]]
    some = [*choose.sample(ids, min(2, len(ids))), "heads", "base"]
    return [*some, *(f"{label}@{word}" for label in labels[:1] for word in ("head", "base"))]


def may_lose(map_: RevisionMap, heads: tuple[str, ...], destination: str) -> bool:
    """Whether Alembic may take a row for related that is not."""
    if destination == "heads":
        return len(heads) > 1
    return destination.endswith("@base") and not map_.filter_for_lineage(heads, destination)


@pytest.mark.parametrize("kind", ["upgrade", "downgrade", "stamp"])
@pytest.mark.parametrize("block", range(4))
def test_plans_are_the_same(tmp_path: Path, kind: str, block: int) -> None:
    compared = 0
    for seed in range(block * 60, block * 60 + 60):
        choose = random.Random(seed)
        rows: list[Any] = plain_rows(seed)
        map_ = map_of(rows)
        heads = random_heads(map_, choose)
        for destination in destinations(rows, choose):
            expected = told_by_alembic(tmp_path, rows, kind, heads, destination)
            if expected is None or (kind == "stamp" and may_lose(map_, heads, destination)):
                continue
            ours = told_by_us(map_, kind, heads, destination)
            assert ours == expected, (rows, heads, destination)
            compared += 1
    assert compared > 60
