"""The identifiers at the beginning of a revision file that looks as templates write it.

Nearly every revision begins with a docstring, imports and four assignments of literals, each on a
line of its own. Such a beginning is read line by line, ten times as fast as a syntax tree is made
of it. Whatever does not look like that is left to :mod:`limbeck.project.identifiers`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from limbeck.light_typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Head", "may_bind_identifiers", "read_head"]

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
    | (?=import|from) (?![^\n]*\b(?:{_FIELD}|__\w+__(?<!__future__))\b)
      (?: import[ ]+{_NAMES} | from[ ]+[\w.]+[ ]+import[ ]+{_NAMES} ) {_REST}
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
_WORDS = ("revision", "branch_labels", "depends_on")

_AT_THE_TOP = re.compile(
    r"\n(?![ \t\n#)\]}]|\Z"
    rf"|(?:async )?def (?!{_FIELD}\b|__)\w+\([^()]*\)(?: *-> *[\w .\[\],|\"']*)?:)"
)
"""A line of code that belongs to no function, or defines one and may do more.

A line of a text in several lines looks like that too.
"""

_WRITTEN = re.compile(rf"""(?<![\w'"]){_FIELD}(?![\w'"])""")
"""The name of an identifier; between quotes it is the name of a column, say."""

_NAMESPACES = ("globals", "locals", "vars", "modules")
_REACHING_WORDS = (*_NAMESPACES, "eval", "setattr", "delattr", "import", "__")
_REACHING = re.compile(
    r"\b(?:\w*(?:globals|locals|setattr|delattr)\w*|vars|exec|eval|modules|import_module"
    r"|__(?:getattr|doc|dict|class|import|builtins)__)\b"
    r"|\bimport[\s\\]*\*"
)
"""What may bind a name that is not written, or in its place."""

_OVER = "the end"
_LONG = 200
"""Characters of a line that is hardly in other files too."""

_Value: TypeAlias = "str | tuple[str, ...] | None"


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
    values: dict[str, _Value] = {}
    lines: dict[str, int] = {}
    while True:
        end = source.find("\n", at) + 1 or len(source)
        said = (_line_seen if end - at < _LONG else _line)(source[at:end])
        if said is None:
            return None
        field, value = said
        if field is _OVER:
            break
        if field is not None:
            values[field] = value
            lines[field] = line
        at = end
        line += 1
    if "revision" not in values or "down_revision" not in values:
        return None
    return None if may_bind_identifiers(source, at) else Head(values, lines, docstring)


def may_bind_identifiers(source: str, at: int) -> bool:
    """Whether the rest of a file may do something to its identifiers, or to its docstring.

    :param source: the text of the file.
    :param at: where the rest begins.
    :returns: True also where only the syntax tree can tell that it does not.
    """
    if _AT_THE_TOP.search(source, max(at - 1, 0)) is None:
        return False  # nobody calls the functions before the file is imported
    # to look for a word is quicker than for a pattern, and mostly there is none
    if max([source.find(word, at) for word in _WORDS]) >= 0 and _WRITTEN.search(source, at):
        return True
    reaches = max([source.find(word, at) for word in _REACHING_WORDS]) >= 0
    reaches = reaches or source.count("exec", at) != source.count("execut", at)
    return reaches and _REACHING.search(source, at) is not None


def _line(text: str) -> tuple[str | None, _Value] | None:
    """The identifier that a line says, and what it is.

    :param text: the line, with its end.
    :returns: no identifier where the line says none, ``_OVER`` where it is behind the beginning of
        a file; None where only the syntax tree can tell.
    """
    if _END.match(text):
        return _OVER, None
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    field = found["field"]
    return (None, None) if field is None else (field, _value(found))


_line_seen = lru_cache(maxsize=128)(_line)  # the files of a project are made from one template


def _value(found: re.Match[str]) -> _Value:
    if found["none"]:
        return None
    if found["text"] is not None:
        return found["text"][1:-1]
    texts = found["tuple"] or found["list"] or ""
    values = tuple(one[1:-1] for one in _ONE_TEXT.findall(texts))
    is_in_brackets_only = found["tuple"] and len(values) == 1 and not texts.endswith(",")
    return values[0] if is_in_brackets_only else values
