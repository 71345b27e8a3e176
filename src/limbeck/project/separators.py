"""Lists of paths within one setting."""

from __future__ import annotations

import os
import re
import warnings

from limbeck.errors import ConfigurationError

__all__ = ["split_paths", "split_versions"]

_SEPARATORS = {
    "space": " ",
    "newline": "\n",
    "os": os.pathsep,
    ":": ":",
    ";": ";",
}


def split_versions(
    value: str, separator: str | None, older_separator: str | None = None
) -> list[str]:
    """The folders in ``version_locations``.

    :param value: the setting.
    :param separator: the setting ``path_separator``.
    :param older_separator: the setting ``version_path_separator``, which came before it.
    """
    if separator is None and older_separator is not None:
        _warn("version_path_separator")
        return _split(value, older_separator)
    if separator is None:
        if re.search(r"[,\s]", value):
            _warn("version_locations without path_separator")
        return [one for one in re.split(r", *|(?: +)", value) if one]
    return _split(value, separator)


def split_paths(value: str, separator: str | None) -> list[str]:
    """The folders in ``prepend_sys_path``.

    :param value: the setting.
    :param separator: the setting ``path_separator``.
    """
    if separator is None:
        if re.search(r"[,\s:]", value):
            _warn("prepend_sys_path without path_separator")
        return [one for one in re.split(r", *|(?: +)|:", value) if one]
    return _split(value, separator)


def _split(value: str, separator: str) -> list[str]:
    if separator not in _SEPARATORS:
        raise ConfigurationError(
            f"'{separator}' is not a valid value for path_separator",
            hint=f"write one of {', '.join(_SEPARATORS)}",
        )
    if separator == "space":
        return value.split()
    return [one.strip() for one in value.split(_SEPARATORS[separator]) if one.strip()]


def _warn(what: str) -> None:
    warnings.warn(
        f"{what} is deprecated; add 'path_separator = os' to the settings",
        DeprecationWarning,
        stacklevel=3,
    )
