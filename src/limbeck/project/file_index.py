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
from functools import lru_cache

from limbeck import __version__
from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.files import read_with_text
from limbeck.project.kept_file import kept_place, read_kept_file, replace_kept_file
from limbeck.project.listing import files_in
from limbeck.project.revision_file import FIELDS, RevisionFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from limbeck.project.listing import ListedFile
    from limbeck.revisions.revision import OneOrMany

__all__ = ["read_files", "text_at_hand"]

_MARGIN = 2_000_000_000
"""The coarsest times that a file system keeps, those of FAT, in nanoseconds."""

_FORMAT = f"limbeck {__version__} 4"

# An entry is a text whose parts are taken when the file is looked for: of a thousand entries, most
# are asked for little, and cutting a text costs a fifth of what it costs to parse JSON.
_ENTRY, _PART, _NAME = "\x1e", "\x1f", "\x1d"
"""What ends an entry, and what comes before each of its parts, and before each of several names."""

_texts: dict[str, tuple[str, str, str]] = {}
"""By the names of files, what tells them from edited ones, their texts, and the numbers over them.

Only the texts of those that get an entry, so that an edit would be seen.
"""

_ROOM = 1 << 20
"""Characters of a folder's files that are kept among these: of a thousand files."""


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
        files = files_in(os.fspath(folder), seen, recursive=recursive, sourceless=sourceless)
        yield from map(index.file, files)
        index.keep()


class _Index:
    """The index of one folder.

    :param folder: the folder, as it was named.
    """

    def __init__(self, folder: str) -> None:
        self.path = _place(folder)
        self.entries = _read(self.path) if self.path is not None else {}
        self.valid: dict[str, str] = {}
        self.read: dict[str, tuple[os.stat_result, RevisionFile, str]] = {}
        self.begun = time.monotonic_ns()
        self.room = _ROOM

    def file(self, listed: ListedFile) -> RevisionFile:
        """What a file says: from the index, or else from the file itself.

        :param listed: the file.
        :raises HistoryError: it cannot be read, or says what it may not say.
        """
        path, within, status = listed
        entry = self.entries.get(within)
        if entry is not None:
            kept = _from_entry(path, _signature(status), entry)
            if kept is not None:
                self.valid[within] = entry
                return kept
        found, source = read_with_text(path)
        if self.path is not None and found.module is None:
            self.room -= len(source)
            self.read[within] = (status, found, source if self.room >= 0 else "")
        return found

    def keep(self) -> None:
        """Write the index if it has changed; without a word where that is not possible."""
        is_same = not self.read and len(self.valid) == len(self.entries)
        if self.path is None or is_same or sys.dont_write_bytecode:
            return
        replace_kept_file(self.path, self._grown)

    def _grown(self, now: int) -> bytes | None:
        self._add(now - (time.monotonic_ns() - self.begun))
        if self.valid == self.entries:
            return None
        entries = (f"{name}{_PART}{entry}" for name, entry in self.valid.items())
        return _ENTRY.join((_FORMAT, *entries)).encode("utf-8", "surrogatepass")

    def _add(self, begun: int) -> None:
        """Make entries of what was read and was not changed shortly before.

        :param begun: when reading began, in nanoseconds by the clock of the file system.
        """
        for name, (status, found, source) in self.read.items():
            if max(status.st_mtime_ns, status.st_ctime_ns) + _MARGIN < begun:
                signature = _signature(status)
                entry = _entry(signature, found)
                if entry is not None and _is_name(name):
                    self.valid[name] = entry
                    if source and found.checksum is not None:
                        _texts[found.path] = (signature, source, found.checksum)


def text_at_hand(path: str) -> tuple[str, str] | None:
    """The text of a file that was read for the index a moment ago, and the number over it.

    A first run reads each file to find out where it belongs, and then to find out what it does,
    between which it may wait for another run, and files may be edited.

    :param path: the file, as it was named.
    :returns: None where it has to be read: it was not, or was asked for before, or is another one
        now.
    """
    found = _texts.pop(path, None)  # whoever asks keeps it
    if found is None:
        return None
    try:
        is_same = _signature(os.stat(path)) == found[0]
    except OSError:  # whoever reads it says so
        return None
    return found[1:] if is_same else None


def _place(folder: str) -> str | None:
    """Where the index of a folder is.

    None on systems that tell no time of the last change of any kind.
    """
    return kept_place(folder, "revisions", "text") if os.name == "posix" else None


def _read(path: str) -> dict[str, str]:
    """The entries, by the names of the files; none where the index is not there, or not ours."""
    content = read_kept_file(path)
    if content is None:
        return {}
    try:
        of, *entries = content.decode("utf-8", "surrogatepass").split(_ENTRY)
        return dict(entry.split(_PART, 1) for entry in entries) if of == _FORMAT else {}
    except ValueError:
        return {}


def _signature(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _entry(signature: str, file: RevisionFile) -> str | None:
    """What is kept of a file; None where an entry would be read otherwise."""
    written = (file.down_revision, file.branch_labels, file.depends_on)
    plain = tuple(map(_plain, written))
    told = file
    if plain != written:
        down, labels, requires = plain
        told = file._replace(down_revision=down, branch_labels=labels, depends_on=requires)
    lines = " ".join([str(told.lines.get(field, "-")) for field in FIELDS])
    names = map(_kept_names, plain)
    parts = (signature, told.revision, *names, told.docstring, lines, str(told.checksum))
    entry = _PART.join(parts)
    is_whole = _ENTRY not in entry and _from_entry(file.path, signature, entry) == told
    return entry if is_whole else None


def _plain(names: OneOrMany) -> str | tuple[str, ...] | None:
    """A name, none, or several in an order."""
    if names is None or isinstance(names, str):
        return names
    return tuple(sorted(names) if isinstance(names, (set, frozenset)) else names)


def _kept_names(names: str | tuple[str, ...] | None) -> str:
    return "".join(f"{_NAME}{name}" for name in names) if isinstance(names, tuple) else names or ""


def _from_entry(path: str, signature: str, entry: str) -> RevisionFile | None:
    """What was kept of a file; None where the file is not what it was."""
    try:
        kept, id_, down, labels, requires, docstring, lines, checksum = entry.split(_PART)
        if kept != signature:
            return None
        written = _lines(lines)
    except ValueError:
        return None
    return RevisionFile(
        path,
        id_,
        _names(down) if down else None,
        _names(labels) if labels else None,
        _names(requires) if requires else None,
        docstring,
        written,
        None,
        checksum,
    )


def _names(kept: str) -> str | tuple[str, ...]:
    """A name, or several."""
    return tuple(kept[1:].split(_NAME)) if kept[0] == _NAME else kept


@lru_cache(maxsize=64)  # the files of a project are made from one template
def _lines(kept: str) -> Mapping[str, int]:
    """On which lines the identifiers are written."""
    lines = zip(FIELDS, kept.split(" "), strict=True)
    return {field: int(line) for field, line in lines if line != "-"}


def _is_name(name: str) -> bool:
    """Whether the name of a file can stand before its entry."""
    return _ENTRY not in name and _PART not in name
