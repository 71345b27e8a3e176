"""Which revisions lie between two ends."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING
from limbeck.revisions.errors import MultipleHeads, RangeNotAncestorError, RevisionError, listed
from limbeck.revisions.names import Name, parse_name
from limbeck.revisions.walk import newest_first, reached

if TYPE_CHECKING:
    from collections.abc import Collection

    from limbeck.revisions.linking import Edges, Graph
    from limbeck.revisions.resolve import Names, Resolver

__all__ = [
    "above",
    "between",
    "current_on_branch",
    "overlap_words",
    "refuse_overlap",
    "tops",
    "upgrade_targets",
    "without_implied",
]


def tops(graph: Graph, applied: Collection[str]) -> tuple[str, ...]:
    """Those applied ids that no applied one follows on its own line.

    A row of the version table stands for everything its revision depends on too; these
    are the ends of all lines that it stands for, in the order of the history.

    :param graph: the graph.
    :param applied: ids of everything that is applied.
    """
    return tuple(
        id_
        for id_ in graph.by_id
        if id_ in applied and not any(child in applied for child in graph.children[id_])
    )


def above(graph: Graph, uppers: Collection[str], lowers: Collection[str]) -> set[str]:
    """What the uppers need and the lowers do not have: the road of an upgrade.

    :param graph: the graph.
    :param uppers: ids to reach.
    :param lowers: ids that are there, with all that they need.
    :return: ids.
    """
    return reached(graph.all_parents, uppers) - reached(graph.all_parents, lowers)


def between(
    resolver: Resolver,
    upper: Names,
    lower: Names,
    *,
    inclusive: bool = False,
    to_the_end: bool = False,
) -> tuple[str, ...]:
    """The revisions from one end of a range down to the other, newest first.

    :param resolver: looks up the words.
    :param upper: the newer end, or ends.
    :param lower: the older end, or ends; ``base`` or None for everything below.
    :param inclusive: the lower end is a part of the range.
    :param to_the_end: steps that lead out of the history end where it ends.
    :return: ids.
    :raises RangeNotAncestorError: an end is not above the other.
    """
    graph = resolver.graph
    uppers, lowers = _ends(resolver, upper, lower, to_the_end)
    refuse_overlap(graph.all_parents, uppers)
    refuse_overlap(graph.all_parents, lowers)
    chosen = reached(graph.all_parents, uppers)
    branch = parse_name(lower).branch if isinstance(lower, str) else None
    if branch is not None:
        chosen &= resolver.lineage(branch)
        if not lowers:  # all the branch, with what it needs of others
            chosen = reached(graph.all_parents, chosen)
    if lowers:
        unrelated = [id_ for id_ in lowers if id_ not in chosen]
        if unrelated:
            raise RangeNotAncestorError(", ".join(unrelated), upper)
        after = reached(graph.children, lowers)
        if after.isdisjoint(uppers):  # the way leads over a dependency
            after = reached(graph.all_children, lowers)
        chosen &= after
        below = reached(graph.all_parents, lowers)
        chosen -= below.difference(lowers) if inclusive else below
    return newest_first(graph, chosen)


def missing(
    resolver: Resolver,
    upper: Names,
    lower: Names,
    *,
    inclusive: bool = False,
    to_the_end: bool = False,
) -> tuple[str, ...]:
    """All that the upper end needs and the lower has not, newest first: what an upgrade runs.

    :param resolver: looks up the words.
    :param upper: the newer end, or ends.
    :param lower: what is there, with all that it needs.
    :param inclusive: the lower end is a part of it.
    :param to_the_end: steps that lead out of the history end where it ends.
    :return: ids.
    """
    graph = resolver.graph
    lowers = resolver.many(lower)
    uppers = upgrade_targets(resolver, lowers, upper, to_the_end=to_the_end)
    refuse_overlap(graph.all_parents, uppers)
    refuse_overlap(graph.all_parents, lowers)
    chosen = above(graph, uppers, lowers)
    return newest_first(graph, chosen.union(lowers) if inclusive else chosen)


def roots(resolver: Resolver, branch: str) -> tuple[str, ...]:
    """The bases of the line that a branch is on.

    :param resolver: looks up the branch.
    :param branch: a label, or an id.
    """
    lineage = resolver.lineage(branch)
    return tuple(id_ for id_ in resolver.graph.bases if id_ in lineage)


def _ends(
    resolver: Resolver, upper: Names, lower: Names, to_the_end: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both ends; steps without a symbol count from the other end."""
    up = parse_name(upper) if isinstance(upper, str) else None
    down = parse_name(lower) if isinstance(lower, str) else None
    if up is not None and up.symbol is None and up.steps > 0:
        lowers = resolver.many(lower)
        return upgrade_targets(resolver, lowers, up.text, to_the_end=to_the_end), lowers
    uppers = resolver.many(upper)
    if down is not None and down.symbol is None and down.steps < 0:
        starts = uppers if down.branch is None else resolver.on_branch(uppers, down.branch)
        found = (resolver.down(one, down, to_the_end=to_the_end)[1] for one in starts)
        return uppers, tuple(dict.fromkeys(id_ for id_ in found if id_ is not None))
    return uppers, resolver.many(lower)


def upgrade_targets(
    resolver: Resolver, heads: Collection[str], destination: Names, *, to_the_end: bool = False
) -> tuple[str, ...]:
    """The ids that an upgrade is to reach.

    :param resolver: looks up the words.
    :param heads: ids in the version table.
    :param destination: what was asked for; ``+2`` counts from what is applied.
    :param to_the_end: steps that lead out of the history end where it ends.
    :return: ids; empty for ``base``.
    :raises RevisionError: the destination stands for nothing, or is ambiguous.
    """
    if not isinstance(destination, str):
        return resolver.many(destination)
    name = parse_name(destination)
    if destination in resolver.graph.by_id or not name.is_relative or name.symbol is not None:
        return resolver.many(destination)
    if name.steps < 0:
        raise RevisionError(
            f"Relative revision {name.steps:+d} didn't produce {-name.steps} migrations",
            hint="an upgrade goes up; to go down type 'limbeck downgrade'",
        )
    start = _beginning(resolver, heads, name)
    return (resolver.up(start, name, to_the_end=to_the_end),)


def _beginning(resolver: Resolver, heads: Collection[str], name: Name) -> str | None:
    graph = resolver.graph
    starts = tuple(heads)
    if name.branch is not None:
        starts = current_on_branch(resolver, heads, name.branch)
    if len(starts) > 1:
        ends = tops(graph, set(starts))
        raise RevisionError(
            "Ambiguous upgrade from multiple current revisions",
            hint=f"the database is at {listed(ends)}; say on which branch to count, "
            f"as in label@{name.steps:+d}",
        )
    return starts[0] if starts else None


def current_on_branch(resolver: Resolver, heads: Collection[str], branch: str) -> tuple[str, ...]:
    """Where the database is on one branch.

    :param resolver: looks up the branch.
    :param heads: ids in the version table.
    :param branch: a label, or an id.
    :return: ids of the newest applied revisions on the line of the branch.
    """
    applied = reached(resolver.graph.all_parents, heads)
    return tops(resolver.graph, applied & resolver.lineage(branch))


def without_implied(edges: Edges, ids: Collection[str]) -> tuple[str, ...]:
    """Those of the ids that do not come before another of them.

    :param edges: the parents.
    :param ids: ids of the graph.
    """
    unique = tuple(dict.fromkeys(ids))
    if len(unique) < 2:
        return unique
    below = reached(edges, {parent for id_ in unique for parent in edges[id_]})
    return tuple(id_ for id_ in unique if id_ not in below)


def refuse_overlap(edges: Edges, ids: Collection[str]) -> None:
    """Refuse several revisions of which one is before another.

    :param edges: the parents.
    :param ids: ids that were asked for together.
    :raises RevisionError: one of them already contains another.
    """
    apart = without_implied(edges, ids)
    for id_ in apart if len(apart) < len(ids) else ():
        below = reached(edges, (id_,))
        within = [one for one in ids if one in below and one != id_]
        if within:
            raise RevisionError(
                f"Requested revision {id_} overlaps with other requested revisions "
                f"{', '.join(within)}",
                hint=f"leave {listed(within)} out: {id_} comes after",
            )


def overlap_words(edges: Edges, ids: Collection[str]) -> str:
    """Say of the ids in a version table that some are before others; empty where none is.

    No tool writes them so: whoever applies a revision takes away the rows of those before it.

    :param edges: the parents.
    :param ids: ids of the graph.
    """
    apart = without_implied(edges, ids)
    within = [id_ for id_ in ids if id_ not in apart]
    if not within:
        return ""
    after = [id_ for id_ in apart if not reached(edges, (id_,)).isdisjoint(within)]
    comes = "comes" if len(after) == 1 else "come"
    return f"the version table holds {listed(within)} besides {listed(after)}, which {comes} after"


def single_head(resolver: Resolver, branch: str | None) -> str | None:
    """The head, or the head of a branch; None in an empty history.

    :raises MultipleHeads: there are several.
    """
    heads = resolver.heads_of(branch)
    if len(heads) > 1:
        raise MultipleHeads(heads, "head" if branch is None else f"{branch}@head")
    return heads[0] if heads else None
