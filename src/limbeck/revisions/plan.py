"""What to run to go from one place in the history to another.

A plan is a tuple of steps. Nothing here touches a database.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from limbeck.revisions.errors import RangeNotAncestorError, RevisionError, listed
from limbeck.revisions.names import Name, parse_name
from limbeck.revisions.ranges import (
    above,
    current_on_branch,
    roots,
    upgrade_targets,
)
from limbeck.revisions.rows import AppliedHeads
from limbeck.revisions.step import PlanStep
from limbeck.revisions.walk import newest_first, reached
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.revisions.linking import Graph
    from limbeck.revisions.resolve import Names, Resolver

__all__ = ["plan_downgrade", "plan_upgrade", "relative_start", "step_down", "undone"]


def plan_upgrade(resolver: Resolver, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
    """The way up.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param destination: where to go.
    :return: the steps, first to run first; empty where everything is there.
    :raises RevisionError: a name stands for nothing, or the way is ambiguous.
    """
    graph = resolver.graph
    current = resolver.rows(heads)
    targets = upgrade_targets(resolver, current, destination)
    wanted = newest_first(graph, above(graph, targets, current))
    rows = AppliedHeads(graph, current, reached(graph.all_parents, current))
    return tuple(
        PlanStep(
            direction="upgrade",
            revision=graph.by_id[id_],
            rows=rows.upgrade(id_),
            from_ids=graph.parents[id_],
            to_ids=(id_,),
            is_upgrade=True,
        )
        for id_ in reversed(wanted)
    )


def plan_downgrade(resolver: Resolver, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
    """The way down: what follows the destination on its line, and what needs any of that.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param destination: where to go; ``base`` or None undoes everything.
    :return: the steps, first to run first; empty where nothing is to be undone.
    :raises RangeNotAncestorError: the destination is not applied.
    :raises RevisionError: a name stands for nothing, or the way is ambiguous.
    """
    graph = resolver.graph
    current = resolver.rows(heads)
    applied = reached(graph.all_parents, current)
    dropped = _dropped(resolver, current, applied, _goal(resolver, current, destination))
    rows = AppliedHeads(graph, current, applied)
    return tuple(_down(graph, rows, id_) for id_ in newest_first(graph, dropped))


def step_down(resolver: Resolver, heads: Names, revision: str) -> PlanStep | None:
    """The step that undoes one revision, and nothing else.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param revision: the id of the revision.
    :return: the step; None where it is not applied, or something that is applied rests on it.
    """
    graph = resolver.graph
    current = resolver.rows(heads)
    applied = reached(graph.all_parents, current)
    if revision not in applied or applied.intersection(graph.all_children[revision]):
        return None
    return _down(graph, AppliedHeads(graph, current, applied), revision)


def _down(graph: Graph, rows: AppliedHeads, id_: str) -> PlanStep:
    return PlanStep(
        direction="downgrade",
        revision=graph.by_id[id_],
        rows=rows.downgrade(id_),
        from_ids=(id_,),
        to_ids=graph.parents[id_],
        is_upgrade=False,
    )


def undone(
    resolver: Resolver,
    heads: Names,
    destination: Names,
    *,
    inclusive: bool = False,
    unrelated: bool = False,
) -> tuple[str, ...]:
    """What a downgrade undoes, newest first.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param destination: where to go.
    :param inclusive: the destination is a part of it.
    :param unrelated: so is all else that the destination does not need.
    :return: ids.
    """
    graph = resolver.graph
    current = resolver.rows(heads)
    applied = reached(graph.all_parents, current)
    goal = _goal(resolver, current, destination)
    found = _dropped(resolver, current, applied, goal)
    target = () if goal.id is None else (goal.id,)
    if unrelated:
        found |= applied - reached(graph.all_parents, target)
    return newest_first(graph, found.union(target) if inclusive else found)


class _Goal(Value, slots=True):
    """Where a downgrade is to go.

    :param name: the word for it.
    :param id: the id, None for below every base.
    :param left: the last id that is left behind, where the word counts steps down.
    """

    name: Name
    id: str | None
    left: str | None = None


def _goal(resolver: Resolver, current: tuple[str, ...], destination: Names) -> _Goal:
    text = destination if isinstance(destination, str) else ""
    name = Name("") if text in resolver.graph.by_id else parse_name(text)
    if name.steps < 0:
        left, target = resolver.down(relative_start(resolver, current, name), name)
        return _Goal(name, target, left)
    if name.steps > 0 and name.symbol is None:
        raise RevisionError(
            f"Relative revision {name.steps:+d} didn't produce {name.steps} migrations",
            hint="a downgrade goes down; to go up type 'limbeck upgrade'",
        )
    return _Goal(name, resolver.single(destination))


def _dropped(
    resolver: Resolver, current: tuple[str, ...], applied: set[str], goal: _Goal
) -> set[str]:
    first_to_go = _first_to_go(resolver, current, applied, goal)
    return reached(resolver.graph.all_children, first_to_go) & applied


def _first_to_go(
    resolver: Resolver, current: tuple[str, ...], applied: set[str], goal: _Goal
) -> tuple[str, ...]:
    """The lowest ids to undo; what is above them goes with them."""
    graph, name, target = resolver.graph, goal.name, goal.id
    if goal.left is not None and (name.symbol is None or target is None):
        return (goal.left,)
    if target is None:
        return tuple(applied) if name.branch is None else roots(resolver, name.branch)
    if target not in applied:
        raise RangeNotAncestorError(target, current)
    after = graph.children[target]
    _refuse_if_only_required(resolver, target, applied)
    if name.branch is None:
        return after
    lineage = resolver.lineage(name.branch)
    return tuple(id_ for id_ in after if id_ in lineage)


def _refuse_if_only_required(resolver: Resolver, target: str, applied: set[str]) -> None:
    """Refuse a destination that is the end of its line, and is there for others alone.

    Nothing of its own line is above it; what needs it is on another line, and would have to be
    named to go down there.
    """
    graph = resolver.graph
    if applied.intersection(graph.children[target]):
        return
    requiring = sorted(applied.intersection(graph.all_children[target]))
    if requiring:
        raise RevisionError(
            f"Destination {target} is not a valid downgrade target from current head(s)",
            hint=f"nothing follows it on its line; what needs it is {listed(requiring)}: "
            "name a revision below that",
        )


def relative_start(resolver: Resolver, current: tuple[str, ...], name: Name) -> str | None:
    """Where steps down begin to count.

    :param resolver: looks up the words.
    :param current: ids in the version table.
    :param name: the word that counts the steps.
    :returns: the id, None for below every base.
    :raises RevisionError: there are several places, and no branch says which is meant.
    """
    if name.symbol is not None:
        return resolver.single(name.without_steps)
    starts = current
    if name.branch is not None:
        starts = current_on_branch(resolver, current, name.branch)
        if len(starts) > 1:
            raise RevisionError(
                "Ambiguous walk", hint=f"branch {name.branch} is at {listed(starts)}"
            )
    elif len(starts) > 1:
        warnings.warn(
            f"downgrade {name.text} from multiple heads is ambiguous; it counts from "
            f"{starts[0]}, one of {listed(starts)}: name the revision to go to",
            UserWarning,
            stacklevel=2,
        )
    return starts[0] if starts else None
