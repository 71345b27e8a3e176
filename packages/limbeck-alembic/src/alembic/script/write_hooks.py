"""What runs over a new revision file."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Any

from limbeck.errors import CommandError
from limbeck.project.write_hooks import REVISION_SCRIPT_TOKEN as REVISION_SCRIPT_TOKEN
from limbeck.project.write_hooks import register as register
from limbeck.project.write_hooks import registered as _registry
from limbeck.project.write_hooks import run_hook as _run_hook


def _invoke(name: str, revision_path: str, options: Mapping[str, Any]) -> Any:
    return _registry[name](revision_path, options)


def run_hook(path: str, hook: Mapping[str, str]) -> None:
    """Run one hook over a new file; what a program says is shown, how it ends is its own affair."""
    _run_hook(path, hook, _run)


def _run(command: list[str], path: str, hook: Mapping[str, str]) -> None:
    try:
        subprocess.run(command, cwd=hook.get("cwd"))  # as the docstring above says
    except OSError as error:
        raise CommandError(
            f"post write hook {hook['_hook_name']!r} cannot be run: {command[0]}: {error.strerror}"
        ) from error
