"""Statements with places for names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LONGEST", "Template", "template", "template_of"]

LONGEST = 60
"""Letters of the longest name that every database takes."""

_WORD = re.compile(r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|(?:[\w$]|%s)+""")
"""A text, a name in quotes, or a word of SQL, with places for names."""

_QUOTES = '"`'
"""What is around a name that SQL does not write as it is."""


class Template(NamedTuple):
    """A statement as it is sent, with places for names.

    :param text: the statement, for the operator ``%``.
    :param places: the numbers of the names that come into its places.
    :param joined: the names in it that are made of others, as by a naming convention: the words,
        for the operator ``%``, and the numbers of those.
    """

    text: str
    places: tuple[int, ...]
    joined: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def filled(self, names: Sequence[str]) -> str:
        """The statement with names in it."""
        return self.text % tuple([names[number] for number in self.places])

    def is_sure(self, names: Sequence[str], is_plain: Callable[[str], bool]) -> bool:
        """Whether the names that are made of others are written as they were in the trial.

        A long one is cut off, and one that comes out as a word of SQL's own is put in quotes.

        :param names: its names, of which each is plain itself.
        :param is_plain: whether SQL writes a name as it is.
        """
        for word, numbers in self.joined:
            made = word % tuple([names[number] for number in numbers])
            if not (len(made) <= LONGEST if made[0] in _QUOTES else is_plain(made)):
                return False
        return True


def template(text: str, places: tuple[int, ...]) -> Template:
    """A statement with places for names.

    :param text: the statement, for the operator ``%``.
    :param places: the numbers of the names that come into its places.
    """
    joined, place = [], 0
    for word in _WORD.findall(text.replace("%%", "__")):
        count = word.count("%s")
        if count and word != "%s" and word[0] != "'":
            joined.append((word, places[place : place + count]))
        place += count
    return Template(text, places, tuple(joined))


def template_of(sql: str, name: re.Pattern[str]) -> Template:
    """A statement with a place wherever a name of a trial is.

    :param sql: the statement.
    :param name: finds such a name, and its number.
    """
    pieces = name.split(sql.replace("%", "%%"))
    return template("%s".join(pieces[::2]), tuple(map(int, pieces[1::2])))
