"""Ini files as :mod:`configparser` reads them, with limbeck's ``%``."""

from __future__ import annotations

from configparser import (
    ConfigParser,
    DuplicateOptionError,
    DuplicateSectionError,
    Error,
    Interpolation,
    InterpolationDepthError,
    InterpolationMissingOptionError,
    MissingSectionHeaderError,
    RawConfigParser,
)

from limbeck.errors import ConfigurationError
from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.interpolation import UnresolvedReference, interpolated_deeply

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

__all__ = ["ForgivingInterpolation", "parsed_ini"]

_REASONS: dict[type[Error], str] = {
    DuplicateOptionError: "a key is there twice",
    DuplicateSectionError: "a section is there twice",
    MissingSectionHeaderError: "a line stands before the first [section]",
}


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
        key = parser.optionxform if isinstance(parser, RawConfigParser) else str
        names = {key(name): one for name, one in defaults.items()}
        try:
            return interpolated_deeply(value, names, key)
        except UnresolvedReference as error:
            if error.name is None:
                raise InterpolationDepthError(option, section, error.value) from None
            raise InterpolationMissingOptionError(
                option, section, error.value, error.name
            ) from None


def parsed_ini(path: str | None, text: str, names: Mapping[str, str]) -> ConfigParser:
    """An ini file, parsed.

    :param path: the file, None for none.
    :param text: what it says.
    :param names: what references stand for beside the keys of their section.
    :raises ConfigurationError: it is no ini file.
    """
    parser = ConfigParser(names, interpolation=ForgivingInterpolation())
    try:
        parser.read_string(text, source=str(path))
    except Error as error:
        raise _no_ini(str(path), error) from error
    return parser


def _no_ini(path: str, error: Error) -> ConfigurationError:
    line = getattr(error, "lineno", None) or next(
        (number for number, _ in getattr(error, "errors", ())), None
    )
    where = path if line is None else f"{path}, line {line}"
    reason = _REASONS.get(type(error), "it is not an ini file")
    # The line itself is not shown: it may hold a password.
    return ConfigurationError(
        f"{where} cannot be read as settings: {reason}",
        hint="correct the file: sections in [brackets], one key = value a line",
    )
