"""The revisions of a project on disk."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from alembic.runtime._steps import RevisionStep, StampStep
from alembic.script.revision import Revision, RevisionMap
from alembic.script.write_hooks import run_hook
from limbeck.project.files import read_file
from limbeck.project.new_revision import FileNaming, file_path
from limbeck.script import base as _base
from limbeck.util.messaging import status
from limbeck.workflow.entries import marked_current

_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)(c|o)?$")


class Script(_base.Script, Revision):
    __doc__ = _base.Script.__doc__

    @classmethod
    def _from_path(cls, scriptdir: ScriptDirectory, path: str | Path) -> Script | None:
        found = Path(path)
        if _REVISION_FILE.match(found.name) is None:
            return None
        return cls.from_file(read_file(found))

    _db_current_indicator = False

    @property
    def log_entry(self) -> str:
        """Everything about the revision."""
        text = super().log_entry
        return marked_current(text) if self._db_current_indicator else text


class ScriptDirectory(_base.ScriptDirectory):
    __doc__ = _base.ScriptDirectory.__doc__

    script_class: ClassVar[type[_base.Script]] = Script
    revision_map_class: ClassVar[type[RevisionMap]] = RevisionMap

    def _announce(self, message: str, newline: bool = False) -> AbstractContextManager[None]:
        """Print what is done: whoever makes a revision from Python sees it too."""
        return status(message, newline, quiet=bool(self.messaging_opts.get("quiet")))

    def run_hook(self, path: str, hook: Mapping[str, str]) -> None:
        """Run a post-write hook over a new file; how a program ends is its own affair."""
        run_hook(path, hook)

    def create_date(self) -> datetime.datetime:
        """The time to write into a new file."""
        return self._generate_create_date()

    def _generate_create_date(self) -> datetime.datetime:
        return super().create_date()

    def _rev_path(
        self, path: str | Path, rev_id: str, message: str | None, create_date: datetime.datetime
    ) -> Path:
        naming = FileNaming(self.file_template, self.truncate_slug_length)
        return file_path(Path(path), naming, rev_id, message, create_date)

    @property
    def _version_locations(self) -> list[Path]:
        return self.version_folders

    def _upgrade_revs(self, destination: Any, current_rev: Any) -> list[Any]:
        found = super()._upgrade_revs(destination, current_rev)
        return [RevisionStep.of(step, self.revision_map) for step in found]

    def _downgrade_revs(self, destination: Any, current_rev: Any) -> list[Any]:
        found = super()._downgrade_revs(destination, current_rev)
        return [RevisionStep.of(step, self.revision_map) for step in found]

    def _stamp_revs(self, revision: Any, heads: Any) -> list[Any]:
        found = super()._stamp_revs(revision, heads)
        return [StampStep.of(step, self.revision_map) for step in found]
