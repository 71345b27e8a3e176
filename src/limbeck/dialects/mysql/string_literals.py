"""Strings as the server spells them in its catalogue.

https://mariadb.com/kb/en/string-literals/
"""

from __future__ import annotations

import re

STRING = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
"""One string."""

_ESCAPED = {"\0": r"\0", "\n": r"\n", "\r": r"\r", "\\": r"\\", "'": "''"}
_ESCAPE = re.compile(r"''|\\(.)", re.DOTALL)
_MEANING = {"0": "\0", "n": "\n", "r": "\r"}


def spelled(text: str) -> str:
    """A string as the server spells it."""
    return "'" + "".join(_ESCAPED.get(letter, letter) for letter in text) + "'"


def meant(literal: str) -> str:
    """What the server means by a string that it spells.

    :param literal: the string with its quotes.
    """
    return _ESCAPE.sub(lambda found: _meaning(found[1]), literal[1:-1])


def _meaning(escaped: str | None) -> str:
    return "'" if escaped is None else _MEANING.get(escaped, escaped)
