"""The identifiers at the beginning of a revision file that looks as templates write it.

Nearly every revision begins with a docstring, imports and four assignments of literals, each on a
line of its own. Such a beginning is read line by line, ten times as fast as a syntax tree is made
of it. Whatever does not look like that is left to :mod:`limbeck.project.identifiers`.
"""

from __future__ import annotations

import re

from limbeck.light_typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Head", "read_head"]

_TEXT = r"""(?:"[^"\\\n]*"|'[^'\\\n]*')"""
_TEXTS = rf"{_TEXT}(?:[ \t]*,[ \t]*{_TEXT})*[ \t]*,?"
_REST = r"[ \t]*(?:\#[^\n]*)?(?:\n|\Z)"
_FIELD = r"(?:(?:down_)?revision|branch_labels|depends_on)"
_NAMED = r"[\w.]+(?:[ ]+as[ ]+\w+)?"
_NAMES = rf"{_NAMED}(?:[ ]*,[ ]*{_NAMED})*"

_DOCSTRING = re.compile(
    r"(?:[ \t]*(?:\#[^\n]*)?\n)*"  # lines without code
    r'(?:"""([^"\\]*(?:"{1,2}[^"\\]+)*)"""|'
    r"'''([^'\\]*(?:'{1,2}[^'\\]+)*)''')" + _REST
)
_LINE = re.compile(
    rf"""
      {_REST}
    | (?![^\n]*\b{_FIELD}\b)
      (?: import[ ]+{_NAMES} | from[ ]+[\w.]+[ ]+import[ ]+(?:\*|{_NAMES}) ) {_REST}
    | (?P<field>{_FIELD}) (?:[ \t]*:[ \t]*[\w.\[\], |]+?)? [ \t]*=[ \t]*
      (?: (?P<none>None)
        | (?P<text>{_TEXT})
        | \([ \t]*(?P<tuple>{_TEXTS})?[ \t]*\)
        | \[[ \t]*(?P<list>{_TEXTS})?[ \t]*\] )
      {_REST}
    """,
    re.VERBOSE | re.ASCII,
)
_ONE_TEXT = re.compile(_TEXT)
_END = re.compile(r"(?:async[ ]+def|def|class)[ ]|@|\Z")
_LATER = re.compile(r"(?:revision|branch_labels|depends_on)\b[^\n=]*=")


class Head(NamedTuple):
    """What the beginning of a file says.

    :param values: the identifiers.
    :param lines: the line, counted from 1, on which each is written.
    :param docstring: the docstring, as written.
    """

    values: Mapping[str, str | tuple[str, ...] | None]
    lines: Mapping[str, int]
    docstring: str


def read_head(source: str) -> Head | None:
    """Read the beginning of a revision file.

    :param source: the text of the file.
    :return: what it says; None where only the syntax tree can tell.
    """
    if "\r" in source or "\f" in source:
        return None
    docstring, at, line = "", 0, 1
    found = _DOCSTRING.match(source)
    if found is not None:
        docstring = found[1] if found[1] is not None else found[2]
        at = found.end()
        line += source.count("\n", 0, at)
    values: dict[str, str | tuple[str, ...] | None] = {}
    lines: dict[str, int] = {}
    while not _END.match(source, at):
        found = _LINE.match(source, at)
        if found is None or found.end() == at:
            return None
        field = found["field"]
        if field is not None:
            values[field] = _value(found)
            lines[field] = line
        at = found.end()
        line += 1
    if not {"revision", "down_revision"} <= values.keys() or _LATER.search(source, at):
        return None
    return Head(values, lines, docstring)


def _value(found: re.Match[str]) -> str | tuple[str, ...] | None:
    if found["none"]:
        return None
    if found["text"] is not None:
        return found["text"][1:-1]
    texts = found["tuple"] or found["list"] or ""
    values = tuple(one[1:-1] for one in _ONE_TEXT.findall(texts))
    is_in_brackets_only = found["tuple"] and len(values) == 1 and not texts.endswith(",")
    return values[0] if is_in_brackets_only else values
