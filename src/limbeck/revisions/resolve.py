"""The words for revisions, looked up in a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from limbeck.light_typing import TYPE_CHECKING, TypeAlias
from limbeck.revisions.errors import (
    MultipleHeads,
    ResolutionError,
    RevisionError,
    UnknownRevision,
    did_you_mean,
    listed,
    not_text,
)
from limbeck.revisions.names import Name, parse_name
from limbeck.revisions.walk import reached

if TYPE_CHECKING:
    from limbeck.revisions.linking import Graph
    from limbeck.revisions.revision import Revision

__all__ = ["Names", "Resolver"]

#: What may stand for revisions: a word, several words, or None for "nothing applied".
Names: TypeAlias = str | Collection[str | None] | None

#: An id or a label shorter than this is only found when it is typed whole.
SHORTEST_ABBREVIATED = 4


class Resolver:
    """Looks words up in one graph.

    :param graph: the graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._lineages: dict[str, frozenset[str]] = {}

    @cached_property
    def _sorted_names(self) -> tuple[str, ...]:
        names = {*self.graph.by_id, *self.graph.by_label}
        return tuple(sorted(name for name in names if len(name) >= SHORTEST_ABBREVIATED))

    # One name, without steps and without symbols --------------------------------------

    def one(self, name: str, branch: str | None = None) -> str:
        """The id that a whole or abbreviated id, or a label, stands for.

        :param name: what was typed.
        :param branch: where an abbreviation fits several, the one on this branch is meant.
        :return: the id.
        :raises ResolutionError: no revision, or more than one.
        """
        found = self.graph.by_id.get(name) or self.graph.by_label.get(name)
        if found is not None:
            return found.revision
        candidates = self._beginning_with(name)
        if branch is not None and len(candidates) > 1:
            candidates = self.on_branch(candidates, branch) or candidates
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise ResolutionError(
                f"'{name}' is the beginning of several revisions: {listed(candidates, 6)}",
                name,
                hint="type more characters of the one that is meant",
                candidates=candidates,
            )
        message = f"No such revision or branch '{name}'"
        if len(name) < SHORTEST_ABBREVIATED:
            message += (
                "; please ensure at least four characters are present for partial revision "
                "identifier matches"
            )
        known = (*self.graph.by_id, *self.graph.by_label)
        hint = did_you_mean(name, known) or "'limbeck history' lists every revision"
        raise UnknownRevision(message, name, hint=hint)

    def _beginning_with(self, name: str) -> tuple[str, ...]:
        if not name:
            return ()
        from bisect import bisect_left

        names, found = self._sorted_names, dict[str, None]()
        for position in range(bisect_left(names, name), len(names)):
            if not names[position].startswith(name):
                break
            known = names[position]
            revision = self.graph.by_id.get(known) or self.graph.by_label[known]
            found[revision.revision] = None
        return tuple(found)

    # Branches --------------------------------------------------------------------------

    def on_branch(self, ids: Iterable[str], branch: str) -> tuple[str, ...]:
        """Those of the ids that are on the line of a branch.

        :param ids: ids of the graph.
        :param branch: a label, or an id whose line is meant.
        :return: the ids on it, in the order given.
        """
        lineage = self.lineage(branch)
        return tuple(id_ for id_ in ids if id_ in lineage)

    def lineage(self, branch: str) -> frozenset[str]:
        """Everything before, at and after a revision, on its line.

        :param branch: a label, or an id.
        :return: ids.
        """
        id_ = self.one(branch)
        if id_ not in self._lineages:
            down = reached(self.graph.parents, (id_,))
            self._lineages[id_] = frozenset(down | reached(self.graph.children, (id_,)))
        return self._lineages[id_]

    def _refuse_unknown_branch(self, branch: str) -> None:
        try:
            self.one(branch)
        except UnknownRevision as error:
            raise UnknownRevision(f"No such branch: '{branch}'", branch, hint=error.hint) from error

    def heads_of(self, branch: str | None) -> tuple[str, ...]:
        """The heads, or those of a branch; a head on which another depends is one too."""
        heads = self.graph.heads
        return heads if branch is None else self.on_branch(heads, branch)

    # Words -----------------------------------------------------------------------------

    def many(self, names: Names) -> tuple[str, ...]:
        """The ids that words stand for.

        :param names: a word, several words, or None.
        :return: the ids, each once; empty for ``base`` and for None.
        :raises RevisionError: a word stands for nothing, or for too much.
        """
        return tuple(dict.fromkeys(self.each(names)))

    def each(self, names: Names) -> tuple[str, ...]:
        """As :meth:`many`, but an id that was asked for twice is given twice."""
        if names is None:
            return ()
        if isinstance(names, str):
            return self._word(names)
        if not _is_several(names):
            raise not_text(names)
        return tuple(id_ for name in names for id_ in self.each(name))

    def rows(self, heads: Names) -> tuple[str, ...]:
        """The ids that a version table holds.

        :param heads: what it holds; offline what was named as the beginning.
        :raises ResolutionError: no file carries one of them.
        """
        try:
            return self.many(heads)
        except UnknownRevision as error:
            raise UnknownRevision(
                error.message,
                error.argument,
                hint=f"the database is at {error.argument}, and no file here carries that id: "
                "bring the file back, or 'limbeck stamp --purge' the revision it is really at",
            ) from error

    def single(self, names: Names) -> str | None:
        """The one id that a word stands for, None for ``base``.

        :raises MultipleHeads: it stands for several.
        """
        if isinstance(names, (tuple, list)) and any(isinstance(one, bytes) for one in names):
            raise not_text(names)
        ids = self.many(names)
        if len(ids) > 1:
            raise MultipleHeads(ids, str(names))
        return ids[0] if ids else None

    def _word(self, text: str) -> tuple[str, ...]:
        exact = self.graph.by_id.get(text)
        if exact is not None:
            return (exact.revision,)
        name = parse_name(text)
        if name.is_relative:
            return self._relative(name)
        return self._absolute(name)

    def _absolute(self, name: Name) -> tuple[str, ...]:
        branch, symbol = name.branch, name.symbol
        if branch is not None:
            self._refuse_unknown_branch(branch)
        if symbol == "base":
            return ()
        if symbol == "heads":
            return self.graph.effective_heads if branch is None else self.heads_of(branch)
        if symbol == "head":
            heads = self.heads_of(branch)
            if len(heads) > 1:
                raise MultipleHeads(heads, name.text)
            return heads
        if symbol is None:
            raise ResolutionError(f"'{name.text}' names no revision", name.text)
        id_ = self.one(symbol, branch)
        if branch is not None and not self.on_branch((id_,), branch):
            raise ResolutionError(f"Revision {id_} is not a member of branch '{branch}'", name.text)
        return (id_,)

    def _relative(self, name: Name) -> tuple[str, ...]:
        if name.symbol is None:
            if name.steps > 0:
                raise ResolutionError(
                    f"'{name.text}' counts from where the database is, which is not known here",
                    name.text,
                    hint="name the revision to count from, as in ae10+2",
                )
            starts = self.heads_of(name.branch)
        else:
            starts = self._absolute(Name(name.without_steps, name.branch, name.symbol))
        if name.steps > 0:
            start = starts[0] if starts else None
            if len(starts) > 1:
                raise RevisionError(f"Ambiguous walk: '{name.text}' has several beginnings")
            return (self.up(start, name),)
        if not starts:
            raise _too_far(name)
        found = (self.down(start, name)[1] for start in starts)
        return tuple(dict.fromkeys(id_ for id_ in found if id_ is not None))

    # Steps -----------------------------------------------------------------------------

    def up(self, start: str | None, name: Name, *, to_the_end: bool = False) -> str:
        """The id so many steps above another.

        :param start: where to begin; None for below every base.
        :param name: the word that counts the steps; its branch decides at forks.
        :param to_the_end: where the history is shorter, go as far as it goes.
        :raises RevisionError: the line forks, or ends too soon.
        """
        id_ = start
        for _ in range(name.steps):
            after = self.graph.bases if id_ is None else self.graph.children[id_]
            further = self._only_way(name, id_, after)
            if further is None:
                if to_the_end:
                    break
                raise _too_far(name)
            id_ = further
        if id_ is None:
            raise _too_far(name)
        return id_

    def down(
        self, start: str | None, name: Name, *, to_the_end: bool = False
    ) -> tuple[str, str | None]:
        """So many steps below another.

        :param start: where to begin; None for below every base.
        :param name: the word that counts the steps; its branch decides at forks.
        :param to_the_end: where the history is shorter, go as far as it goes.
        :return: the last id that is left behind, and the one below it (None for base).
        :raises RevisionError: the line forks, or ends too soon.
        """
        left, below = start, start
        for _ in range(-name.steps):
            if below is None:
                if to_the_end:
                    break
                raise _too_far(name)
            left = below
            below = self._only_way(name, left, self.graph.parents[left])
        if left is None:
            raise _too_far(name)
        return left, below

    def _only_way(self, name: Name, id_: str | None, ways: tuple[str, ...]) -> str | None:
        if name.branch is not None and ways:
            lineage = self.lineage(name.branch)
            ways = tuple(one for one in ways if one in lineage)
        if len(ways) > 1:
            raise _fork(name, id_, ways)
        return ways[0] if ways else None

    def revisions(self, ids: Iterable[str]) -> tuple[Revision, ...]:
        """The revisions of these ids."""
        return tuple(self.graph.by_id[id_] for id_ in ids)


def _is_several(names: object) -> bool:
    return isinstance(names, Iterable) and not isinstance(names, bytes)


def _fork(name: Name, id_: str | None, ways: tuple[str, ...]) -> RevisionError:
    return RevisionError(
        "Ambiguous walk",
        hint=f"from {id_ or 'base'} the way leads to {listed(ways)}: name one of them, "
        f"or a branch as in label@{name.steps:+d}",
    )


def _too_far(name: Name) -> RevisionError:
    steps = f"{name.steps:+d}"
    return RevisionError(
        f"Relative revision {steps} didn't produce {abs(name.steps)} migrations",
        hint=f"the history is not that long; there are fewer than {abs(name.steps)} "
        f"revisions {'above' if name.steps > 0 else 'below'}",
    )
