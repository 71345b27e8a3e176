"""The folder of a new project: ``env.py``, ``script.py.mako``, ``versions`` and settings."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from limbeck.errors import CommandError, UsageError
from limbeck.project.settings import tool_tables
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Action", "Created", "TemplateEntry", "create_environment", "list_templates"]

Action: TypeAlias = Literal[
    "created folder", "written", "added", "appended", "skipped", "section exists"
]


class TemplateEntry(Value, slots=True):
    """A kind of project.

    :param name: its name.
    :param description: one line about it.
    """

    name: str
    description: str


class Created(Value, slots=True):
    """What was done to one path.

    :param path: the folder or file.
    :param action: what was done; a file that exists is skipped, never written over, and a
        section that exists in it stays as it is.
    :param settings: which settings in it the user has to look at; empty for none.
    """

    path: Path
    action: Action
    settings: str = ""


def list_templates(folder: Path, tool: str = "limbeck") -> tuple[TemplateEntry, ...]:
    """The kinds of project that can be made.

    :param folder: the folder of the templates.
    :param tool: the name that the descriptions have in the place of limbeck's.
    :return: sorted by name.
    """
    return tuple(
        TemplateEntry(path.name, _first_line(path / "README", tool))
        for path in sorted(folder.iterdir())
        if path.is_dir() and not path.name.startswith(("_", "."))
    )


def _first_line(readme: Path, tool: str) -> str:
    if not readme.is_file():
        return ""
    return next(iter(_named(readme, tool).splitlines()), "").strip()


def create_environment(
    directory: Path,
    templates: Path,
    template: str = "generic",
    *,
    ini: Path,
    pyproject: Path,
    package: bool = False,
    tool: str = "limbeck",
) -> tuple[Created, ...]:
    """Make the folder of a project, and its settings.

    :param directory: the folder to make; it may exist if it is empty.
    :param templates: the folder of the templates.
    :param template: the kind of project.
    :param ini: the ini file to write, if there is none.
    :param pyproject: the ``pyproject.toml`` to write or append to, for templates that have one.
    :param package: write an ``__init__.py`` into the new folders.
    :param tool: the name that the files have in the place of limbeck's.
    :return: what was done, in order.
    :raises UsageError: there is no such template.
    :raises CommandError: the folder is not empty, or cannot be written.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CommandError(
            f"Directory {directory} already exists and is not empty",
            hint="name a folder that does not exist yet",
        )
    source = templates / template
    known = [entry.name for entry in list_templates(templates)]
    if template not in known:
        close = difflib.get_close_matches(template, known, n=1)
        raise UsageError(
            f"No such template {source}",
            hint=f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}",
        )
    done: list[Created] = []
    try:
        for created in _create(directory, source, ini, pyproject, package, tool):
            done.append(created)
    except (OSError, CommandError) as error:
        _undo(done)
        if isinstance(error, CommandError):
            raise
        raise CommandError(
            f"{error.filename or directory} cannot be written: {error.strerror}",
            hint="check the folder, its permissions, and the space on the disk",
        ) from error
    return tuple(done)


def _create(
    directory: Path, source: Path, ini: Path, pyproject: Path, package: bool, tool: str
) -> Iterator[Created]:
    versions = directory / "versions"
    for folder in (directory, versions):
        if not folder.is_dir():
            folder.mkdir(parents=True)
            yield Created(folder.absolute(), "created folder")
    for path in sorted(source.iterdir()):
        if path.name.endswith(".ini.mako"):
            yield _write_ini(path, ini, directory, tool)
        elif path.is_file() and path.name != "pyproject.toml.mako":
            target = directory / path.name
            target.write_text(_named(path, tool), encoding="utf-8")
            yield Created(target.absolute(), "written")
    if package:
        for folder in (directory, versions):
            target = folder / "__init__.py"
            target.touch()
            yield Created(target.absolute(), "added")
    # The user's own file comes last, when nothing can fail any more.
    if (source / "pyproject.toml.mako").is_file():
        yield _write_pyproject(source / "pyproject.toml.mako", pyproject, directory, tool)


def _undo(done: list[Created]) -> None:
    for created in reversed(done):
        if created.action in ("written", "added"):
            created.path.unlink(missing_ok=True)
        elif created.action == "created folder" and not any(created.path.iterdir()):
            created.path.rmdir()


_OF_INI = "configuration/connection/logging"
_OF_TOML = "configuration"


def _write_ini(template: Path, ini: Path, directory: Path, tool: str) -> Created:
    if ini.exists():
        return Created(ini.absolute(), "skipped", _OF_INI)
    location = _location(directory, ini.parent).replace("%", "%%").replace("%%(here)s", "%(here)s")
    if tool == "limbeck":  # the address goes there, and with it a password
        ini.touch(mode=0o600)
    ini.write_text(_rendered(template, location, tool), encoding="utf-8")
    return Created(ini.absolute(), "written", _OF_INI)


def _write_pyproject(template: Path, pyproject: Path, directory: Path, tool: str) -> Created:
    if tool in tool_tables(pyproject):
        return Created(pyproject.absolute(), "section exists", _OF_TOML)
    location = _location(directory, pyproject.parent)
    escaped = location.replace("\\", "\\\\").replace('"', '\\"')
    text = _rendered(template, escaped, tool)
    if not pyproject.exists():
        pyproject.write_text(text, encoding="utf-8")
        return Created(pyproject.absolute(), "written", _OF_TOML)
    before = pyproject.read_text(encoding="utf-8")
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    pyproject.write_text(f"{before}{gap}{text}", encoding="utf-8")
    return Created(pyproject.absolute(), "appended", _OF_TOML)


def _location(directory: Path, beside: Path) -> str:
    """The folder as the settings name it: from where the settings are, if that is possible."""
    if directory.is_absolute():
        return directory.as_posix()
    relative = Path(os.path.relpath(directory.absolute(), beside.absolute()))
    return f"%(here)s/{relative.as_posix()}"


def _named(path: Path, tool: str) -> str:
    """The text of a template's file, with the tool's name in it."""
    return path.read_text(encoding="utf-8").replace("limbeck", tool)


def _rendered(template: Path, script_location: str, tool: str) -> str:
    from mako.template import Template  # type: ignore[import-untyped]  # Mako ships no types

    source = _named(template, tool)
    return str(Template(text=source).render_unicode(script_location=script_location))
