"""What to run to go from one place in the history to another.

A plan is a tuple of steps, each of which says what runs, in which direction, and how the
rows of the version table change with it. Nothing here touches a database.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from limbeck.revisions.errors import RangeNotAncestorError, RevisionError, listed
from limbeck.revisions.names import Name, parse_name
from limbeck.revisions.ranges import (
    above,
    current_on_branch,
    roots,
    upgrade_targets,
    without_implied,
)
from limbeck.revisions.rows import AppliedHeads, RowChanges, replaced
from limbeck.revisions.walk import newest_first, reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.revisions.resolve import Names, Resolver
    from limbeck.revisions.revision import Revision

__all__ = ["Direction", "PlanStep", "plan_downgrade", "plan_stamp", "plan_upgrade"]

Direction: TypeAlias = Literal["upgrade", "downgrade", "stamp"]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a plan.

    :param direction: whether ``upgrade()`` runs, ``downgrade()``, or nothing (a stamp).
    :param revision: the revision that runs; for a stamp the one that is written down,
        None where a stamp only removes rows.
    :param rows: how the version table changes with it.
    :param from_ids: ids the step leaves: the parents on the way up, the revision itself on
        the way down, the rows that go for a stamp.
    :param to_ids: ids the step reaches.
    :param is_upgrade: the step leads up; a stamp that goes back says False.
    """

    direction: Direction
    revision: Revision | None
    rows: RowChanges
    from_ids: tuple[str, ...]
    to_ids: tuple[str, ...]
    is_upgrade: bool

    @property
    def id(self) -> str | None:
        """The id of the revision, None where a stamp only removes rows."""
        return None if self.revision is None else self.revision.revision

    @property
    def is_stamp(self) -> bool:
        """Only the version table changes."""
        return self.direction == "stamp"


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
    first_to_go = _first_to_go(resolver, current, applied, destination)
    dropped = reached(graph.all_children, first_to_go) & applied
    rows = AppliedHeads(graph, current, applied)
    return tuple(
        PlanStep(
            direction="downgrade",
            revision=graph.by_id[id_],
            rows=rows.downgrade(id_),
            from_ids=(id_,),
            to_ids=graph.parents[id_],
            is_upgrade=False,
        )
        for id_ in newest_first(graph, dropped)
    )


def plan_stamp(resolver: Resolver, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
    """The rows as they are to be, without running anything.

    A row goes if its revision comes before or after one of the destinations; a row of
    another branch stays.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param destination: what to write down; ``base`` removes the rows, ``label@base`` those
        of one branch.
    :return: one step for each destination whose row changes.
    :raises RevisionError: a name stands for nothing, or is ambiguous.
    """
    graph = resolver.graph
    current = resolver.rows(heads)
    names = [destination] if destination is None or isinstance(destination, str) else destination
    targets: list[str] = []
    going: set[str] = set()
    for name in names:
        ids = _stamp_targets(resolver, current, name)
        targets.extend(ids)
        if not ids:
            going.update(_rows_of_base(resolver, current, name))
    return tuple(_stamp_steps(resolver, current, without_implied(graph, targets), going))


def _first_to_go(
    resolver: Resolver, current: tuple[str, ...], applied: set[str], destination: Names
) -> tuple[str, ...]:
    """The lowest ids to undo; what is above them goes with them."""
    graph = resolver.graph
    text = destination if isinstance(destination, str) else ""
    name = Name("") if text in graph.by_id else parse_name(text)
    left: str | None = None
    if name.steps < 0:
        left, target = resolver.down(_relative_start(resolver, current, name), name)
        if name.symbol is None or target is None:
            return (left,)
    elif name.steps > 0 and name.symbol is None:
        raise RevisionError(
            f"Relative revision {name.text} didn't produce {name.steps} migrations",
            hint="a downgrade goes down; to go up type 'limbeck upgrade'",
        )
    else:
        target = resolver.single(destination)
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


def _relative_start(resolver: Resolver, current: tuple[str, ...], name: Name) -> str | None:
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
            stacklevel=2,
        )
    return starts[0] if starts else None


def _stamp_targets(
    resolver: Resolver, current: tuple[str, ...], name: str | None
) -> tuple[str, ...]:
    if name is None:
        return ()
    parsed = parse_name(name)
    if not parsed.is_relative or parsed.symbol is not None or name in resolver.graph.by_id:
        return resolver.many(name)
    if parsed.steps > 0:
        return upgrade_targets(resolver, current, name)
    start = _relative_start(resolver, current, parsed)
    below = resolver.down(start, parsed)[1]
    return () if below is None else (below,)


def _rows_of_base(resolver: Resolver, current: tuple[str, ...], name: str | None) -> Iterable[str]:
    branch = None if name is None else parse_name(name).branch
    if branch is None:
        return current
    # What needs a revision of the branch says that it is applied, so its row goes too.
    related = resolver.lineage(branch) | reached(
        resolver.graph.all_children, (resolver.one(branch),)
    )
    return (id_ for id_ in current if id_ in related)


def _stamp_steps(
    resolver: Resolver, current: tuple[str, ...], targets: Collection[str], going: set[str]
) -> Iterable[PlanStep]:
    graph = resolver.graph
    related = reached(graph.all_parents, targets) | reached(graph.all_children, targets)
    wanted = set(targets)
    replaceable = [id_ for id_ in current if id_ in related and id_ not in wanted]
    removed = tuple(
        id_ for id_ in current if id_ in going and id_ not in related and id_ not in wanted
    )
    for target in targets:
        mine: tuple[str, ...] = ()
        follows = False
        if replaceable:
            above_it = reached(graph.all_children, (target,))
            below_it = reached(graph.all_parents, (target,))
            mine = tuple(id_ for id_ in replaceable if id_ in above_it or id_ in below_it)
            replaceable = [id_ for id_ in replaceable if id_ not in mine]
            follows = bool(mine) and all(id_ in above_it for id_ in mine)
        new = () if target in current else (target,)
        if new or mine:
            yield _stamp_step(graph.by_id[target], mine, new, not follows)
    if removed:
        yield _stamp_step(None, removed, (), False)


def _stamp_step(
    revision: Revision | None, before: tuple[str, ...], after: tuple[str, ...], is_upgrade: bool
) -> PlanStep:
    return PlanStep(
        direction="stamp",
        revision=revision,
        rows=replaced(before, after),
        from_ids=before,
        to_ids=() if revision is None else (revision.revision,),
        is_upgrade=is_upgrade,
    )
