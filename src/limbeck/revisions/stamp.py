"""Rows written down without running anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.revisions.names import parse_name
from limbeck.revisions.plan import relative_start
from limbeck.revisions.ranges import upgrade_targets, without_implied
from limbeck.revisions.rows import RowChanges, replaced
from limbeck.revisions.step import PlanStep
from limbeck.revisions.walk import reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.revisions.resolve import Names, Resolver

__all__ = ["plan_stamp"]


def plan_stamp(
    resolver: Resolver, heads: Names, destination: Names, *, as_given: bool = False
) -> tuple[PlanStep, ...]:
    """The rows as they are to be, without running anything.

    A row goes if its revision comes before or after one of the destinations; a row of
    another branch stays.

    :param resolver: looks up the words.
    :param heads: what the version table holds.
    :param destination: what to write down; ``base`` removes the rows, ``label@base`` those
        of one branch.
    :param as_given: write a row for each destination, also for one that comes before another.
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
    if as_given:
        wanted = tuple(dict.fromkeys(targets))
    else:
        wanted = without_implied(graph.all_parents, targets)
    return tuple(_stamp_steps(resolver, current, wanted, going))


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
    start = relative_start(resolver, current, parsed)
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
    removed = tuple(
        id_ for id_ in current if id_ in going and id_ not in related and id_ not in wanted
    )
    rows = [id_ for id_ in current if id_ in related and id_ not in wanted]
    replaced_already: set[str] = set()
    for target in targets:
        mine: tuple[str, ...] = ()
        follows = False
        if rows:
            above_it = reached(graph.all_children, (target,))
            below_it = reached(graph.all_parents, (target,))
            mine = tuple(id_ for id_ in rows if id_ in above_it or id_ in below_it)
            follows = bool(mine) and all(id_ in above_it for id_ in mine)
        changes = replaced(
            tuple(id_ for id_ in mine if id_ not in replaced_already),
            () if target in current else (target,),
        )
        replaced_already.update(mine)
        if changes != RowChanges():
            yield PlanStep("stamp", graph.by_id[target], changes, mine, (target,), not follows)
    for id_ in removed:
        yield PlanStep("stamp", None, RowChanges(deleted=(id_,)), (id_,), (), is_upgrade=False)
