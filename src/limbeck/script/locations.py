"""Folders that settings name, and ``sys.path``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["folder_at", "prepend_sys_path"]


def folder_at(location: str) -> str:
    """The folder of a location, which may be ``package:folder``.

    :param location: what the settings say.
    :raises ConfigurationError: there is no such package.
    """
    # A folder on a drive of Windows is none of a package, on whatever system it is read.
    flavours = (Path(location), PureWindowsPath(location))
    if ":" not in location or any(path.is_absolute() for path in flavours):
        return location
    package, _, resource = location.partition(":")
    try:
        spec = importlib.util.find_spec(package)
    except ImportError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            f"the package '{package}' of the location '{location}' cannot be found",
            hint="install the package, or write a folder instead",
        )
    return str(Path(next(iter(spec.submodule_search_locations)), *resource.split(":")))


def prepend_sys_path(folders: Sequence[str]) -> None:
    """Put folders before ``sys.path``, unless they are there.

    :param folders: what the settings say.
    """
    if sys.path[: len(folders)] != list(folders):
        sys.path[:0] = folders
