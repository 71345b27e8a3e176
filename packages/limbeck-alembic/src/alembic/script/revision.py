"""The graph of revisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from limbeck.script import revision as _revision
from limbeck.script.revision import CycleDetected as CycleDetected
from limbeck.script.revision import DependencyCycleDetected as DependencyCycleDetected
from limbeck.script.revision import DependencyLoopDetected as DependencyLoopDetected
from limbeck.script.revision import LoopDetected as LoopDetected
from limbeck.script.revision import MultipleHeads as MultipleHeads
from limbeck.script.revision import RangeNotAncestorError as RangeNotAncestorError
from limbeck.script.revision import ResolutionError as ResolutionError
from limbeck.script.revision import Revision as Revision
from limbeck.script.revision import RevisionError as RevisionError


class RevisionMap(_revision.RevisionMap):
    __doc__ = _revision.RevisionMap.__doc__

    @property
    def _revision_map(self) -> Mapping[Any, Any]:
        return {None: None, (): None, **self.graph.by_id}
