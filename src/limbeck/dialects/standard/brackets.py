"""Brackets around the whole of an expression that was cut into words."""

from __future__ import annotations


def without_brackets(words: list[str]) -> list[str]:
    """The words without brackets that enclose all of them."""
    while len(words) > 2 and words[0] == "(" and _closing(words) == len(words) - 1:
        words = words[1:-1]
    return words


def _closing(words: list[str]) -> int:
    """Where the bracket that opens at the first word is closed; -1 where it never is."""
    depth = 0
    for place, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0:
            return place
    return -1
