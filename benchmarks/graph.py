"""The graph of revisions alone, in this process: no files, no database.

Alembic has no name of its own for these steps; what it takes for them is seen in the rows of its
commands (``history``, ``current``, ``downgrade``).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.histories import Node, nodes
from limbeck.revisions.graph import Revision, RevisionMap

__all__ = ["OPERATIONS", "seconds_of"]

OPERATIONS = ("build", "history", "current", "plan up", "plan down")


def seconds_of(shape: str, count: int) -> dict[str, float]:
    """Seconds of processor time by operation.

    :param shape: of the history.
    :param count: of the revisions.
    """
    made = [_revision(node) for node in nodes(shape, count)]
    graph = RevisionMap(lambda: made)
    seconds = {"build": _seconds(lambda: graph.heads)}
    heads = graph.effective_heads
    steps: dict[str, Callable[[], object]] = {
        "history": lambda: list(graph.iterate_revisions("heads", "base", inclusive=True)),
        "current": lambda: graph.get_all_current(heads),
        "plan up": lambda: graph.plan_upgrade((), "heads"),
        "plan down": lambda: graph.plan_downgrade(heads, "base"),
    }
    return {**seconds, **{name: _seconds(step) for name, step in steps.items()}}


def _revision(node: Node) -> Revision:
    return Revision(node.id, node.parents or None, dependencies=node.requires or None)


def _seconds(step: Callable[[], object]) -> float:
    begun = time.process_time()
    step()
    return time.process_time() - begun
