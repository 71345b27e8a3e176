"""What differs between the Pythons, under the names that libraries know."""

from __future__ import annotations

import configparser
import importlib.metadata
import os
import sys
import tomllib as tomllib
from collections.abc import Sequence
from importlib.metadata import EntryPoint as EntryPoint

is_posix = os.name == "posix"
py311 = True
py313 = sys.version_info >= (3, 13)
py314 = sys.version_info >= (3, 14)


def importlib_metadata_get(group: str) -> Sequence[EntryPoint]:
    """The entry points of a group."""
    return list(importlib.metadata.entry_points(group=group))


def read_config_parser(
    file_config: configparser.ConfigParser,
    file_argument: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
) -> list[str]:
    """Read ini files, which are in UTF-8 on every system."""
    return file_config.read(file_argument, encoding="utf-8")
