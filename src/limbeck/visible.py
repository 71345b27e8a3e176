"""What may be shown to a person: no character that acts instead of being seen.

Names and messages come from databases and files that others write. An escape sequence among them
would retitle a terminal, clear it or hide what stands beside it; an override of direction would let
a line read as another one (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
"""

from __future__ import annotations

import re
from functools import cache

# Control characters but tab and line feed; marks that turn the direction of what follows; line and
# paragraph separators, which terminals and splitlines() take for a new line; halves of a character,
# which no encoding can write.
_ACTS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def visible(text: str) -> str:
    r"""The text with what acts upon a terminal written as in Python, ``\x1b`` for an escape.

    :param text: any text; lines and tabs stay.
    """
    if text.isprintable():  # such as nothing of the above is
        return text
    return _acts().sub(_escaped, text)


def visible_line(text: str) -> str:
    r"""The same on one line: a line feed is ``\n``."""
    return visible(text).replace("\n", r"\n")


def is_visible(text: str) -> bool:
    """Whether nothing in a text acts upon a terminal, and it is one line."""
    return visible_line(text) == text


def visible_json(document: str) -> str:
    """A JSON document that means the same and has no such character in it.

    :param document: the document; such characters can only be within its strings.
    """
    return _acts().sub(lambda found: f"\\u{ord(found[0]):04x}", document)


@cache
def _acts() -> re.Pattern[str]:
    return re.compile(_ACTS)


def _escaped(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
