"""The revisions of a project on disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

from alembic.runtime._steps import RevisionStep, StampStep
from alembic.script.revision import Revision, RevisionMap
from limbeck.project.files import read_file
from limbeck.script import base as _base

_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)(c|o)?$")


class Script(_base.Script, Revision):
    __doc__ = _base.Script.__doc__

    @classmethod
    def _from_path(cls, scriptdir: ScriptDirectory, path: str | Path) -> Script | None:
        found = Path(path)
        if _REVISION_FILE.match(found.name) is None:
            return None
        return cls.from_file(read_file(found))


class ScriptDirectory(_base.ScriptDirectory):
    __doc__ = _base.ScriptDirectory.__doc__

    script_class: ClassVar[type[_base.Script]] = Script
    revision_map_class: ClassVar[type[RevisionMap]] = RevisionMap

    def _upgrade_revs(self, destination: Any, current_rev: Any) -> list[Any]:
        found = super()._upgrade_revs(destination, current_rev)
        return [RevisionStep.of(step, self.revision_map) for step in found]

    def _downgrade_revs(self, destination: Any, current_rev: Any) -> list[Any]:
        found = super()._downgrade_revs(destination, current_rev)
        return [RevisionStep.of(step, self.revision_map) for step in found]

    def _stamp_revs(self, revision: Any, heads: Any) -> list[Any]:
        found = super()._stamp_revs(revision, heads)
        return [StampStep.of(step, self.revision_map) for step in found]
