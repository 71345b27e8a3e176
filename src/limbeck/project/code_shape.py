"""The shape of a Python file: its text without comments, and without what stands in its literals.

The files of a history are alike: most differ in names and messages only. What hangs on neither is
found out once for all files of a shape.
"""

from __future__ import annotations

import re

from limbeck.project.code_pieces import TEXT, has_texts_with_expressions

__all__ = ["TEXT_PLACE", "code_shape", "literals_of"]

_LITERAL_OR_COMMENT = re.compile(rf"\#[^\n]*+|{TEXT}", re.DOTALL)
"""Outside of both, a quote begins a literal, and a number sign a comment:
https://docs.python.org/3/reference/lexical_analysis.html"""

_BEGIN, _END = "\0", "\1"

TEXT_PLACE = re.compile(rf"{_BEGIN}(?:\n+{_END})?")
"""A literal in a shape."""


def code_shape(source: str) -> str | None:
    """Return what files have in common whose syntax trees differ in literals only, and in no line.

    :param source: its text.
    :returns: the shape, None where it is not certain.
    """
    if any(sign in source for sign in ("\r", _BEGIN, _END)) or has_texts_with_expressions(source):
        return None
    shape = _LITERAL_OR_COMMENT.sub(_emptied, source)
    # Two literals without a space between them may be one of many lines that does not end.
    odd = ('"', "'", _BEGIN + _BEGIN, _END + _BEGIN)
    return None if any(sign in shape for sign in odd) else shape


def literals_of(source: str) -> list[str]:
    """Return the literals of a file that has a shape, in the order of their places in that.

    :param source: its text.
    """
    return [each for each in _LITERAL_OR_COMMENT.findall(source) if each[0] != "#"]


def _emptied(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "#":
        return ""
    lines = found.count("\n")
    return _BEGIN + "\n" * lines + _END if lines else _BEGIN
