"""Alembic's module name for :mod:`limbeck.script`."""

from __future__ import annotations

from limbeck.script.directory import ScriptDirectory
from limbeck.script.script import Script

__all__ = ["Script", "ScriptDirectory"]
