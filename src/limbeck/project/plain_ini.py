"""Settings in a plain ini file, read without configparser, whose import costs more than they do.

Plain is a file of ``[section]`` and ``key = value``, each on one line, and of comments. Of any
other file :mod:`configparser` has the word; of these, both say the same.
"""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.interpolation import interpolated_deeply

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PlainIni", "parse_plain_ini"]

_DEFAULT = "DEFAULT"  # :data:`configparser.DEFAULTSECT`


class PlainIni:
    """Answers like a :class:`configparser.ConfigParser` that nobody writes to.

    :param sections: the keys and values of each section.
    :param names: the keys that every section has.
    """

    def __init__(self, sections: Mapping[str, Mapping[str, str]], names: Mapping[str, str]) -> None:
        self.sections = sections
        # str() as configparser does it: somebody may name one by a number
        self.names = {str(name).lower(): value for name, value in names.items()}

    def has_section(self, section: str) -> bool:
        """Whether there is a section."""
        return section in self.sections

    def has_option(self, section: str, option: str) -> bool:
        """Whether a section has a key."""
        keys = {} if section in ("", _DEFAULT) else self.sections.get(section)
        option = option.lower()
        return keys is not None and (option in keys or option in self.names)

    def options(self, section: str) -> list[str]:
        """The keys of a section that is there."""
        return list({**self.sections[section], **self.names})

    def get(self, section: str, option: str) -> str:
        """The value of a key that is there.

        :raises UnresolvedReference: it refers to what is not there.
        """
        values = {**self.names, **self.sections.get(section, {})}
        return interpolated_deeply(values[option.lower()], values)


def parse_plain_ini(text: str) -> dict[str, dict[str, str]] | None:
    """Parse a file.

    :param text: what it says.
    :returns: its sections, their keys and values; None where configparser has to look at it.
    """
    sections: dict[str, dict[str, str]] = {}
    keys: dict[str, str] | None = None
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if line[0].isspace():  # more of the value above
            return None
        if stripped[0] == "[":
            name = stripped[1:-1]
            if stripped[-1] != "]" or not name or "]" in name or name in {_DEFAULT, *sections}:
                return None
            keys = sections[name] = {}
            continue
        colon = stripped.partition("=")[0].find(":")
        option, delimiter, value = stripped.partition("=" if colon < 0 else ":")
        option = option.rstrip().lower()
        if keys is None or not option or not delimiter or option in keys:
            return None
        keys[option] = value.lstrip()
    return sections
