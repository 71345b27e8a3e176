"""The shape of a Python file: its text without comments, and without what stands in its literals.

The files of a history are alike: most differ in names and messages only. What hangs on neither is
found out once for all files of a shape.
"""

from __future__ import annotations

import re

from limbeck.project.code_pieces import TEXT

__all__ = ["ALIKE", "TEXT_PLACE", "Apart", "code_shape", "is_certain", "shape_and_literals"]

ALIKE = 1 << 14
"""Characters of a file that is likely to be like others."""

Apart = tuple[str, list[str]]
"""A file as its shape, and the literals that are in the places of that."""

_LITERAL_OR_COMMENT = re.compile(rf"(\#[^\n]*+|{TEXT})", re.DOTALL)
"""Outside of both, a quote begins a literal, and a number sign a comment:
https://docs.python.org/3/reference/lexical_analysis.html"""

_BEGIN, _END = "\0", "\1"

TEXT_PLACE = re.compile(rf"{_BEGIN}(?:\n+{_END})?")
"""A literal in a shape."""

# Two literals without a space between them may be one of many lines that does not end.
_ODD = ('"', "'", _BEGIN + _BEGIN, _END + _BEGIN)

_WITH_EXPRESSIONS = re.compile(rf"[fFtT](?<!\w.)[rR]?{_BEGIN}|[rR](?<!\w.)[fFtT]{_BEGIN}")
"""A text with expressions in it: as far as the first one, a shape has the literals as Python does,
and so that one's letters stand before a place."""


def code_shape(source: str) -> str | None:
    """Return what files have in common whose syntax trees differ in literals only, and in no line.

    :param source: its text.
    :returns: the shape, None where it is not certain.
    """
    found = shape_and_literals(source)
    return None if found is None or not is_certain(found[0]) else found[0]


def shape_and_literals(source: str) -> Apart | None:
    """Return the shape of a file, which has to be certain to be one, and what is in its places.

    :param source: its text.
    :returns: None where it has no shape.
    """
    if "\r" in source or _BEGIN in source or _END in source:
        return None
    pieces = _LITERAL_OR_COMMENT.split(source)
    literals = []
    for place in range(1, len(pieces), 2):  # between what is neither
        found = pieces[place]
        if found[0] == "#":
            pieces[place] = ""
            continue
        literals.append(found)
        lines = found.count("\n")
        pieces[place] = _BEGIN + "\n" * lines + _END if lines else _BEGIN
    return "".join(pieces), literals


def is_certain(shape: str) -> bool:
    """Whether what was found as a shape is one: the text may have been no Python, or odd.

    :param shape: the shape.
    """
    return not any(sign in shape for sign in _ODD) and _WITH_EXPRESSIONS.search(shape) is None
