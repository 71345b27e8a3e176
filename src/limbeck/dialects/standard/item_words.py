"""What single items of models say, in standard words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

if TYPE_CHECKING:
    from sqlalchemy.schema import Identity

    from limbeck.facts.objects import Options

__all__ = [
    *("has_keywords", "identity_options", "initially", "options_of"),
    *("without_order", "without_parentheses"),
]

_ORDER_WORDS = {
    operators.desc_op: "DESC",
    operators.asc_op: "",
    operators.nulls_first_op: "NULLS FIRST",
    operators.nulls_last_op: "NULLS LAST",
}


def has_keywords(item: Any) -> bool:
    """Whether anything was said with keywords of a dialect, as in ``sqlite_where=…``.

    :param item: a table, column, constraint or index; to ask for its ``kwargs`` makes a dictionary
        of all that every dialect could be told, which takes its time.
    """
    return "dialect_options" in item.__dict__ and bool(item.kwargs)


def without_order(expression: Any) -> tuple[Any, list[str]]:
    """An index element's inside, and its ``DESC NULLS LAST`` as words."""
    words: list[str] = []
    if isinstance(expression, Column):
        return expression, words
    while isinstance(expression, UnaryExpression) and expression.modifier in _ORDER_WORDS:
        words.insert(0, _ORDER_WORDS[expression.modifier])
        expression = expression.element
    return expression, [word for word in words if word]


def initially(word: str | None) -> str | None:
    """``INITIALLY DEFERRED`` as DEFERRED; IMMEDIATE is what happens anyway."""
    return None if word is None or word.upper() == "IMMEDIATE" else word.upper()


def options_of(**values: object) -> Options:
    """Options as sorted pairs of text, without those that are None or False."""
    return tuple(
        sorted(
            (name, "true" if value is True else str(value))
            for name, value in values.items()
            if value is not None and value is not False
        )
    )


def identity_options(identity: Identity) -> Options:
    """The sequence options that the models spell out."""
    return options_of(
        start=identity.start,
        increment=identity.increment,
        minvalue=identity.minvalue,
        maxvalue=identity.maxvalue,
        cycle=identity.cycle,
        cache=identity.cache,
    )


def without_parentheses(text: str) -> str:
    """``text`` without parentheses that enclose the whole of it."""
    while text[:1] == "(" and text.endswith(")") and _encloses(text):
        text = text[1:-1].strip()
    return text


def _encloses(text: str) -> bool:
    """Whether the first parenthesis of ``text`` is closed by its last character."""
    depth, quote = 0, ""
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return position == len(text) - 1
    return False
