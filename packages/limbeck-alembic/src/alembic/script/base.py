"""The revisions of a project on disk."""

from __future__ import annotations

import re
from pathlib import Path

from limbeck.project.files import read_file
from limbeck.script.base import Script as _Script
from limbeck.script.base import ScriptDirectory as ScriptDirectory

_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)(c|o)?$")


class Script(_Script):
    __doc__ = _Script.__doc__

    @classmethod
    def _from_path(cls, scriptdir: ScriptDirectory, path: str | Path) -> _Script | None:
        found = Path(path)
        if _REVISION_FILE.match(found.name) is None:
            return None
        return cls.from_file(read_file(found))
