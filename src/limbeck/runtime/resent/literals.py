"""Texts as they stand between the quotes of SQL, and JSON in there, made in few instructions.

Python's own JSON looks at each letter, and what is said of a table may have thousands. So that
text is sent as it is, and the server makes JSON of it (https://mariadb.com/kb/en/json_quote/).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.dialects.standard.recovery import Objects

__all__ = ["objects_within_quotes", "where_backslashes_are_plain", "within_quotes"]

_ENCODED = json.JSONEncoder().encode


def within_quotes(text: str) -> str:
    """A text between the quotes of SQL, where a backslash says something of the next letter."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("'", "''") if "'" in text else text


def where_backslashes_are_plain(text: str) -> str:
    """The same where a backslash says nothing of the next letter.

    :param text: what :func:`within_quotes` has made, with or without other SQL around it.
    """
    return text.replace("\\\\", "\\")


def objects_within_quotes(objects: Objects) -> str:
    """Some objects as the journal says them.

    :param objects: the objects.
    :returns: what is between the quotes of an argument of ``CONCAT()``; it may be several.
    """
    known = objects.definitions
    said = ", ".join([f"{_key(key)}: {_definition(known[key])}" for key in sorted(known)])
    filled = ", ".join(map(_key, objects.filled))
    return f'{{"definitions": {{{said}}}, "filled": [{filled}]}}'


@lru_cache(maxsize=64)  # a table is often named by many revisions one after the other
def _key(text: str) -> str:
    return within_quotes(_ENCODED(text))


def _definition(text: str) -> str:
    # The journal's table may have another character set than what is said of this one.
    if text.isascii():
        return f"', JSON_QUOTE('{within_quotes(text)}'), '"
    return within_quotes(_ENCODED(text))
