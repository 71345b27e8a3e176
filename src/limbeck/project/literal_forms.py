"""What is made of texts that differ in literals only, made once for all of them.

What is made of a text has its literals in it as Python writes them. So it is made of a text with
marked literals, and those of each text are put in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from limbeck.project.code_shape import TEXT_PLACE, is_certain
from limbeck.syntax_trees import expression_tree

__all__ = ["Form", "filled", "form_of"]

Form = list[tuple[int, str]]
"""What is made of texts of one shape: the numbers of literals, each with what follows it."""

_PREFIX = re.compile(r"\w\0")
_MARK = "limbeck_literal_"
_MARKED = re.compile(rf"'{_MARK}(\d+)_'")


def form_of(shape: str, made: Callable[[str], str]) -> Form | None:
    """What is made of all texts of a shape.

    :param shape: the shape, see :mod:`limbeck.project.code_shape`.
    :param made: makes it of one text.
    :returns: None where it is not certain that it differs in the literals only.
    """
    if not is_certain(shape) or _PREFIX.search(shape) or _MARK in shape:
        return None
    numbers = count()
    marked = TEXT_PLACE.sub(lambda _: f"'{_MARK}{next(numbers)}_'", shape)
    begin, *parts = _MARKED.split(made(marked))
    found = [(0, begin), *zip(map(int, parts[::2]), parts[1::2], strict=True)]
    # A literal that is joined to another one is no literal of its own.
    return None if any(_MARK in after for _, after in found) else found


def filled(form: Form, source: str, literals: Sequence[str]) -> str | None:
    """What is made of one text.

    :param form: what is made of all texts of its shape.
    :param source: the text.
    :param literals: its literals.
    :returns: None where it is no Python.
    """
    begin, *rest = form
    try:
        source.encode()
        values = [_value(literal) for literal in literals]
    except (SyntaxError, ValueError):  # the parser says it better
        return None
    return begin[1] + "".join([f"{values[place]!r}{after}" for place, after in rest])


def _value(literal: str) -> Any:
    if "\\" in literal:
        return ast.literal_eval(expression_tree(literal))
    width = 3 if literal.startswith(('"""', "'''")) else 1
    return literal[width:-width]
