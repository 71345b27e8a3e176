"""Files that are alike, looked at once.

Whether a file says alone what it sends hangs on its shape (:mod:`limbeck.project.code_shape`), and
on what the names in it stand for: what is in its literals goes to the database as it is. To parse
and to walk over each file of a long history takes a quarter of what its first run costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.project.code_shape import code_shape
from limbeck.project.compiled import CompiledLoader
from limbeck.runtime.resent.purity import is_plain_and_pure, upgrade_of
from limbeck.script.content import content_of
from limbeck.script.script import Script
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FunctionType

    from limbeck.runtime.steps import RunStep
    from limbeck.script.content import RevisionContent

__all__ = ["Alike", "text_of_the_same"]

_LONGEST = 1 << 14
"""Characters of a file that is likely to be like others; the shape of a longer one is not kept."""


class _Seen(Value, slots=True):
    """What was found out of one file.

    :param line: on which line its ``upgrade()`` begins.
    :param names: what the names in that stand for.
    :param says_all: whether the file says alone what it sends.
    """

    line: int
    names: Mapping[str, Any]
    says_all: bool

    def holds_for(self, upgrade: FunctionType) -> bool:
        """Whether the names in another file of that shape stand for the same.

        :param upgrade: its function.
        """
        names = upgrade.__globals__
        return upgrade.__code__.co_firstlineno == self.line and all(
            names.get(name) is value for name, value in self.names.items()
        )


class Alike:
    """What was found out of the files of one run, by their shapes."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def says_all(self, script: Script, source: str) -> bool:
        """Whether the text of a file says alone what it sends.

        :param script: the file, loaded.
        :param source: its text, which was loaded.
        """
        upgrade = upgrade_of(script)
        if upgrade is None:
            return False
        shape = code_shape(source) if len(source) <= _LONGEST else None
        seen = None if shape is None else self._seen.get(shape)
        if seen is not None and seen.holds_for(upgrade):
            return seen.says_all
        says_all = is_plain_and_pure(script, source)
        if shape is not None:
            code, names = upgrade.__code__, upgrade.__globals__
            used = {name: names.get(name) for name in code.co_names}
            self._seen[shape] = _Seen(code.co_firstlineno, used, says_all)
        return says_all


def text_of_the_same(step: RunStep, alike: Alike) -> tuple[str, str] | None:
    """A revision's file and the number over its text; None where that says not alone what it does.

    :param step: the revision, which is about to run.
    :param alike: what was found out of files before.
    """
    revision = step.plan.revision
    content = content_of(revision)
    if content is None or content.path is None or not _was_loaded(step, content):
        return None
    is_the_same = isinstance(revision, Script) and alike.says_all(revision, content.source)
    return (content.path, content.file_checksum) if is_the_same else None


def _was_loaded(step: RunStep, content: RevisionContent) -> bool:
    """Whether what a file says now is what runs: it may have been edited since it was loaded."""
    module = getattr(step.plan.revision, "module", None)
    loader = getattr(module, "__loader__", None)
    return isinstance(loader, CompiledLoader) and loader.has_loaded(content.source)
