"""Paths as :mod:`pathlib` writes them, for commands that do without importing it."""

from __future__ import annotations

import os

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["absolute", "plain"]


def plain(path: str | Path) -> str:
    """A path without doubled slashes and parts that mean nothing.

    :param path: the path.
    """
    path = os.fspath(path)
    if os.name != "posix" or path.startswith("//"):
        import pathlib

        return str(pathlib.Path(path))
    root = "/" if path.startswith("/") else ""
    return root + "/".join(part for part in path.split("/") if part not in ("", ".")) or "."


def absolute(path: str | Path) -> str:
    """A path from the root on.

    :param path: the path, from the current folder on if it is none from the root on.
    """
    return plain(os.path.join(os.getcwd(), path))
