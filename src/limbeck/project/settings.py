"""Where the settings are, and what may stand in them.

Looked for in this order, in the current folder: what ``-c``, ``$LIMBECK_CONFIG`` or
``$ALEMBIC_CONFIG`` names; ``limbeck.ini``; ``limbeck.toml``; ``[tool.limbeck]`` in
``pyproject.toml``; ``alembic.ini``; ``[tool.alembic]`` in ``pyproject.toml``.
"""

from __future__ import annotations

import os
import re

from limbeck.errors import ConfigurationError, UsageError
from limbeck.light_typing import TYPE_CHECKING, Any, NamedTuple
from limbeck.project.paths import plain
from limbeck.visible import is_visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "NATIVE_KEYS",
    "SettingsFiles",
    "TomlSettings",
    "expand_environment",
    "find_settings",
    "ini_text",
    "read_toml",
    "tool_tables",
]

#: Keys of ``[alembic]`` that have a meaning, whatever the file.
ALEMBIC_KEYS = frozenset(
    {
        "file_template",
        "output_encoding",
        "path_separator",
        "post_write_hooks",
        "prepend_sys_path",
        "recursive_version_locations",
        "revision_environment",
        "script_location",
        "sourceless",
        "timezone",
        "truncate_slug_length",
        "version_locations",
        "version_path_separator",
    }
)

#: Keys of ``[tool.limbeck]`` and ``limbeck.toml``; anything else there is refused.
NATIVE_KEYS = ALEMBIC_KEYS | {
    "compare_objects",
    "deploy_lock",
    "downgrade_from_history",
    "fleet",
    "history",
    "history_table",
    "include_schemas",
    "lock_timeout",
    "lock_wait",
    "models",
    "out_of_order",
    "outer_transaction",
    "prove",
    "render_as_batch",
    "scratch_url",
    "transaction_per_migration",
    "url",
    "version_table",
    "version_table_schema",
}

_SWITCHES = frozenset({"include_schemas", "prove", "render_as_batch", "transaction_per_migration"})
_TEXTS = frozenset(
    {
        *("file_template", "output_encoding", "outer_transaction", "scratch_url"),
        *("script_location", "timezone", "url", "version_table", "version_table_schema"),
    }
)
_LISTS = frozenset({"compare_objects", "models", "prepend_sys_path", "version_locations"})

DEFAULT_SCRIPT_LOCATION = "migrations"
DEFAULT_FILE_TEMPLATE = "%(rev)s_%(slug)s"
_VARIABLE = r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"


class SettingsFiles(NamedTuple):
    """The files that hold the settings of a project.

    :param ini: the ini file, None where there is none.
    :param toml: the TOML file, None where there is none.
    """

    ini: str | None = None
    toml: str | None = None


class TomlSettings(NamedTuple):
    """The settings of one TOML file.

    :param values: the table of settings; empty where the file has none.
    :param is_native: they are limbeck's own (``limbeck.toml``, ``[tool.limbeck]``).
    """

    values: Mapping[str, Any]
    is_native: bool


def find_settings(
    given: Sequence[str | Path], environment: Mapping[str, str], folder: str | Path = ""
) -> SettingsFiles:
    """The settings files of a project.

    :param given: what ``-c`` named; at most an ini file and a TOML file.
    :param environment: the environment variables.
    :param folder: where to look if nothing was named; the current one if not given.
    :return: the files; a named file need not exist, a found one does.
    :raises UsageError: two files of one kind were named.
    :raises ConfigurationError: a folder is called like a settings file.
    """
    if not given:
        variable = environment.get("LIMBECK_CONFIG") or environment.get("ALEMBIC_CONFIG")
        if variable:
            given = [variable]
    if given:
        return _named([plain(one) for one in given])
    pyproject = os.path.join(folder, "pyproject.toml")
    tools = tool_tables(pyproject)
    for name in ("limbeck.ini", "limbeck.toml"):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            raise ConfigurationError(
                f"{path} is a folder and no settings file", hint="restore the file"
            )
    limbeck_toml = os.path.join(folder, "limbeck.toml")
    native_toml = (
        limbeck_toml if os.path.isfile(limbeck_toml) else pyproject if "limbeck" in tools else None
    )
    limbeck_ini = os.path.join(folder, "limbeck.ini")
    if os.path.isfile(limbeck_ini):
        return SettingsFiles(limbeck_ini, native_toml)
    alembic_ini = os.path.join(folder, "alembic.ini")
    ini = alembic_ini if os.path.isfile(alembic_ini) else None
    if native_toml is not None:
        # An alembic.ini beside it belongs to another tool, or is a leftover.
        return SettingsFiles(None, native_toml)
    return SettingsFiles(ini, pyproject if "alembic" in tools else None)


def _named(paths: Sequence[str]) -> SettingsFiles:
    tomls = [path for path in paths if os.path.splitext(path)[1] == ".toml"]
    inis = [path for path in paths if path not in tomls]
    if len(tomls) > 1:
        raise UsageError(
            f"{os.path.basename(tomls[1])} indicated more than once"
            if os.path.basename(tomls[0]) == os.path.basename(tomls[1])
            else "only one TOML file may be indicated",
            hint="give -c at most one ini file and one TOML file",
        )
    if len(inis) > 1:
        raise UsageError(
            "only one ini file may be indicated",
            hint="give -c at most one ini file and one TOML file",
        )
    return SettingsFiles(inis[0] if inis else None, tomls[0] if tomls else None)


def tool_tables(pyproject: str | Path) -> frozenset[str]:
    """The names below ``[tool]`` in a ``pyproject.toml``; none where there is no such file.

    :param pyproject: the file.
    :raises ConfigurationError: it is no TOML.
    """
    if not os.path.isfile(pyproject):
        return frozenset()
    tool = _parsed_toml(pyproject).get("tool")
    return frozenset(tool) if isinstance(tool, dict) else frozenset()


def read_toml(path: str) -> TomlSettings:
    """The settings in a TOML file.

    :param path: the file; one that does not exist holds no settings.
    :return: ``[tool.limbeck]``, or ``[tool.alembic]``, of a ``pyproject.toml``; the whole
        of any other file.
    :raises ConfigurationError: the file is no TOML, or a native key is unknown.
    """
    if not os.path.isfile(path):
        return TomlSettings({}, is_native=False)
    content = _parsed_toml(path)
    if os.path.basename(path) != "pyproject.toml":
        tool = content.get("tool")
        if not isinstance(tool, dict) or not {"limbeck", "alembic"} & tool.keys():
            return _checked_native(path, content)
    tool = content.get("tool", {})
    for name in ("limbeck", "alembic"):
        if isinstance(tool, dict) and name in tool:
            table = tool[name]
            if not isinstance(table, dict):
                raise ConfigurationError(
                    f"Incorrect TOML format: [tool.{name}] in {path} is not a table",
                    hint=f"write [tool.{name}] on a line of its own, and the keys below it",
                )
            if name == "limbeck":
                return _checked_native(path, table)
            return TomlSettings(table, is_native=False)
    return TomlSettings({}, is_native=False)


def _checked_native(path: str, table: Mapping[str, Any]) -> TomlSettings:
    for key in table:
        if key not in NATIVE_KEYS:
            import difflib

            close = difflib.get_close_matches(key, sorted(NATIVE_KEYS), n=1, cutoff=0.5)
            raise ConfigurationError(
                f"unknown setting '{key}' in {path}",
                hint=f"did you mean {close[0]}?"
                if close
                else f"the settings are {', '.join(sorted(NATIVE_KEYS))}",
            )
        _check_native_value(path, key, table[key])
    return TomlSettings(table, is_native=True)


def _check_native_value(path: str, key: str, value: Any) -> None:
    """Refuse a value that limbeck could only take for another one; addresses are not shown."""
    if key in _SWITCHES:
        fits, wanted = isinstance(value, bool), f"{key} = true, without quotes"
    elif key in _TEXTS:
        fits = isinstance(value, str) and is_visible(value)
        fits, wanted = fits and bool(value), f'{key} = "…"'
    elif key in _LISTS:
        texts = [value] if isinstance(value, str) else value
        fits = isinstance(texts, list) and all(isinstance(one, str) for one in texts)
        wanted = f'{key} = ["…"]'
    elif key == "fleet":
        fits, wanted = isinstance(value, dict), "[fleet] on a line of its own, and its keys below"
    else:
        return
    if not fits:
        shown = "cannot be used" if "url" in key else f"is {value!r}"
        raise ConfigurationError(
            f"the setting {key} {shown} in {path}", hint=f"write {visible_line(wanted)}"
        )
    if key == "compare_objects":
        _check_kinds(path, texts)


def _check_kinds(path: str, kinds: Sequence[str]) -> None:
    from limbeck.facts.object_kinds import OBJECT_KINDS

    unknown = sorted(set(kinds) - OBJECT_KINDS.keys())
    if unknown:
        raise ConfigurationError(
            f"the setting compare_objects in {path} names an unknown kind: {unknown[0]}",
            hint=f"the kinds are {', '.join(sorted(OBJECT_KINDS))}",
        )


def _parsed_toml(path: str | Path) -> dict[str, Any]:
    from limbeck.project.plain_toml import parse_plain_toml

    text = _text(path)
    values = parse_plain_toml(text)
    if values is not None:
        return values
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{path} is not TOML: {error}", hint="correct that line of the file"
        ) from error


def _text(path: str | Path) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "it is not UTF-8 text") from error


def ini_text(path: str) -> str:
    """What an ini file says; one that does not exist says nothing.

    :param path: the file.
    :raises ConfigurationError: the file cannot be read.
    """
    return _text(path) if os.path.isfile(path) else ""


def _unreadable(path: str | Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be read: {reason}", hint="save it as UTF-8 text, readable for you"
    )


def expand_environment(text: str, environment: Mapping[str, str]) -> str:
    """Put environment variables where ``${NAME}`` stands.

    :param text: a setting.
    :param environment: the environment variables.
    :return: the setting with their values.
    :raises ConfigurationError: a variable is not set.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if not environment.get(name):
            raise ConfigurationError(
                f"the environment variable {name} is not set",
                hint=f"type: export {name}=dialect://user:password@host/database",
            )
        return environment[name]

    return re.sub(_VARIABLE, value, text)
