"""Whether models that are not imported could have changed which database is meant.

Importing them runs code of the project's. What it could do to a connection is to listen to engines,
or to set variables of the environment; both are seen in the text, and in doubt it was done.
"""

from __future__ import annotations

import os
import re

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_harmless"]

_MOST_FILES = 500

_MAY_MATTER = re.compile(
    rb"listen|dotenv|putenv|environ\s*(?:\[[^\]]*\]\s*=(?!=)|\.(?:update|setdefault|pop|clear))"
)


def is_harmless(models: str, searched: Iterable[str]) -> bool:
    """Whether the text of a package, or of a module, says nothing that could matter.

    :param models: the models, as ``module:attribute``.
    :param searched: the folders in which the module may be.
    :return: False too where it is in none of them.
    """
    top = models.partition(":")[0].partition(".")[0]
    for folder in searched:
        place = os.path.join(folder, top)
        is_module = os.path.isfile(f"{place}.py")
        if os.path.isdir(place) and (not is_module or os.path.isfile(f"{place}/__init__.py")):
            return _are_silent(place)
        if is_module:
            return _is_silent(f"{place}.py")
    return False


def _are_silent(package: str) -> bool:
    count = 0
    for folder, within, names in os.walk(package):
        if any(os.path.islink(os.path.join(folder, name)) for name in within):
            return False
        for name in names:
            if name.endswith(".py"):
                count += 1
                if count > _MOST_FILES or not _is_silent(os.path.join(folder, name)):
                    return False
    return count > 0


def _is_silent(path: str) -> bool:
    with open(path, "rb") as file:
        return _MAY_MATTER.search(file.read()) is None
