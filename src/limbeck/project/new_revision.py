"""Writes a new revision file, under a name and an id that suit it."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limbeck.errors import CommandError, ConfigurationError, UsageError
from limbeck.project.settings import DEFAULT_FILE_TEMPLATE
from limbeck.revisions.revision import check_id
from limbeck.value import Value

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "FileNaming",
    "check_new_id",
    "created_at",
    "file_path",
    "make_folder",
    "new_revision_id",
    "slug",
    "write_revision",
]

_RESERVED = frozenset({"head", "heads", "base", "current"})


class FileNaming(Value, slots=True):
    """How the files of new revisions are called.

    :param template: a ``%`` format over ``rev slug epoch year month day hour minute second``.
    :param slug_length: the slug has at most so many characters, or a little more.
    """

    template: str = DEFAULT_FILE_TEMPLATE
    slug_length: int = 40


def new_revision_id() -> str:
    """Twelve random hexadecimal digits."""
    return uuid.uuid4().hex[-12:]


def check_new_id(revision: str) -> str:
    """Refuse what may not be the id of a new revision.

    :param revision: the proposed id.
    :return: the same id.
    :raises RevisionError: it has characters with a meaning of their own.
    :raises UsageError: it would lead out of the folder, or is a word that stands for others.
    """
    check_id(revision)
    if revision in _RESERVED:
        raise UsageError(
            f"'{revision}' cannot be a revision identifier: it stands for other revisions",
            hint="choose another --rev-id",
        )
    if not re.fullmatch(r"[\w.]+", revision) or not revision.strip("."):
        odd = sorted({one for one in revision if not re.match(r"[\w.]", one)})
        shown = ", ".join(repr(one) for one in odd) or "only dots"
        raise UsageError(
            f"the revision identifier {revision!r} has characters that may not be in it: {shown}",
            hint="use letters, digits, '_' and '.' only",
        )
    return revision


def slug(message: str | None, length: int = 40) -> str:
    """The words of a message as a part of a file's name.

    :param message: the message.
    :param length: the slug is cut after the last whole word within so many characters.
    """
    words = "_".join(re.findall(r"\w+", message or "")).lower()
    if len(words) <= length:
        return words
    return words[:length].rsplit("_", 1)[0] + "_"


def created_at(clock: Callable[[], datetime.datetime], timezone: str | None) -> datetime.datetime:
    """The time to write into a new file.

    :param clock: gives the time now, with its zone.
    :param timezone: the name of a time zone; local time without a zone if not given.
    :raises ConfigurationError: there is no such zone.
    """
    now = clock()
    if not timezone:
        return now.astimezone().replace(tzinfo=None)
    for name in (timezone, timezone.upper()):
        try:
            return now.astimezone(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    raise ConfigurationError(
        f"Can't locate timezone: {timezone}",
        hint="write a name such as UTC or Europe/Vienna; "
        "where the system knows none, 'pip install tzdata' brings them",
    )


def file_path(
    folder: Path, naming: FileNaming, revision: str, message: str | None, when: datetime.datetime
) -> Path:
    """The path of a new revision file.

    :param folder: the folder of revision files.
    :param naming: how files are called.
    :param revision: the id.
    :param message: the message.
    :param when: the time of creation.
    :raises ConfigurationError: ``file_template`` is no template, or leads out of the folder.
    """
    values = {
        "rev": revision,
        "slug": slug(message, naming.slug_length),
        "epoch": int(when.timestamp()),
        "year": when.year,
        "month": when.month,
        "day": when.day,
        "hour": when.hour,
        "minute": when.minute,
        "second": when.second,
    }
    try:
        name = naming.template % values
    except (KeyError, ValueError, TypeError) as error:
        raise ConfigurationError(
            f"file_template '{naming.template}' cannot be filled in: {error}",
            hint=f"it may use {', '.join(f'%({one})s' for one in values)}",
        ) from error
    if "\0" in name:
        raise ConfigurationError(
            f"file_template '{naming.template}' has a NUL in it", hint="write it anew"
        )
    path = folder / f"{name}.py"
    root = folder.resolve()
    if not path.resolve().is_relative_to(root) or path.resolve() == root:
        raise ConfigurationError(
            f"file_template '{naming.template}' leads out of {folder}",
            hint="write a template for a name within the folder of revisions",
        )
    return path


def make_folder(path: Path) -> None:
    """Make a folder for revisions, and those above it.

    :raises CommandError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"the folder {path} cannot be made: {error.strerror}",
            hint="check the folders above it, their permissions, and the space on the disk",
        ) from error


def write_revision(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a new file; never over one that is there.

    :param path: the file; its folder is there.
    :param text: its contents.
    :param encoding: its encoding.
    :raises CommandError: the file exists, or cannot be written.
    """
    try:
        with path.open("x", encoding=encoding, newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise CommandError(
            f"the file {path} exists already", hint="choose another message or --rev-id"
        ) from error
    except (LookupError, UnicodeEncodeError) as error:
        path.unlink(missing_ok=True)
        raise ConfigurationError(
            f"the revision cannot be written with output_encoding '{encoding}': {error}",
            hint="remove output_encoding from the settings: UTF-8 can write everything",
        ) from error
    except OSError as error:
        raise CommandError(
            f"the file {path} cannot be written: {error.strerror}",
            hint="check the folder, its permissions, and the space on the disk",
        ) from error
