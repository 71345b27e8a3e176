"""What was made of the texts of revision files, kept beside them for the next process.

Each is believed for the very text that it was made of, whatever the times of the file say.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from limbeck.project.kept_document import read_kept, replace_kept
from limbeck.project.kept_file import kept_place

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KeptFacts"]


class KeptFacts:
    """Facts of one kind, of the files of any folder.

    :param kind: a word for it, which is a part of the documents' names.
    :param is_fact: tells whether a value of a document that somebody may have changed is one.
    """

    def __init__(self, kind: str, is_fact: Callable[[object], bool]) -> None:
        self._kind = kind
        self._is_fact = is_fact
        self._folders: dict[str, _Folder] = {}
        self._last: tuple[str, _Folder] | None = None

    def find(self, path: str, text: str) -> Any | None:
        """What is known of a file; None where it is nothing, or was made of another text.

        :param path: the file.
        :param text: a number over its text.
        """
        folder, name = self._folder(path)
        found = folder.known.get(name)
        return found[1] if found is not None and found[0] == text else None

    def note(self, path: str, text: str, fact: Any) -> None:
        """Remember what was made of a file.

        :param path: the file.
        :param text: a number over its text.
        :param fact: what was made of it, which JSON can say.
        """
        folder, name = self._folder(path)
        folder.known[name] = [text, fact]
        folder.has_grown = True

    def write(self) -> None:
        """Write down what was made in this process."""
        for folder in tuple(self._folders.values()):
            folder.write()

    def _folder(self, path: str) -> tuple[_Folder, str]:
        place, _, name = path.rpartition("/")
        last = self._last
        if last is not None and last[0] == place and self._folders.get(last[1].path) is last[1]:
            return last[1], name  # a run asks for one file after the other
        found, name = self._found(path)
        if path[:1] == "/":
            self._last = place, found
        return found, name

    def _found(self, path: str) -> tuple[_Folder, str]:
        folder, name = os.path.split(os.path.abspath(path))
        found = self._folders.get(folder)
        if found is None:
            place = kept_place(folder, self._kind)
            known = {
                file: entry
                for file, entry in read_kept(place).items()
                if isinstance(entry, list)
                and len(entry) == 2
                and isinstance(entry[0], str)
                and self._is_fact(entry[1])
            }
            found = self._folders[folder] = _Folder(folder, place, known)
        return found, name


class _Folder:
    """The facts of one folder.

    :param path: the folder.
    :param place: the document.
    :param known: by the names of files, the number over the text and the fact.
    """

    def __init__(self, path: str, place: str, known: dict[str, list[Any]]) -> None:
        self.path = path
        self.place = place
        self.known = known
        self.has_grown = False

    def write(self) -> None:
        if self.has_grown and not sys.dont_write_bytecode:
            self.has_grown = False
            replace_kept(self.place, self._of_files)

    def _of_files(self) -> dict[str, list[Any]]:
        here = set(os.listdir(self.path))
        known = self.known.copy()  # other threads run revisions as well
        return {name: found for name, found in known.items() if name in here}
