"""Whether models that are not imported could have changed which database is meant.

Importing them runs code of the project's. What it could do to a connection is to listen to engines,
to put another dialect in the place of one, or to set variables of the environment; and it could set
logging up. All of that is seen in the text, and in doubt it was done.
"""

from __future__ import annotations

import os
import re

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["is_harmless"]

_MOST_FILES = 500

_MAY_MATTER = re.compile(
    rb"listen|dotenv|read_env|putenv|unsetenv|\.instrument\(|set_(?:main|section)_option"
    rb"|environb?\s*(?:\[.*\]\s*=(?!=)|\|=|\.(?:update|setdefault|pop|clear)|\sas\b)"
    rb"|=\s*(?:\w+\.)?environb?\s*(?:[;#]|$)|\bdel\s+(?:\w+\.)?environ"
    rb"|registry\s*\.\s*register\(\s*['\"]"
    rb"|basicConfig|dictConfig|fileConfig|setLevel",
    re.MULTILINE,
)

_IMPORT = re.compile(rb"(?:^|;)[ \t]*(?:from[ \t]+(\w+)|import[ \t]+(\w[\w., \t]*))", re.MULTILINE)


def is_harmless(models: str, searched: Iterable[str]) -> bool:
    """Whether the text of a package, or of a module, says nothing that could matter.

    Neither may the project's own ones that it imports; libraries are not looked at.

    :param models: the models, as ``module:attribute``.
    :param searched: the folders in which the module may be.
    :return: False too where it is in none of them.
    """
    folders = tuple(searched)
    first = models.partition(":")[0].partition(".")[0]
    waiting, seen = [first], {first}
    count = 0
    while waiting:
        files = _files_of(waiting.pop(), folders)
        if files is None:
            return False
        for path in files:
            count += 1
            text = _text_of(path)
            if count > _MOST_FILES or _MAY_MATTER.search(text) is not None:
                return False
            new = {top for top in _imported(text) if top not in seen and _is_there(top, folders)}
            seen |= new
            waiting += new
    return count > 0


def _imported(text: bytes) -> Iterator[str]:
    """The packages that a file may import; of names in the text some may be none."""
    for one, several in _IMPORT.findall(text):
        for name in (one or several).split(b","):
            yield name.strip().partition(b".")[0].partition(b" ")[0].decode("ascii", "replace")


def _is_there(top: str, folders: Sequence[str]) -> bool:
    return any(
        os.path.isfile(f"{folder}/{top}.py") or os.path.isdir(f"{folder}/{top}")
        for folder in folders
    )


def _files_of(top: str, folders: Sequence[str]) -> list[str] | None:
    """The files of a package, or of a module; None where nobody sees which."""
    for folder in folders:
        place = os.path.join(folder, top)
        is_module = os.path.isfile(f"{place}.py")
        if os.path.isdir(place) and (not is_module or os.path.isfile(f"{place}/__init__.py")):
            return _files_in(place)
        if is_module:
            return [f"{place}.py"]
    return None


def _files_in(package: str) -> list[str] | None:
    found: list[str] = []
    for folder, within, names in os.walk(package):
        if any(os.path.islink(os.path.join(folder, name)) for name in within):
            return None
        found += (os.path.join(folder, name) for name in names if name.endswith(".py"))
        if len(found) > _MOST_FILES:
            return None
    return found


def _text_of(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
