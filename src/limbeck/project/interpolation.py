"""``%(name)s`` in settings, and a ``%`` that means nothing but itself.

An address of a database may hold a ``%`` (``p%40ss`` for ``p@ss``). A ``%`` that begins no
``%(name)s`` and is not doubled is taken as it stands, so such an address just works, and
one that was written with ``%%`` for Alembic works too.
"""

from __future__ import annotations

import re
from configparser import (
    MAX_INTERPOLATION_DEPTH,
    Interpolation,
    InterpolationDepthError,
    InterpolationMissingOptionError,
    RawConfigParser,
)

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

__all__ = ["ForgivingInterpolation", "interpolated"]

_PIECE = r"%%|%\(([^()\n]+)\)s"


class ForgivingInterpolation(Interpolation):
    """For :class:`configparser.ConfigParser`."""

    def before_get(
        self,
        parser: MutableMapping[str, Mapping[str, str]],
        section: str,
        option: str,
        value: str,
        defaults: Mapping[str, str],
    ) -> str:
        """The value with every reference in it replaced."""
        if "%" not in value:
            return value
        names = {_key(parser, name): one for name, one in defaults.items()}
        return _replaced(value, names, parser, section, option, 1)


def _key(parser: object, name: str) -> str:
    return parser.optionxform(name) if isinstance(parser, RawConfigParser) else name


def _replaced(
    value: str, names: Mapping[str, str], parser: object, section: str, option: str, depth: int
) -> str:
    if depth > MAX_INTERPOLATION_DEPTH:
        raise InterpolationDepthError(option, section, value)

    def piece(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        name = _key(parser, match[1])
        if name not in names:
            raise InterpolationMissingOptionError(option, section, value, name)
        return _replaced(names[name], names, parser, section, option, depth + 1)

    return re.sub(_PIECE, piece, value)


def interpolated(value: str, names: Mapping[str, str]) -> str:
    """A value of a TOML file with ``%(here)s`` and the like replaced.

    :param value: the value as written.
    :param names: what the references stand for.
    :raises KeyError: a reference stands for nothing.
    """

    def piece(match: re.Match[str]) -> str:
        return "%" if match[0] == "%%" else names[match[1]]

    return re.sub(_PIECE, piece, value)
