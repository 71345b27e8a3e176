"""The index of revision files: what was read from each, kept beside the files.

An entry holds as long as the file has the size, the inode and the times that it had when it was
read; the time of its last change of any kind (ctime) among them, which no program can set. A file
that was changed within the two seconds before it was read gets no entry: it could be changed again
without its times telling (https://git-scm.com/docs/racy-git). So nothing is ever taken from the
index that differs from the file, and it may be deleted, damaged or kept from being written at any
time.
"""

from __future__ import annotations

import os
import sys
import time

from limbeck.light_typing import TYPE_CHECKING, Any
from limbeck.project.files import read_file
from limbeck.project.kept_document import kept_place, read_kept, replace_kept
from limbeck.project.listing import ListedFile, files_in
from limbeck.project.revision_file import FIELDS, RevisionFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["read_files"]

_MARGIN = 2_000_000_000
"""The coarsest times that a file system keeps, those of FAT, in nanoseconds."""

_Entry = list[Any]


def read_files(
    folders: Sequence[str | os.PathLike[str]], *, recursive: bool = False, sourceless: bool = False
) -> Iterator[RevisionFile]:
    """What the revision files in some folders say about themselves; see :func:`list_files`.

    :param folders: where to look.
    :param recursive: look into folders within these too.
    :param sourceless: compiled files count where their source is missing.
    :raises HistoryError: a folder or a file cannot be read, or a file says what it may not say.
    """
    seen: set[str] = set()
    for folder in folders:
        index = _Index(os.fspath(folder))
        for listed in files_in(os.fspath(folder), seen, recursive=recursive, sourceless=sourceless):
            yield index.file(listed)
        index.keep()


class _Index:
    """The index of one folder.

    :param folder: the folder, as it was named.
    """

    def __init__(self, folder: str) -> None:
        self.path = _place(folder)
        self.entries = _read(self.path) if self.path is not None else {}
        self.valid: dict[str, _Entry] = {}
        self.read: dict[str, tuple[os.stat_result, RevisionFile]] = {}
        self.begun = time.monotonic_ns()

    def file(self, listed: ListedFile) -> RevisionFile:
        """What a file says: from the index, or else from the file itself.

        :param listed: the file.
        :raises HistoryError: it cannot be read, or says what it may not say.
        """
        entry = self.entries.get(listed.within)
        if entry is not None and entry[:4] == _signature(listed.status):
            self.valid[listed.within] = entry
            return _from_entry(listed.path, entry)
        found = read_file(listed.path)
        if self.path is not None and found.module is None:
            self.read[listed.within] = (listed.status, found)
        return found

    def keep(self) -> None:
        """Write the index if it has changed; without a word where that is not possible."""
        is_same = not self.read and len(self.valid) == len(self.entries)
        if self.path is None or is_same or sys.dont_write_bytecode:
            return
        replace_kept(self.path, self._grown)

    def _grown(self, now: int) -> dict[str, _Entry] | None:
        self._add(now - (time.monotonic_ns() - self.begun))
        return None if self.valid == self.entries else self.valid

    def _add(self, begun: int) -> None:
        """Make entries of what was read and was not changed shortly before.

        :param begun: when reading began, in nanoseconds by the clock of the file system.
        """
        for name, (status, found) in self.read.items():
            if max(status.st_mtime_ns, status.st_ctime_ns) + _MARGIN < begun:
                self.valid[name] = [*_signature(status), *_told(found)]


def _place(folder: str) -> str | None:
    """Where the index of a folder is.

    None on systems that tell no time of the last change of any kind.
    """
    return kept_place(folder, "revisions") if os.name == "posix" else None


def _read(path: str) -> dict[str, _Entry]:
    entries = read_kept(path)
    return {
        name: entry for name, entry in entries.items() if type(entry) is list and _is_entry(entry)
    }


def _signature(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _told(file: RevisionFile) -> list[Any]:
    return [*map(_plain, file[1:5]), file.docstring, *map(file.lines.get, FIELDS), file.checksum]


def _plain(value: Any) -> str | list[str] | None:
    """A name, none, or several as a list."""
    if value is None or isinstance(value, str):
        return value
    return sorted(value) if isinstance(value, (set, frozenset)) else list(value)


def _from_entry(path: str, entry: _Entry) -> RevisionFile:
    id_, parents, labels, required, docstring, *lines, checksum = entry[4:]
    written = dict(zip(FIELDS, lines, strict=True))
    if None in lines:
        written = {name: line for name, line in written.items() if line}
    return RevisionFile(
        *(path, id_, _ids(parents), _ids(labels), _ids(required), docstring, written),
        checksum=checksum,
    )


def _ids(kept: Any) -> Any:
    """A name, none, or several, as a file has them."""
    return tuple(kept) if isinstance(kept, list) else kept


def _is_entry(entry: _Entry) -> bool:
    if tuple(map(type, entry)) == _USUAL:
        return True
    texts = [entry[place] for place in (4, 8, 13)] if len(entry) == 14 else [None]
    if not all(isinstance(one, str) for one in texts):
        return False
    for one in entry[5:8]:
        if not (one is None or isinstance(one, str) or _is_texts(one)):
            return False
    return {type(line) for line in entry[9:13]} <= _LINES


_LINES = {int, type(None)}
_USUAL = (*(int,) * 4, str, str, *(type(None),) * 2, str, *(int,) * 4, str)
"""The types in the entry of a revision with one parent and no labels."""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
