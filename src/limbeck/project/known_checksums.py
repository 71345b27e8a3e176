"""The numbers over what revision files do, kept beside the files.

Such a number is taken of the syntax tree, which costs more than all else that is written down of a
revision. One that was taken before is believed for the very text that it was taken of.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from limbeck.project.kept_document import kept_place, read_kept, replace_kept

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keep_checksums", "known_checksum"]


class _Folder:
    """The numbers of one folder.

    :param path: the folder.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.place = kept_place(path, "checksums")
        self.known: dict[str, list[str]] = {
            name: each for name, each in read_kept(self.place).items() if _is_known(each)
        }
        self.has_grown = False

    def of(self, name: str, text: str, make: Callable[[], str]) -> str:
        found = self.known.get(name)
        if found is None or found[0] != text:
            found = self.known[name] = [text, make()]
            self.has_grown = True
        return found[1]

    def keep(self) -> None:
        if self.has_grown and not sys.dont_write_bytecode:
            self.has_grown = False
            replace_kept(self.place, lambda _: self._of_files())

    def _of_files(self) -> dict[str, list[str]]:
        here = set(os.listdir(self.path))
        known = self.known.copy()  # other threads run revisions as well
        return {name: found for name, found in known.items() if name in here}


_folders: dict[str, _Folder] = {}
"""By their paths, what was read of them or taken in this process."""


def known_checksum(path: str, text: str, make: Callable[[], str]) -> str:
    """The number over what a file does, taken before or now.

    :param path: the file.
    :param text: a number over its text.
    :param make: takes the number.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if folder not in _folders:
        _folders[folder] = _Folder(folder)
    return _folders[folder].of(name, text, make)


def keep_checksums() -> None:
    """Write down what was taken in this process, for the next one."""
    for folder in tuple(_folders.values()):
        folder.keep()


def _is_known(entry: object) -> bool:
    return isinstance(entry, list) and [type(each) for each in entry] == [str, str]
