"""The graph of revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck.revisions.names import parse_name
from limbeck.revisions.ranges import refuse_overlap, roots
from limbeck.revisions.walk import before, newest_first, reached
from limbeck.script import revision as _revision
from limbeck.script.revision import CycleDetected as CycleDetected
from limbeck.script.revision import DependencyCycleDetected as DependencyCycleDetected
from limbeck.script.revision import DependencyLoopDetected as DependencyLoopDetected
from limbeck.script.revision import LoopDetected as LoopDetected
from limbeck.script.revision import MultipleHeads as MultipleHeads
from limbeck.script.revision import RangeNotAncestorError as RangeNotAncestorError
from limbeck.script.revision import ResolutionError as ResolutionError
from limbeck.script.revision import RevisionError as RevisionError

if TYPE_CHECKING:
    from limbeck.revisions.linking import Edges, Graph


class Revision(_revision.Revision):
    __doc__ = _revision.Revision.__doc__

    _graph: Graph | None = None

    @property
    def _versioned_down_revisions(self) -> tuple[str, ...]:
        return self.parents

    @property
    def _resolved_dependencies(self) -> tuple[str, ...]:
        return self.required_ids

    @property
    def _all_down_revisions(self) -> tuple[str, ...]:
        return self.all_parents

    @property
    def _normalized_down_revisions(self) -> tuple[str, ...]:
        return self.all_parents if self._graph is None else before(self._graph, self.revision)

    @property
    def _all_nextrev(self) -> frozenset[str]:
        return self.all_nextrev

    @property
    def _is_real_head(self) -> bool:
        return self.is_effective_head

    @property
    def _is_real_branch_point(self) -> bool:
        return len(self.all_nextrev) > 1

    @property
    def _is_real_base(self) -> bool:
        return not self.all_parents


class RevisionMap(_revision.RevisionMap):
    __doc__ = _revision.RevisionMap.__doc__

    stamps_as_given: ClassVar[bool] = True

    _linked: Mapping[Any, Any] | None = None

    def _take(self, graph: Graph) -> None:
        super()._take(graph)
        self._linked = {None: None, (): None, **graph.by_id, **graph.by_label}
        for revision in graph.by_id.values():
            if isinstance(revision, Revision):
                revision._graph = graph

    @property
    def _revision_map(self) -> Mapping[Any, Any]:
        _ = self.graph  # links it
        assert self._linked is not None
        return self._linked

    @property
    def _real_heads(self) -> tuple[str, ...]:
        return self.effective_heads

    @property
    def _real_bases(self) -> tuple[str, ...]:
        return tuple(id_ for id_, before in self.graph.all_parents.items() if not before)

    def _get_base_revisions(self, identifier: str) -> tuple[str, ...]:
        name = parse_name(identifier)
        if name.branch is None and name.symbol in ("base", "head", "heads"):
            return self.bases
        return roots(self.resolver, name.branch or identifier)

    def _get_ancestor_nodes(
        self,
        targets: Collection[Any],
        map_: object = None,
        check: bool = False,
        include_dependencies: bool = True,
    ) -> Iterator[_revision.Revision]:
        graph = self.graph
        return self._related(
            graph.all_parents if include_dependencies else graph.parents, targets, check
        )

    def _get_descendant_nodes(
        self,
        targets: Collection[Any],
        map_: object = None,
        check: bool = False,
        include_dependencies: bool = True,
    ) -> Iterator[_revision.Revision]:
        graph = self.graph
        return self._related(
            graph.all_children if include_dependencies else graph.children, targets, check
        )

    def _related(
        self, edges: Edges, targets: Iterable[Any], check: bool
    ) -> Iterator[_revision.Revision]:
        ids = [self._id_of(one) for one in targets]
        if check:
            refuse_overlap(self.graph.all_parents, ids)
        return iter(self.resolver.revisions(reached(edges, ids)))

    def _topological_sort(
        self, revisions: Iterable[_revision.Revision], heads: object
    ) -> list[str]:
        return list(newest_first(self.graph, {one.revision for one in revisions}))
