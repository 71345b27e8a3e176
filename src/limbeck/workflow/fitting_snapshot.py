"""The snapshot of the heads, where it is of the history as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.errors import ConfigurationError
from limbeck.project.files import read_text
from limbeck.project.snapshot import Snapshot, history_digest, read_snapshot, snapshot_path

if TYPE_CHECKING:
    from limbeck.script import ScriptDirectory


def fitting_snapshot(script: ScriptDirectory, dialect: str) -> tuple[Path, Snapshot] | None:
    """Read the snapshot of the heads.

    :param script: the project's revisions.
    :param dialect: the kind of database.
    :return: the file and what it says; None where there is none that fits the history.
    """
    path = snapshot_path(Path(script.dir), script.get_heads(), dialect)
    try:
        snapshot = read_snapshot(path) if path.is_file() else None
        if snapshot is None or snapshot.history != digest_of_history(script):
            return None
    except ConfigurationError:  # `snapshot --check` says so
        return None
    is_of_the_heads = snapshot.revisions == tuple(sorted(script.get_heads()))
    return (path, snapshot) if is_of_the_heads and snapshot.dialect == dialect else None


def digest_of_history(script: ScriptDirectory) -> str:
    """The number over what a project's whole history does.

    :param script: its revisions.
    """
    return history_digest(
        (each.revision, read_text(Path(each.path))) for each in script.walk_revisions()
    )
