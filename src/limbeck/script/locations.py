"""Folders that settings name, and ``sys.path``."""

from __future__ import annotations

import os
import sys

from limbeck.errors import ConfigurationError
from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["folder_at", "prepend_sys_path"]


def folder_at(location: str) -> str:
    """The folder of a location, which may be ``package:folder``.

    :param location: what the settings say.
    :raises ConfigurationError: there is no such package.
    """
    if ":" not in location or os.path.isabs(location) or _is_on_a_drive(location):
        return location
    from importlib.util import find_spec

    package, _, resource = location.partition(":")
    try:
        spec = find_spec(package)
    except ImportError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            f"the package '{package}' of the location '{location}' cannot be found",
            hint="install the package, or write a folder instead",
        )
    return os.path.join(next(iter(spec.submodule_search_locations)), *resource.split(":"))


def _is_on_a_drive(location: str) -> bool:
    """A folder on a drive of Windows is none of a package, on whatever system it is read."""
    return location[1:2] == ":" and location[2:3] in ("/", "\\")


def prepend_sys_path(folders: Sequence[str]) -> None:
    """Put folders before ``sys.path``, unless they are there.

    :param folders: what the settings say.
    """
    if sys.path[: len(folders)] != list(folders):
        sys.path[:0] = folders
