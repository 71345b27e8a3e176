"""Settings in plain TOML, read without tomllib, whose import costs more than a small history.

Plain are lines of a bare key and a text without backslashes, a list of such texts, a whole number,
or ``true`` or ``false``, and comments. Of any other file tomllib has the word; of these, both say
the same. The grammar is https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import re

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["parse_plain_toml"]

_TEXT = r'"[^"\\\x00-\x1f\x7f]*"'
_LINE = re.compile(
    rf"""
    (?:
        ([A-Za-z0-9_-]+) [ \t]* = [ \t]*
        (?: ({_TEXT}) | (\[ [ ]* (?: {_TEXT} [ ]* (?: ,[ ]* {_TEXT} [ ]* )* ,?)? [ ]* \])
            | (true|false) | (0|[1-9][0-9]{{0,17}}) )
    )?
    [ \t]* (?: \#[^\x00-\x1f\x7f]* )?
    """,
    re.VERBOSE,
)


def parse_plain_toml(text: str) -> dict[str, Any] | None:
    """Parse a document.

    :param text: the document.
    :returns: its values; None where tomllib has to look at it.
    """
    values: dict[str, Any] = {}
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or found[1] in values:
            return None
        key, words, several, switch, number = found.groups()
        if key is not None:
            values[key] = _value(words, several, switch, number)
    return values


def _value(words: str | None, several: str | None, switch: str | None, number: str | None) -> Any:
    if words is not None:
        return words[1:-1]
    if several is not None:
        return several.split('"')[1::2]
    return switch == "true" if switch is not None else int(number or 0)
