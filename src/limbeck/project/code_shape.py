"""The shape of a Python file: its text without comments, and without what stands in its literals.

The files of a history are alike: most differ in names and messages only. What hangs on neither is
found out once for all files of a shape.
"""

from __future__ import annotations

import re

from limbeck.project.code_pieces import TEXT, has_texts_with_expressions

__all__ = ["code_shape"]

_LITERAL_OR_COMMENT = re.compile(rf"\#[^\n]*+|{TEXT}", re.DOTALL)
"""Outside of both, a quote begins a literal, and a number sign a comment:
https://docs.python.org/3/reference/lexical_analysis.html"""


def code_shape(source: str) -> str | None:
    """Return what files have in common whose syntax trees differ in literals only, and in no line.

    :param source: the text of a file that can be compiled.
    :returns: the shape, None where it is not certain.
    """
    if "\r" in source or "\0" in source or has_texts_with_expressions(source):
        return None
    shape = _LITERAL_OR_COMMENT.sub(_emptied, source)
    return None if '"' in shape or "'" in shape else shape


def _emptied(match: re.Match[str]) -> str:
    found = match[0]
    if found.startswith("#"):
        return ""
    return "\0" + "\n" * found.count("\n") if "\n" in found else "\0"
