"""The files to open in an editor, and the editor to open them in."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.errors import CommandError
from limbeck.workflow.show import show

if TYPE_CHECKING:
    from limbeck.config import Config

_FALLBACKS = ("sensible-editor", "editor", "nano", "vim", "code")


def files_to_edit(config: Config, rev: str) -> tuple[Path, ...]:
    """Find the files of the revisions that a name means.

    :param config: the settings.
    :param rev: any name of revisions; ``current`` asks the database.
    :returns: at least one path.
    :raises CommandError: there is none.
    """
    paths = tuple(Path(entry.script.path) for entry in show(config, rev))
    if not paths:
        raise CommandError(
            "No current revisions"
            if rev == "current"
            else f"No revision files indicated by symbol '{rev}'",
            hint="`limbeck history` lists the revisions",
        )
    return paths


def open_editor(
    paths: Sequence[Path],
    environment: Mapping[str, str] | None = None,
    variables: Sequence[str] = ("VISUAL", "EDITOR"),
) -> None:
    """Open files in the user's editor, and wait for it.

    :param paths: the files.
    :param environment: where the variables are looked up; None takes the process's.
    :param variables: which variables name the editor, the first that is set.
    :raises CommandError: there is no editor, or it failed.
    """
    editor = _editor(os.environ if environment is None else environment, variables)
    try:
        subprocess.run([*editor, *map(str, paths)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandError(
            f"Error executing editor ({error})", hint="look at $VISUAL and $EDITOR"
        ) from error


def _editor(environment: Mapping[str, str], variables: Sequence[str]) -> list[str]:
    for name in variables:
        if environment.get(name):
            return shlex.split(environment[name])
    for program in _FALLBACKS:
        if shutil.which(program, path=environment.get("PATH")):
            return [program]
    raise CommandError("no editor was found", hint="set $EDITOR, as in: export EDITOR=nano")
