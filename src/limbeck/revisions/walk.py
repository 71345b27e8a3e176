"""Walks over the edges of a graph; none recurses, each visits an id once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.revisions.linking import Edges, Graph

__all__ = ["newest_first", "reached"]


def reached(edges: Edges, start: Iterable[str]) -> set[str]:
    """Every id that the edges lead to from these, and these themselves.

    :param edges: parents for ancestors, children for descendants.
    :param start: ids of the graph.
    :return: the ids.
    """
    found = set(start)
    waiting = list(found)
    while waiting:
        for other in edges[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def newest_first(graph: Graph, chosen: Collection[str]) -> tuple[str, ...]:
    """The chosen ids in an order where each comes before its parents and dependencies.

    The walk stays on one line for as long as it can, so a branch is not torn apart; what
    remains open is decided by the order of the history.

    :param graph: the graph.
    :param chosen: ids of the graph.
    :return: the same ids.
    """
    chosen = chosen if isinstance(chosen, (set, frozenset)) else set(chosen)
    later = {
        id_: sum(1 for child in graph.all_children[id_] if child in chosen)
        for id_ in graph.by_id
        if id_ in chosen
    }
    ready = [id_ for id_, count in later.items() if not count]
    ready.reverse()
    order: list[str] = []
    while ready:
        id_ = ready.pop()
        order.append(id_)
        for parent in reversed(graph.all_parents[id_]):
            if parent in later:
                later[parent] -= 1
                if not later[parent]:
                    ready.append(parent)
    return tuple(order)
