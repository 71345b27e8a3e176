"""Python expressions, laid out as ``black`` and ``ruff format`` lay them out.

A revision file is read by people and goes through their formatter, so what we write must
already be what the formatter would make of it: 88 columns, double quotes, a trailing comma
wherever a bracket is broken over lines. The expression is a small tree (calls, keywords,
lists, …) which is turned into text by the usual pretty-printing of groups: a group stays
on one line if it fits together with what follows it up to the next possible line break,
otherwise every line break directly inside it is taken.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LINE_WIDTH = 88
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Code:
    """Source text that is never broken: a name, a literal, somebody's own expression."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal; the layout chooses its quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Text of several lines that stands in the file as it is, between three quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """``name=value`` among the arguments of a call."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Starred:
    """``*value`` among the arguments of a call."""

    value: Node


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``; the function is a dotted name."""

    function: str
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """``receiver.name(arguments)`` where the receiver is itself a call."""

    receiver: Node
    name: str
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[items]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TupleOf:
    """``(items)``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DictOf:
    """``{key: value}``."""

    pairs: tuple[tuple[Node, Node], ...]


Node = Code | Text | Block | Keyword | Starred | Call | Method | ListOf | TupleOf | DictOf


def quoted(text: str, escape: Callable[[str], str] = repr) -> str:
    """Return a string literal with the quotes a formatter would choose.

    Double quotes, unless single ones need fewer backslashes. Control characters are
    escaped, so a literal never spans lines.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    # A piece holds at most the other kind of quote, which repr then leaves alone.
    pieces = (escape(str(piece))[1:-1] for piece in text.split(quote))
    return quote + f"\\{quote}".join(pieces) + quote


def block_quoted(text: str) -> str:
    """Return a string literal of several lines, whose lines are those of the text.

    Blanks around the text are not a part of it, so that it may begin and end on lines of its own.
    """
    if '"""' not in text and all(c.isprintable() or c in "\n\t" for c in text):
        return ("r" if "\\" in text else "") + f'"""\n{text}\n"""'
    # Only what has to be escaped is: a carriage return would be read as the end of a line.
    escaped = "".join(
        c if (c.isprintable() and c != "\\") or c in "\n\t" else repr(c)[1:-1] for c in text
    )
    quotes = '\\"' * 3
    return f'"""\n{escaped.replace(chr(34) * 3, quotes)}\n"""'


def call(function: str, *arguments: Node) -> Call:
    """Return the call of a dotted name with these arguments."""
    return Call(function, tuple(arguments))


def one_line(node: Node) -> str:
    """Return the expression on one line, however long it becomes."""
    return "".join(_flat(_document(node)))


def lay_out(node: Node, *, indent: int = 0, before: str = "", after: str = "") -> str:
    """Return the expression as it stands in a file.

    :param node: the expression.
    :param indent: the column, in characters, at which its first line starts; the text
        returned has this indentation on every line but the first.
    :param before: text on the same line before it, such as ``with``.
    :param after: text that follows it on its last line.
    """
    pieces: list[str] = [before]
    column = indent + _width(before)
    stack: list[tuple[int, bool, _Document]] = [(indent, True, after)]
    stack.append((indent, True, _document(node)))
    while stack:
        level, broken, document = stack.pop()
        match document:
            case str():
                pieces.append(document)
                column += _width(document)
            case _Raw():
                pieces.append(document.text)
                column = len(document.text) - document.text.rfind("\n") - 1
            case _Line():
                if broken:
                    pieces.append("\n" + " " * level)
                    column = level
                else:
                    pieces.append(document.flat)
                    column += len(document.flat)
            case _IfBroken():
                if broken:
                    pieces.append(document.text)
                    column += len(document.text)
            case _Nest():
                stack.extend((level + _INDENT, broken, part) for part in reversed(document.parts))
            case _Row():
                stack.extend((level, broken, part) for part in reversed(document.parts))
            case _Group():
                parts = [(level, False, part) for part in reversed(document.parts)]
                if not _fits(parts, stack, LINE_WIDTH - column):
                    parts = [(level, True, part) for part in reversed(document.parts)]
                stack.extend(parts)
    return "".join(pieces)


# ------------------------------------------------------------------ groups and line breaks


@dataclass(frozen=True, slots=True)
class _Line:
    """A possible line break, and what stands there when it is not taken."""

    flat: str = ""


@dataclass(frozen=True, slots=True)
class _Raw:
    """Text with line breaks of its own, which breaks the group that it is in."""

    text: str


@dataclass(frozen=True, slots=True)
class _IfBroken:
    """Text that only stands where the group is broken: the trailing comma."""

    text: str


@dataclass(frozen=True, slots=True)
class _Nest:
    parts: tuple[_Document, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple[_Document, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    parts: tuple[_Document, ...]


_Document = str | _Raw | _Line | _IfBroken | _Nest | _Row | _Group
_Open = tuple[int, bool, _Document]


def _fits(parts: Iterable[_Open], rest: list[_Open], room: int) -> bool:
    """Say whether the parts fit flat, with what follows up to the next line break."""
    stack = list(parts)
    following = len(rest)
    while room >= 0:
        if not stack:
            if following == 0:
                return True
            following -= 1
            stack.append(rest[following])
        level, broken, document = stack.pop()
        match document:
            case str():
                room -= _width(document)
            case _Raw():
                return False
            case _Line():
                if broken:
                    return True
                room -= len(document.flat)
            case _IfBroken():
                room -= len(document.text) if broken else 0
            case _Nest() | _Row() | _Group():
                stack.extend((level, broken, part) for part in reversed(document.parts))
    return False


def _flat(document: _Document) -> Iterable[str]:
    match document:
        case str():
            yield document
        case _Raw():
            yield document.text
        case _Line():
            yield document.flat
        case _Nest() | _Row() | _Group():
            for part in document.parts:
                yield from _flat(part)


def _document(node: Node) -> _Document:
    match node:
        case Code():
            return node.text
        case Text():
            return quoted(node.text)
        case Block():
            return _Raw(block_quoted(node.text))
        case Keyword():
            return _together(f"{node.name}=", _document(node.value))
        case Starred():
            return _together("*", _document(node.value))
        case Call():
            return _together(node.function, _bracket("(", node.arguments, ")"))
        case Method():
            return _chain(node)
        case ListOf():
            return _bracket("[", node.items, "]")
        case TupleOf():
            return _bracket("(", node.items, ")", last="," if len(node.items) == 1 else "")
        case DictOf():
            pairs = [_together(_document(k), ": ", _document(v)) for k, v in node.pairs]
            return _enclose("{", pairs, "}")


def _together(*parts: _Document) -> _Document:
    """Join parts between which no line may be broken."""
    return _Row(parts)


def _chain(node: Method) -> _Document:
    """Lay out ``first(…).second(…)``; from two methods on, each stands on its own line."""
    links: list[_Document] = []
    receiver: Node = node
    while isinstance(receiver, Method):
        arguments = _bracket("(", receiver.arguments, ")")
        links.append(_Row((f".{receiver.name}", arguments)))
        receiver = receiver.receiver
    first = _document(receiver)
    if len(links) == 1:
        return _Row((first, links[0]))
    parts: list[_Document] = [first]
    for link in reversed(links):
        parts += [_Line(), link]
    return _Group(tuple(parts))


def _bracket(opening: str, nodes: tuple[Node, ...], closing: str, *, last: str = "") -> _Document:
    return _enclose(opening, [_document(node) for node in nodes], closing, last=last)


def _enclose(opening: str, items: list[_Document], closing: str, *, last: str = "") -> _Document:
    """Lay out a bracket; ``last`` is the comma that a tuple of one needs even on one line."""
    if not items:
        return opening + closing
    inner: list[_Document] = [_Line()]
    for item in items:
        inner += [item, ",", _Line(" ")]
    inner[-2:] = [last or _IfBroken(",")]
    return _Group((opening, _Nest(tuple(inner)), _Line(), closing))


def _width(text: str) -> int:
    """Count columns as formatters do: wide East Asian characters take two."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
