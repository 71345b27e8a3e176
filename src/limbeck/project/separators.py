"""Lists of paths within one setting."""

from __future__ import annotations

import os
import re
import warnings

from limbeck.errors import ConfigurationError

__all__ = ["UnknownSeparator", "separating_character", "split_paths", "split_versions"]

_SEPARATORS = {
    "space": " ",
    "newline": "\n",
    "os": os.pathsep,
    ":": ":",
    ";": ";",
}


class UnknownSeparator(ConfigurationError, ValueError):
    """A separator of paths is none of those that are known."""


def split_versions(
    value: str, separator: str | None, older_separator: str | None = None
) -> list[str]:
    """The folders in ``version_locations``.

    :param value: the setting.
    :param separator: the setting ``path_separator``.
    :param older_separator: the setting ``version_path_separator``, which came before it.
    :raises UnknownSeparator: the separator is not known.
    """
    if separator is not None:
        return _split(value, separator, "path_separator")
    if older_separator is not None:
        folders = _split(value, older_separator, "version_path_separator")
        _warn(
            "The version_path_separator configuration parameter is deprecated; "
            "please use path_separator"
        )
        return folders
    _warn(_LEGACY.format(how="spaces/commas", name="version_locations"))
    return [one for one in re.split(r", *|(?: +)", value) if one]


def split_paths(value: str, separator: str | None) -> list[str]:
    """The folders in ``prepend_sys_path``.

    :param value: the setting.
    :param separator: the setting ``path_separator``.
    :raises UnknownSeparator: the separator is not known.
    """
    if separator is not None:
        return _split(value, separator, "path_separator")
    _warn(_LEGACY.format(how="spaces, commas, and colons", name="prepend_sys_path"))
    return [one for one in re.split(r", *|(?: +)|:", value) if one]


_LEGACY = (
    "No path_separator found in configuration; falling back to legacy splitting on {how} "
    "for {name}.  Consider adding path_separator=os to Alembic config."
)


def separating_character(separator: str, name: str) -> str:
    """What stands between two paths.

    :param separator: the word that a setting has for it.
    :param name: the setting.
    :raises UnknownSeparator: the word is not known.
    """
    if separator not in _SEPARATORS:
        known = ", ".join(repr(one) for one in _SEPARATORS)
        raise UnknownSeparator(
            f"'{separator}' is not a valid value for {name}; expected {known}",
            hint=f"write {name} = os",
        )
    return _SEPARATORS[separator]


def _split(value: str, separator: str, name: str) -> list[str]:
    character = separating_character(separator, name)
    parts = value.split() if separator == "space" else value.split(character)
    return [one.strip() for one in parts if one.strip()]


def _warn(message: str) -> None:
    warnings.warn(message, DeprecationWarning, stacklevel=4)
