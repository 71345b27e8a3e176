"""The revisions of a project on disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from limbeck.project.files import read_file
from limbeck.script import base as _base

_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)(c|o)?$")


class Script(_base.Script):
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
