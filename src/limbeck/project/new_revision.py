"""Writes a new revision file.

What the author says about it (the message) never becomes code, whatever is in it; a file
that would not be read back as the revision it was meant to be is not left behind.
"""

from __future__ import annotations

import ast
import re
import tempfile
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limbeck.errors import CommandError, ConfigurationError, UsageError
from limbeck.project.settings import DEFAULT_FILE_TEMPLATE
from limbeck.revisions.revision import check_id

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

__all__ = [
    "FileNaming",
    "check_new_id",
    "created_at",
    "file_path",
    "make_folder",
    "new_revision_id",
    "render_revision",
    "slug",
    "write_revision",
]

BUILT_IN_TEMPLATE = Path(__file__).parent / "templates" / "script.py.mako"
_RESERVED = frozenset({"head", "heads", "base", "current"})
#: Three quotes or more would end the docstring; so would one at its beginning or end.
_THREE_QUOTES = re.compile(r"\"{3,}|'{3,}|^[\"']+|[\"']+$", re.ASCII)
_PLAIN_MESSAGE = re.compile(r"[\w ,.;:!?()/=+*&#<>\[\]'-]*")


@dataclass(frozen=True, slots=True)
class FileNaming:
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


_BODIES = ("upgrades", "downgrades")


def render_revision(
    template: Path | None, variables: Mapping[str, Any], message: str | None
) -> str:
    """The text of a new revision file.

    :param template: the project's ``script.py.mako``; limbeck's own if not given.
    :param variables: what the template may use, besides ``message``.
    :param message: the message; it ends up within a string, whatever is in it.
    :return: Python source.
    :raises CommandError: the template fails, or makes code out of the message.
    """
    source = template if template is not None else BUILT_IN_TEMPLATE
    if source.is_dir():
        raise CommandError(f"{source} is a folder and no template", hint="restore the file")
    shown = _within_docstring(message.strip()) if message and message.strip() else "empty message"
    text = _rendered(source, {**variables, "message": shown})
    if message is None or (template is None and _PLAIN_MESSAGE.fullmatch(message)):
        _refuse_no_python(source, text)
        return text
    # What a message does to a template it does around any body, and a large one takes long to read.
    small = {**variables, **{name: "pass" for name in _BODIES if variables.get(name)}}
    harmless = _rendered(source, {**small, "message": "message"})
    if _code_of(_rendered(source, {**small, "message": shown})) != _code_of(harmless):
        raise CommandError(
            f"the message cannot be written with {source}: it would become code",
            hint='use ${message} in the docstring """…""" only, or choose a plainer message',
        )
    _refuse_no_python(source, text)
    return text


def _refuse_no_python(template: Path, text: str) -> None:
    try:
        _refuse_no_code(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line} of what it gives" if line else ""
        raise CommandError(
            f"the template {template} gives what is not Python{where}: {error}",
            hint="correct the template; what follows a ## is not in its text",
        ) from error


def _refuse_no_code(text: str) -> None:
    """Raise what the parser raises.

    A tree of a large file costs more than all of its code, and is needed only to tell whether what
    cannot be compiled can still be parsed: such a file is its author's.
    """
    try:
        compile(text, "<unknown>", "exec", dont_inherit=True)
    except SyntaxError:
        ast.parse(text)


def _within_docstring(message: str) -> str:
    """The message as it must be written between three quotes."""
    lines = []
    for line in re.split(r"\r\n|\r|\n", message):
        escaped = "".join(
            one
            if one.isprintable() and one != "\\"
            else one.encode("unicode_escape").decode()
            if one != "\t"
            else " "
            for one in line.rstrip()
        )
        lines.append(escaped)
    text = "\n".join(lines)
    return _THREE_QUOTES.sub(lambda found: "".join(f"\\{one}" for one in found[0]), text)


def _code_of(text: str) -> str | None:
    """The code in a text, its first strings aside; None if it is none."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@lru_cache(maxsize=4)
def _compiled(source: str, name: str) -> Any:
    """A template of Mako's: one file is written from it, and two texts to try its message."""
    from mako.template import Template  # type: ignore[import-untyped]  # Mako ships no types

    return Template(text=source, uri=name, strict_undefined=False)


def _rendered(template: Path, variables: Mapping[str, Any]) -> str:
    from mako import exceptions  # type: ignore[import-untyped]  # Mako ships no types

    try:
        compiled = _compiled(template.read_text(encoding="utf-8"), template.name)
        text = compiled.render_unicode(**variables, comma=joined_by_commas)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the template {template} cannot be read: {error}",
            hint="'limbeck list_templates' lists templates that come with a script.py.mako",
        ) from error
    except Exception as error:  # the user's template may raise anything
        line = exceptions.RichTraceback().lineno
        raise CommandError(
            f"Template rendering failed; see {_written_traceback()} "
            "for a template-oriented traceback.",
            hint="correct the template; it is Mako (https://docs.makotemplates.org)",
            details=[f"{template}, line {line}: {type(error).__name__}: {error}"],
        ) from error
    return str(text)


def _written_traceback() -> str:
    """A new file with the traceback of the error at hand, in the lines of the template."""
    from mako import exceptions

    with tempfile.NamedTemporaryFile(
        "w", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(exceptions.text_error_template().render_unicode())
    return file.name


def joined_by_commas(value: object) -> str:
    """The Mako filter that joins several ids with commas."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list, set, frozenset)):
        return ", ".join(str(one) for one in value)
    return str(value)


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
