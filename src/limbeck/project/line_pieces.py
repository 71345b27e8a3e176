"""The text of a Python file, cut at lines that look like the beginning of a statement.

That is quick, and it is sure afterwards: a piece that ends within a text, a bracket or a line that
goes on is no Python, and neither is one that begins with ``else`` or the like. So where each piece
can be parsed, the first one ends with a statement, hence the second one begins with one, and so
on. Where one cannot, the text is cut with more care (:mod:`limbeck.project.code_pieces`), or not
at all.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from limbeck.project.code_pieces import code_pieces, gathered
from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["cut_statements", "line_pieces", "read_in_pieces", "statements_in"]

Found = TypeVar("Found")

_LARGE = 1 << 14
"""Characters from which on a text is cut."""

_PIECE = 1 << 13
"""Characters of a piece, about."""

_BEHIND = r"(?<![,(\[{\\]\n)^"
"""The beginning of a line, but not behind one that is likely to go on."""

_GOES_ON = r"(?:else|elif|except|finally)\b"
_STATEMENT = re.compile(rf"{_BEHIND}(?!{_GOES_ON})(?=[^\W\d]|@)", re.MULTILINE)
_INDENT = re.compile(r"\n( +)[^\s#]")


def read_in_pieces(read: Callable[[Iterable[tuple[str, ...]]], Found], source: str) -> Found:
    """Read a file piece by piece, so that there is never the syntax tree of all that is large.

    :param read: parses all pieces, and reads what is in them.
    :param source: the text of the file.
    :raises SyntaxError: it is no Python.
    """
    for cut in (line_pieces, code_pieces):
        try:
            return read(cut(source))
        except SyntaxError:
            pass  # it was cut in the wrong place, or is no Python
    return read([(source,)])


def statements_in(body: str) -> list[ast.stmt]:
    """The statements in a part of the body of a function.

    :param body: its text, indented as in the function.
    :raises SyntaxError: it is none, or more than that.
    """
    module: ast.Module = syntax_tree(f"def _():\n{body}")
    function, *others = module.body
    if others:
        raise SyntaxError("it was cut in the wrong place")
    found: list[ast.stmt] = function.body  # type: ignore[attr-defined]  # it is a function
    return found


def line_pieces(source: str) -> Iterator[tuple[str, ...]]:
    """Cut a text into statements of its outermost level, and large functions further.

    :param source: the text.
    :returns: pieces like those of :func:`~limbeck.project.code_pieces.code_pieces`, each of which
        has to be parsed before it is believed that it is one.
    """
    return gathered(source, _statements(source) if len(source) > _LARGE else (), _PIECE)


def _statements(source: str) -> Iterator[tuple[int, int, tuple[str, ...] | None]]:
    """What looks like them, of which large functions are pieces by themselves."""
    places = [found.start() for found in _STATEMENT.finditer(source)]
    for start, end in pairwise([*places, len(source)]):
        is_cut = end - start > _PIECE and source.startswith("def ", start)
        yield start, end, _cut(source, start, end) if is_cut else None


def cut_statements(body: str) -> list[str]:
    """Cut a part of the body of a function into statements.

    :param body: its text, which begins with one.
    :returns: the statements, each of which has to be parsed before it is believed that it is one.
    """
    indent = body[: len(body) - len(body.lstrip(" "))]
    places = [found.start() for found in _inside(indent).finditer(body, 1)]
    return [body[one:other] for one, other in pairwise([0, *places, len(body)])]


@cache
def _inside(indent: str) -> re.Pattern[str]:
    """Where a statement of a function may begin."""
    return re.compile(rf"{_BEHIND}{indent}(?!{_GOES_ON})[^\W\d]", re.MULTILINE)


def _cut(source: str, start: int, end: int) -> tuple[str, ...]:
    """A function, in parts of its body."""
    indent = _INDENT.search(source, start, end)
    cuts = [start]
    if indent is not None:
        for found in _inside(indent[1]).finditer(source, indent.end(), end):
            if found.start() - cuts[-1] > _PIECE:
                cuts.append(found.start())
    return tuple(source[one:other] for one, other in pairwise([*cuts, end]))
