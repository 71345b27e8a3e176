"""Settings in plain TOML, read without tomllib, whose import costs more than a small history.

Plain are lines of a bare key and a text without backslashes, a list of such texts, a whole number,
or ``true`` or ``false``, and comments. Of any other file tomllib has the word; of these, both say
the same. The grammar is https://toml.io/en/v1.0.0. There is no regular expression for it here, as
to compile one costs more than all lines of most files.
"""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["parse_plain_toml"]

_LONGEST = 18
"""Digits of numbers that fit into 64 bits, whatever they are."""


def parse_plain_toml(text: str) -> dict[str, Any] | None:
    """Parse a document.

    :param text: the document.
    :returns: its values; None where tomllib has to look at it.
    """
    values: dict[str, Any] = {}
    for line in text.split("\n"):
        if not line.isprintable():  # control characters, most of which TOML refuses
            return None
        if not line or line.lstrip(" ").startswith("#"):
            continue
        key, _, written = line.partition("=")
        key = key.rstrip(" ")
        value = _value(written.strip(" "))
        if value is None or key in values or not _is_bare(key):
            return None
        values[key] = value
    return values


def _is_bare(key: str) -> bool:
    return key.isascii() and key.replace("-", "_").isidentifier()


def _value(written: str) -> Any:
    """A value, None where it is not plain."""
    if "\\" in written:
        return None
    if written.startswith('"'):
        words, closing, rest = written[1:].partition('"')
        return words if closing and not _uncommented(rest) else None
    if written.startswith("["):
        return _several(written)
    word = _uncommented(written)
    if word in ("true", "false"):
        return word == "true"
    is_number = word.isascii() and word.isdigit() and len(word) <= _LONGEST
    return int(word) if is_number and (word == "0" or word[0] != "0") else None


def _several(written: str) -> list[str] | None:
    """A list of texts, None where it is not plain; ``]`` and ``#`` may stand in the texts."""
    pieces = written[1:].split('"')
    texts, between = pieces[1::2], [each.strip(" ") for each in pieces[::2]]
    end = _uncommented(between.pop()).replace(" ", "")
    if not texts:
        return [] if end == "]" else None
    is_list = between == ["", *"," * (len(texts) - 1)]
    return texts if is_list and end in ("]", ",]") else None


def _uncommented(rest: str) -> str:
    """What stands before a comment."""
    return rest.partition("#")[0].rstrip(" ")
