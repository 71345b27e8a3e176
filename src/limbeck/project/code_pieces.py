"""The text of a large Python file, cut between statements.

A syntax tree takes some fifty times the memory of its text, and the files of revisions that create
a thousand tables have a function of a megabyte. Cut into pieces that are parsed one after the
other, they need no more than any other. Where it cannot be told for sure where a statement ends, a
text stays whole.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["TEXT", "code_pieces", "gathered", "has_texts_with_expressions"]

_LARGE = 1 << 17
"""Characters from which on a text is cut."""

_PIECE = 1 << 15
"""Characters of a piece, about; it ends with the statement that is reached then."""

TEXT = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""|"(?:[^"\\\n]++|\\.)*+"|'
    r"'''(?:[^'\\]++|\\.|'(?!''))*+'''|'(?:[^'\\\n]++|\\.)*+'"
)
"""A text in quotes, as a regular expression in which a dot is any character.

What is usual in it is taken at once, a tenth of the instructions of one letter after the other.
"""

_PLAIN = rf"[^\"'\#\\()\[\]{{}}\n]++|{TEXT}|\\\n|\#[^\n]*+"
_DEEPEST = 6


def _brackets(depth: int) -> str:
    """What stands in brackets, with so many others around it."""
    inside = rf"|{_brackets(depth + 1)}" if depth < _DEEPEST else ""
    return rf"[(\[{{](?:{_PLAIN}|\n{inside})*+[)\]}}]"


@cache  # it takes long to compile, and few files are large
def _logical_line() -> re.Pattern[str]:
    """A line with those on which it goes on, in a bracket, a text or behind a backslash.

    https://docs.python.org/3/reference/lexical_analysis.html
    """
    return re.compile(rf"(?:{_PLAIN}|{_brackets(1)})*+(?:\n|\Z)", re.DOTALL)


_WITH_EXPRESSIONS = re.compile(r"[rRfFtT](?<!\w.)(?:(?<=[rR])[fFtT][rR]?|(?<=[fFtT])[rR]?)[\"']")
"""The beginning of a text with expressions in it, found by its first letter, which is quickest."""

_DECORATOR = re.compile(r"^\s*@", re.MULTILINE)

_LINE = re.compile(r"(?P<indent> *)(?P<goes_on>(?:else|elif|except|finally)\b)?(?P<code>[^\s#])?")
_FUNCTION = re.compile(r"def \w+\(")


def code_pieces(source: str) -> Iterator[tuple[str, ...]]:
    """Cut a text into statements of its outermost level, and large functions further.

    :param source: the text.
    :returns: for each piece its text; of a large function, the text of its head with the first
        statements of its body, and then those of the further ones, indented as they are. A text
        that is not cut is one piece.
    """
    starts = _starts(source) if len(source) > _LARGE and not _is_unclear(source) else []
    return gathered(source, _statements(source, starts), _PIECE)


def gathered(
    source: str, statements: Iterable[tuple[int, int, tuple[str, ...] | None]], size: int
) -> Iterator[tuple[str, ...]]:
    """Put statements together to pieces.

    :param source: the text.
    :param statements: where each begins and ends, and the parts of one that is a piece by itself.
    :param size: characters from which on a piece takes in no further statement.
    """
    begin = 0
    for start, end, parts in statements:
        if parts is not None:
            if begin < start:
                yield (source[begin:start],)
            yield parts
            begin = end
        elif end - begin > size:
            yield (source[begin:end],)
            begin = end
    if begin < len(source):
        yield (source[begin:],)


def _statements(
    source: str, starts: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, tuple[str, ...] | None]]:
    """Those of the outermost level, of which the large ones are pieces by themselves."""
    places = [number for number, (_, indent) in enumerate(starts) if not indent]
    for number, following in pairwise([*places, len(starts)]):
        start, end = starts[number][0], _end(starts, following, source)
        is_large = end - start > _PIECE
        yield start, end, _cut(source, starts[number:following], end) if is_large else None


def _is_unclear(source: str) -> bool:
    """Whether it has texts with expressions, other line ends, or what belongs to a later line."""
    return (
        any(sign in source for sign in "\r\f\t")
        or ("@" in source and _DECORATOR.search(source) is not None)
        or has_texts_with_expressions(source)
    )


def has_texts_with_expressions(source: str) -> bool:
    """Whether there may be an f-string or the like.

    :param source: the text.
    """
    return _WITH_EXPRESSIONS.search(source) is not None


def _starts(source: str) -> list[tuple[int, int]]:
    """Where statements begin, and their indentations; nothing where that is not certain."""
    found: list[tuple[int, int]] = []
    logical_line = _logical_line()
    place = 0
    while place < len(source):
        line = _LINE.match(source, place)
        if line is not None and line["code"] and not line["goes_on"]:
            found.append((place, len(line["indent"])))
        whole = logical_line.match(source, place)
        if whole is None:
            return []
        place = whole.end()
    return found


def _end(starts: Sequence[tuple[int, int]], number: int, source: str) -> int:
    """Where the statement before another one ends, which may be none."""
    return starts[number][0] if number < len(starts) else len(source)


def _cut(source: str, starts: Sequence[tuple[int, int]], end: int) -> tuple[str, ...]:
    """A large statement; a function in parts of its body."""
    begin = starts[0][0]
    inside = min((indent for _, indent in starts[1:]), default=0)
    if not _FUNCTION.match(source, begin) or not inside or starts[1][1] != inside:
        return (source[begin:end],)
    cuts = [begin]
    for place, indent in starts[2:]:
        if indent == inside and place - cuts[-1] > _PIECE:
            cuts.append(place)
    return tuple(source[one:other] for one, other in pairwise([*cuts, end]))
