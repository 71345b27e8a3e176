"""The revisions of a project on disk, with Alembic's names."""

from __future__ import annotations

from limbeck.script.directory import ScriptDirectory
from limbeck.script.script import Script

__all__ = ["Script", "ScriptDirectory"]
