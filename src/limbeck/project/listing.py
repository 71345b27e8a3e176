"""The files in which revisions may be."""

from __future__ import annotations

import os
import stat
from operator import attrgetter

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ListedFile", "list_files"]

ListedFile: TypeAlias = tuple[str, str, os.stat_result]
"""A file in which a revision may be.

Its path below the folder as it was named, the same from that folder on, and what the file system
says of it, or of what a link leads to. There are thousands, so it is no class.
"""


def list_files(
    folders: Sequence[str | os.PathLike[str]], *, recursive: bool = False, sourceless: bool = False
) -> Iterator[ListedFile]:
    """The files in which revisions may be, folder by folder, sorted by name.

    ``__init__.py``, lock files of editors (``.#…``) and folders that are called like
    revisions are passed over. A file reached twice is given once.

    :param folders: where to look; a folder that does not exist holds no file.
    :param recursive: look into folders within these too; a circle of links is cut.
    :param sourceless: compiled files count where their source is missing.
    :raises HistoryError: a folder cannot be read, or what is called like a revision is a link to
        nothing, a pipe or a device.
    """
    seen: set[str] = set()
    for folder in folders:
        yield from files_in(os.fspath(folder), seen, recursive=recursive, sourceless=sourceless)


def files_in(
    folder: str, seen: set[str], *, recursive: bool, sourceless: bool
) -> Iterator[ListedFile]:
    """The files of one folder; see :func:`list_files`.

    :param folder: the folder.
    :param seen: the real paths of what was given before; those of these files are added.
    :param recursive: look into folders within it too.
    :param sourceless: compiled files count where their source is missing.
    """
    visited: set[str] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        real = os.path.realpath(here)
        if real in visited:
            continue
        visited.add(real)
        entries = _entries(here)
        if recursive:
            waiting += [
                one.path
                for one in sorted(entries, key=_name, reverse=True)
                if one.name != "__pycache__" and _is_folder(one)
            ]
        endings = (".py", ".pyc", ".pyo") if sourceless else ".py"
        chosen = [one for one in entries if one.name.endswith(endings) and _may_be_one(one.name)]
        if sourceless:
            chosen += _compiled_only(here, {_stem(one.name) for one in chosen})
        # a name alone would put what is in __pycache__ between the others
        chosen.sort(key=_parts if sourceless else _name)
        within_here, within_folder = len(os.path.join(here, "")), len(os.path.join(folder, ""))
        for entry in chosen:
            status = _status(entry)
            if status is None:
                continue
            if entry.is_symlink():
                place = os.path.realpath(entry.path)
            else:
                place = f"{real}{os.sep}{entry.path[within_here:]}"
            if place in seen:
                _warn_of_twice(entry.path)
                continue
            seen.add(place)
            yield entry.path, entry.path[within_folder:], status


_name = attrgetter("name")


def _parts(entry: os.DirEntry[str]) -> list[str]:
    return entry.path.split(os.sep)


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _may_be_one(name: str) -> bool:
    return not name.startswith((".#", "__init__")) and "\n" not in name


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder: one that is not there holds no revision; one that cannot be read may."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise HistoryError(
            f"the folder of revisions {folder} cannot be read: {error.strerror}",
            hint="make it a folder that is readable for the user who runs limbeck",
        ) from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    """What the file system says of a file; None for a folder.

    :raises HistoryError: it is a link to nothing, a pipe or a device: a revision would be missing
        without a word, or reading would never end.
    """
    try:
        status = entry.stat()
    except OSError as error:
        raise HistoryError(
            f"revision file {entry.path} cannot be read: {_why_unread(entry, error)}",
            hint="restore the file, or remove the link",
        ) from error
    if stat.S_ISREG(status.st_mode):
        return status
    if not stat.S_ISDIR(status.st_mode):
        raise HistoryError(
            f"revision file {entry.path} is no regular file",
            hint="replace it by a file, or move it out of the folder of revisions",
        )
    return None


def _why_unread(entry: os.DirEntry[str], error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and entry.is_symlink():
        return f"it is a link to {os.readlink(entry.path)}, which does not exist"
    return str(error.strerror)


def _compiled_only(folder: str, known: set[str]) -> Iterator[os.DirEntry[str]]:
    cache = os.path.join(folder, "__pycache__")
    if not os.path.isdir(cache):
        return
    for entry in sorted(_entries(cache), key=_name):
        stem, _, ending = entry.name.rpartition(".")
        stem = stem.split(".")[0]
        if ending in ("pyc", "pyo") and stem != "__init__" and stem not in known:
            known.add(stem)
            yield entry


def _warn_of_twice(path: str) -> None:
    import warnings

    warnings.warn(
        f"File {path} loaded twice! ignoring. Please ensure version_locations is unique.",
        UserWarning,
        stacklevel=2,
    )
