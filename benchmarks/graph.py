"""The graph of revisions alone, in this process: no files, no database.

Alembic's steps are those of ``alembic.script.revision``, which makes a plan only on the way to run
it: beside limbeck's plans stand the revisions in their order, without the steps made of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from alembic.script import revision as theirs
from benchmarks.histories import Node, nodes
from limbeck.revisions.graph import Revision, RevisionMap

__all__ = ["OPERATIONS", "TOOLS", "seconds_of"]

OPERATIONS = ("build", "history", "current", "plan up", "plan down")

TOOLS = ("alembic", "limbeck", "floor")


def seconds_of(shape: str, count: int, tool: str) -> dict[str, float]:
    """Seconds of processor time by operation.

    :param shape: of the history.
    :param count: of the revisions.
    :param tool: one of :data:`TOOLS`.
    """
    found = list(nodes(shape, count))
    steps = {"alembic": _of_alembic, "limbeck": _of_limbeck, "floor": _of_nobody}[tool](found)
    return {name: _seconds(steps[name]) for name in OPERATIONS}


def _of_limbeck(found: list[Node]) -> dict[str, Callable[[], object]]:
    made = [Revision(one.id, one.parents or None, dependencies=one.requires) for one in found]
    graph = RevisionMap(lambda: made)
    return {
        "build": lambda: graph.heads,
        "history": lambda: list(graph.iterate_revisions("heads", "base", inclusive=True)),
        "current": lambda: graph.get_all_current(graph.effective_heads),
        "plan up": lambda: graph.plan_upgrade((), "heads"),
        "plan down": lambda: graph.plan_downgrade(graph.effective_heads, "base"),
    }


def _of_alembic(found: list[Node]) -> dict[str, Callable[[], object]]:
    made = [
        theirs.Revision(one.id, one.parents or None, dependencies=one.requires) for one in found
    ]
    graph = theirs.RevisionMap(lambda: made)

    def walked(upper: str | tuple[str, ...], lower: str, **how: bool) -> list[object]:
        return list(graph.iterate_revisions(upper, lower, **how))

    return {
        "build": lambda: graph.heads,
        "history": lambda: walked("heads", "base", inclusive=True),
        "current": lambda: graph._get_all_current(graph._real_heads),
        "plan up": lambda: walked("heads", "base", implicit_base=True),
        "plan down": lambda: walked(graph._real_heads, "base", select_for_downgrade=True),
    }


def _of_nobody(found: list[Node]) -> dict[str, Callable[[], object]]:
    """What nobody can be faster than: each revision is looked at once."""

    def walk() -> object:
        return {one.id: (*one.parents, *one.requires) for one in found}

    return dict.fromkeys(OPERATIONS, walk)


def _seconds(step: Callable[[], object]) -> float:
    begun = time.process_time()
    step()
    return time.process_time() - begun
