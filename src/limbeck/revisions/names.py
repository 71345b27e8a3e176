"""The words for revisions that people type, taken apart.

``[branch@][symbol][±steps]``, where every part may be missing but not all of them::

    ae1027a6acf     an id, the beginning of one, or a branch label
    head heads base current
    shop@head       within the branch that is labelled shop, or that ae10… is on
    +2  -1          steps from where the database is
    ae10+2          steps from a revision
    shop@-1         steps on a branch
"""

from __future__ import annotations

import re

from limbeck.light_typing import NamedTuple

__all__ = ["Name", "parse_name"]

_NAME = r"(?:(?P<branch>.+?)@)?(?P<symbol>.*?)(?P<steps>[+-]\d+)?"

_MOST_DIGITS = 10
"""A longer number of steps leads as far out of any history as its beginning does."""


class Name(NamedTuple):
    """The parts of one word for revisions.

    :param text: the word as it was typed.
    :param branch: what stands before ``@``, or None.
    :param symbol: an id, a label or a symbol; None where only steps were given.
    :param steps: revisions to go up, or down where negative; 0 where none were given.
    """

    text: str
    branch: str | None = None
    symbol: str | None = None
    steps: int = 0

    @property
    def is_relative(self) -> bool:
        """The word counts steps."""
        return self.steps != 0

    @property
    def without_steps(self) -> str:
        """The word up to its count of steps."""
        branch = "" if self.branch is None else f"{self.branch}@"
        return f"{branch}{self.symbol or ''}"


def parse_name(text: str) -> Name:
    """Take a word for revisions apart.

    :param text: the word.
    :return: its parts; whether they exist is not asked here.
    """
    if text.isalnum():
        return Name(text, symbol=text)
    match = re.fullmatch(_NAME, text, re.DOTALL)
    if match is None:
        return Name(text, symbol=text)
    steps = match["steps"]
    return Name(
        text,
        branch=match["branch"],
        symbol=match["symbol"] or None,
        steps=int(steps[:_MOST_DIGITS]) if steps else 0,
    )
