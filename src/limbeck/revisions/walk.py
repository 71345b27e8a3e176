"""Walks over the edges of a graph; none recurses, and each takes time in proportion."""

from __future__ import annotations

from collections import Counter

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.revisions.linking import Edges, Graph

__all__ = ["before", "newest_first", "reached"]

#: To find what holds a line up, look at so many ids for each id of the walk; then keep to the
#: order of the parents alone.
_LOOKS = 20


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

    The walk goes down one line until it ends or is held up by another line, which then goes
    first; so a branch is not torn apart. What remains open is decided by the order of the
    history. This is the order of Alembic's ``history``.

    :param graph: the graph.
    :param chosen: ids of the graph.
    :return: the same ids.
    """
    return tuple(_Lines(graph, set(chosen)).walked())


def before(graph: Graph, id_: str) -> tuple[str, ...]:
    """What comes right before an id: its parents, and what it is the first to depend on.

    A dependency that something below on the same line has too is met there.

    :param graph: the graph.
    :param id_: an id of the graph.
    :returns: ids.
    """
    parents, by_id = graph.parents[id_], graph.by_id
    kept = list(parents)
    for required in graph.all_parents[id_][len(parents) :]:
        others = (one for one in graph.all_children[required] if one != id_)
        is_shared = any(required in by_id[one].required_ids for one in others)
        if not is_shared or not _met_below(graph, id_, required, len(by_id))[0]:
            kept.append(required)
    return tuple(kept)


def _met_below(graph: Graph, id_: str, required: str, most: int) -> tuple[bool, int]:
    """Whether something below an id on its line depends on the same.

    :param most: look at so many ids at most.
    :return: the answer, and at how many ids was looked.
    """
    found = {id_}
    waiting = [id_]
    looked = 0
    while waiting and looked < most:
        looked += 1
        for parent in graph.parents[waiting.pop()]:
            if required in graph.by_id[parent].required_ids:
                return True, looked
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return False, looked


class _Lines:
    """The lines of a history that are walked down together.

    A line is a number; a smaller one was met earlier. It stands at one id, and moves down
    when that id is given.
    """

    def __init__(self, graph: Graph, chosen: set[str]) -> None:
        self.graph = graph
        if len(chosen) == len(graph.by_id):
            self.open = {id_: len(children) for id_, children in graph.all_children.items()}
        else:
            self.open = {
                id_: sum(1 for child in graph.all_children[id_] if child in chosen)
                for id_ in graph.by_id
                if id_ in chosen
            }
        heads = [id_ for id_, count in self.open.items() if not count]
        self.at: list[str] = heads
        self.line_of = {id_: line for line, id_ in enumerate(heads)}
        self.before = [line - 1 for line in range(len(heads))]
        self.after = [line + 1 for line in range(len(heads))]
        self.first = 0
        self.last = len(heads) - 1
        self.looks = _LOOKS * len(chosen)
        depended = Counter(one for id_ in chosen for one in graph.by_id[id_].required_ids)
        self.shared = {id_ for id_, count in depended.items() if count > 1}

    def walked(self) -> Iterable[str]:
        """The ids, in their order."""
        line = self.first
        for _ in range(len(self.open)):
            while self.open[self.at[line]]:
                if self.looks <= 0:
                    yield from self._rest()
                    return
                line = self._held_up_by(self.at[line])
            id_ = self.at[line]
            line = self._moved_down(line, id_)
            yield id_

    def _moved_down(self, line: int, id_: str) -> int:
        """The line to go on with, after this one's id was given."""
        del self.line_of[id_]
        self.open[id_] = -1
        parents = self.graph.all_parents[id_]
        if len(parents) == 1 and self.open.get(parents[0]) == 1 and parents[0] not in self.line_of:
            (parent,) = parents  # the line goes straight on, as most do
            self.open[parent] = 0
            self.at[line] = parent
            self.line_of[parent] = line
            return line
        further = []
        for parent in parents:
            if parent not in self.open:
                continue
            self.open[parent] -= 1
            if parent in self.line_of:
                continue
            if not self.open[parent] or not self._is_met(id_, parent):
                further.append(parent)
        if not further:
            return self._ended(line)
        self.at[line] = further[0]
        self.line_of[further[0]] = line
        for parent in further[1:]:
            self._begun(parent)
        return line

    def _is_met(self, id_: str, required: str) -> bool:
        """Whether :func:`before` leaves a dependency out: its line begins further below."""
        if required not in self.shared or required in self.graph.parents[id_]:
            return False
        is_met, looked = _met_below(self.graph, id_, required, self.looks)
        self.looks -= looked
        return is_met

    def _begun(self, id_: str) -> None:
        line = len(self.at)
        self.at.append(id_)
        self.line_of[id_] = line
        self.before.append(self.last)
        self.after.append(line + 1)
        if self.last >= 0:
            self.after[self.last] = line
        else:
            self.first = line
        self.last = line

    def _ended(self, line: int) -> int:
        """Take a line away; the walk goes on with the one before it."""
        before, after = self.before[line], self.after[line]
        is_first, is_last = line == self.first, line == self.last
        if is_last:
            self.last = before
        else:
            self.before[after] = before
        if is_first:
            self.first = after
            return after
        self.after[before] = after
        return before

    def _held_up_by(self, id_: str) -> int:
        """The first line that must pass before this id can be given."""
        found = {id_}
        waiting = [id_]
        lines = []
        while waiting:
            for child in self.graph.all_children[waiting.pop()]:
                if self.open.get(child, -1) >= 0 and child not in found:
                    found.add(child)
                    waiting.append(child)
                    if child in self.line_of:
                        lines.append(self.line_of[child])
            self.looks -= 1
        self.looks -= len(found)
        return min(lines)

    def _rest(self) -> Iterable[str]:
        """What was not given yet: down each line as far as its children allow."""
        ready = [id_ for id_, count in self.open.items() if not count]
        ready.reverse()
        while ready:
            id_ = ready.pop()
            yield id_
            for parent in reversed(self.graph.all_parents[id_]):
                if parent in self.open:
                    self.open[parent] -= 1
                    if not self.open[parent]:
                        ready.append(parent)
