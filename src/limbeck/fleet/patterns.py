"""Names of schemas as a command says them, with ``*``, ``%`` and ``?``."""

from __future__ import annotations

import re

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_wanted"]

_MANY = re.compile(r"([%*]|\?)")


def is_wanted(schema: str, patterns: Iterable[str]) -> bool:
    """Whether a name matches; an underscore is one, as names are full of them.

    :param schema: the name.
    :param patterns: what it may match, ``%`` and ``*`` for any characters, ``?`` for one.
    """
    return any(_pattern(each).fullmatch(schema) for each in patterns)


def _pattern(pattern: str) -> re.Pattern[str]:
    pieces = _MANY.split(pattern)
    return re.compile(
        "".join(
            ("." if piece == "?" else ".*") if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )
