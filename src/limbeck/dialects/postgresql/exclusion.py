"""EXCLUDE constraints, made again from what ``pg_get_constraintdef()`` says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import ExcludeConstraint

from limbeck.dialects.standard.item_words import without_parentheses
from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFINITION = re.compile(
    r"EXCLUDE USING (?P<using>\w+) \((?P<rest>.*?)"
    r"(?P<deferrable> DEFERRABLE)?(?P<deferred> INITIALLY DEFERRED)?$",
    re.DOTALL,
)


def exclude_constraint(definition: str, name: str | None) -> ExcludeConstraint | None:
    """The constraint, which belongs to no table yet; None if its definition is not understood."""
    found = _DEFINITION.match(definition)
    if found is None:
        return None
    end = _closing(found["rest"])
    inside, after = found["rest"][:end], found["rest"][end + 1 :].strip()
    elements = [part.rpartition(" WITH ") for part in _split(inside)]
    where = without_parentheses(after.removeprefix("WHERE ")) if after else None
    return ExcludeConstraint(
        *((literal_text(expression), operator) for expression, _, operator in elements),
        name=name,
        using=found["using"],
        where=None if where is None else literal_text(where),
        deferrable=True if found["deferrable"] else None,
        initially="DEFERRED" if found["deferred"] else None,
    )


def _depths(text: str) -> Iterator[tuple[int, str, int]]:
    """Each character outside of quotes, with its position and how deep in parentheses it is."""
    depth, quote = 0, ""
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth -= letter == ")"
            yield position, letter, depth
            depth += letter == "("


def _closing(text: str) -> int:
    """Where the parenthesis that was open before ``text`` is closed."""
    return next((p for p, letter, depth in _depths(text) if letter == ")" and depth < 0), len(text))


def _split(text: str) -> Iterator[str]:
    """``text`` at its outermost commas."""
    start = 0
    for position, letter, depth in _depths(text):
        if letter == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    yield text[start:].strip()
