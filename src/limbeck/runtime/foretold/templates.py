"""Statements with places for names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LONGEST", "Template", "template", "template_of"]

LONGEST = 60
"""Letters of the longest name that every database takes."""

_WORD = re.compile(r"(?:\w|%s)+")


class Template(NamedTuple):
    """A statement as it is sent, with places for names.

    :param text: the statement, for the operator ``%``.
    :param places: the numbers of the names that come into its places.
    :param joined: the names in it that are made of others, as by a naming convention: how many
        letters each has besides, and the numbers of those.
    """

    text: str
    places: tuple[int, ...]
    joined: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def filled(self, names: Sequence[str]) -> str:
        """The statement with names in it."""
        return self.text % tuple([names[number] for number in self.places])

    def is_short(self, names: Sequence[str]) -> bool:
        """Whether no database finds a name in it too long, and cuts it off.

        :param names: its names, of which none is too long itself.
        """
        return not self.joined or all(
            letters + sum(len(names[number]) for number in numbers) <= LONGEST
            for letters, numbers in self.joined
        )


def template(text: str, places: tuple[int, ...]) -> Template:
    """A statement with places for names.

    :param text: the statement, for the operator ``%``.
    :param places: the numbers of the names that come into its places.
    """
    joined, place = [], 0
    for word in _WORD.findall(text):
        count = word.count("%s")
        if count and word != "%s":
            joined.append((len(word) - 2 * count, places[place : place + count]))
        place += count
    return Template(text, places, tuple(joined))


def template_of(sql: str, name: re.Pattern[str]) -> Template:
    """A statement with a place wherever a name of a trial is.

    :param sql: the statement.
    :param name: finds such a name, and its number.
    """
    pieces = name.split(sql.replace("%", "%%"))
    return template("%s".join(pieces[::2]), tuple(map(int, pieces[1::2])))
