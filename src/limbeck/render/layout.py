"""Python expressions, laid out as ``black`` and ``ruff format`` lay them out.

A revision file is read by people and goes through their formatter, so what we write must
already be what the formatter would make of it: 88 columns, double quotes, a trailing comma
wherever a bracket is broken over lines. The expression is a small tree (calls, keywords,
lists, …) which is turned into text by the usual pretty-printing of groups: a group stays
on one line if it fits together with what follows it up to the next possible line break,
otherwise every line break directly inside it is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.render.nodes import (
    Block,
    Call,
    Code,
    DictOf,
    Keyword,
    ListOf,
    Method,
    Node,
    Starred,
    Text,
    TupleOf,
)
from limbeck.render.texts import block_quoted, quoted, width_of
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINE_WIDTH = 88
_INDENT = 4
_MANY = 8
"""Arguments of a call from which on it is looked at before it is written on one line."""

_LISTS = (Call, ListOf, TupleOf)


def one_line(node: Node) -> str:
    """Return the expression on one line, however long it becomes."""
    match node:
        case Text():
            return quoted(node.text)
        case Code():
            return node.text
        case Keyword():
            return f"{node.name}={one_line(node.value)}"
        case Call():
            return f"{node.function}({_listed(node.arguments)})"
        case ListOf():
            return f"[{_listed(node.items)}]"
        case TupleOf():
            # A tuple of one needs its comma even on one line.
            return f"({_listed(node.items)}{',' if len(node.items) == 1 else ''})"
        case DictOf():
            pairs = (f"{one_line(key)}: {one_line(of_key)}" for key, of_key in node.pairs)
            return "{" + ", ".join(pairs) + "}"
        case Starred():
            return f"*{one_line(node.value)}"
        case Method():
            return f"{one_line(node.receiver)}.{node.name}({_listed(node.arguments)})"
        case Block():
            return block_quoted(node.text)


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(map(one_line, nodes))


def lay_out(node: Node, *, indent: int = 0, before: str = "", after: str = "") -> str:
    """Return the expression as it stands in a file.

    :param node: the expression.
    :param indent: the column, in characters, at which its first line starts; the text
        returned has this indentation on every line but the first.
    :param before: text on the same line before it, such as ``with``.
    :param after: text that follows it on its last line.
    """
    pieces: list[str] = [before]
    column = indent + width_of(before)
    # What is still to be written, in reverse, with the indentation of the group that it is in.
    # A group that fits is written as one text, so every line break in here is one.
    rest: list[_Piece] = [(indent, after), (indent, node)]
    while rest:
        level, piece = rest.pop()
        match piece:
            case str():
                pieces.append(piece)
                column += width_of(piece)
            case _Break():
                pieces.append("\n" + " " * level)
                column = level
            case Block():
                pieces.append(block_quoted(piece.text))
                column = len(pieces[-1]) - pieces[-1].rfind("\n") - 1
            case _:
                # What has many parts is hardly ever short, and need not be written down for it.
                flat = None if _is_wider(piece, LINE_WIDTH - column) else one_line(piece)
                if flat is not None and (
                    not _has_groups(piece) or _fits(piece, flat, rest, LINE_WIDTH - column)
                ):
                    pieces.append(flat)
                    column += width_of(flat)
                elif isinstance(piece, _LISTS):
                    pieces += _in_lines(piece, level)
                    column = level + 1
                else:
                    rest += reversed(list(_broken(piece, level)))
    return "".join(pieces)


def _in_lines(node: Call | ListOf | TupleOf, level: int) -> Iterator[str]:
    """Return a bracket with each item on lines of its own, and a comma behind each."""
    opening, items, closing = _bracket_of(node)
    indent = level + _INDENT
    room = LINE_WIDTH - indent - len(",")
    start = "\n" + " " * indent
    yield opening
    for item in items:
        flat = one_line(item)
        if width_of(flat) <= room and "\n" not in flat:
            yield f"{start}{flat},"
        else:
            yield start + lay_out(item, indent=indent, after=",")
    yield "\n" + " " * level + closing


def _bracket_of(node: Call | ListOf | TupleOf) -> tuple[str, tuple[Node, ...], str]:
    match node:
        case Call():
            return f"{node.function}(", node.arguments, ")"
        case ListOf():
            return "[", node.items, "]"
        case TupleOf():
            return "(", node.items, ")"


# ------------------------------------------------------------------ groups and line breaks


class _Break(Value, slots=True):
    """A line break."""


_BREAK = _Break()
_Piece = tuple[int, str | _Break | Node]


def _has_groups(node: Node) -> bool:
    """Say whether there are brackets in which a line could be broken, or lines to begin with."""
    match node:
        case Text() | Code():
            return False
        case Keyword() | Starred():
            return _has_groups(node.value)
        case Call():
            return bool(node.arguments)
        case ListOf() | TupleOf():
            return bool(node.items)
        case DictOf():
            return bool(node.pairs)
        case Method() | Block():
            return True


def _fits(node: Node, flat: str, rest: list[_Piece], room: int) -> bool:
    """Say whether a text fits, with what follows up to the next possible line break."""
    if "\n" in flat and _holds_block(node):
        return False
    room -= width_of(flat)
    for _, piece in reversed(rest):
        if room < 0 or isinstance(piece, _Break):
            break
        width, has_break = _head(piece)
        room -= width
        if has_break:
            break
    return room >= 0


def _is_wider(node: Node, room: int) -> bool:
    """Say whether a call of many arguments has more characters than there is room for.

    Where it does not look like that it may be wider all the same.
    """
    if not isinstance(node, Call) or len(node.arguments) < _MANY:
        return False
    for argument in node.arguments:
        room -= len(", ") + _least_width(argument)
        if room < 0:
            return True
    return False


def _least_width(node: Node) -> int:
    """Return a width that an expression has at least."""
    match node:
        case Text(text) | Code(text):
            return len(text) if text.isascii() else 0
        case Call():
            return sum(map(_least_width, node.arguments))
        case _:
            return 0


def _head(piece: str | Node) -> tuple[int, bool]:
    """Return the width of a piece up to its first possible line break, and whether it has one."""
    match piece:
        case str():
            return width_of(piece), False
        case Keyword():
            width, has_break = _head(piece.value)
            return width_of(piece.name) + 1 + width, has_break
        case Starred():
            width, has_break = _head(piece.value)
            return 1 + width, has_break
        case Method(receiver=Method() as receiver):
            while isinstance(receiver.receiver, Method):
                receiver = receiver.receiver
            return _head(receiver.receiver)[0], True
        case Method():
            width, has_break = _head(piece.receiver)
            if has_break:
                return width, True
            rest, has_break = _head(Call(f".{piece.name}", piece.arguments))
            return width + rest, has_break
        case Block():
            return LINE_WIDTH, True  # nothing stands on a line with text that has lines of its own
        case Call() if piece.arguments:
            return width_of(piece.function) + 1, True
        case _ if _has_groups(piece):
            return 1, True
        case _:
            return width_of(one_line(piece)), False


def _broken(node: Node, level: int) -> Iterator[_Piece]:
    """Return an expression with every line break taken that is directly inside of it."""
    match node:
        case Keyword():
            yield from ((level, f"{node.name}="), (level, node.value))
        case Starred():
            yield from ((level, "*"), (level, node.value))
        case DictOf():
            yield level, "{"
            for key, of_key in node.pairs:
                yield level + _INDENT, _BREAK
                yield from ((level + _INDENT, part) for part in (key, ": ", of_key, ","))
            yield from ((level, _BREAK), (level, "}"))
        case Method():
            yield from _chain(node, level)
        case _:
            raise AssertionError(f"{node} has no groups")


def _chain(node: Method, level: int) -> Iterator[_Piece]:
    """Return ``first(…).second(…)``; from two methods on, each stands on its own line."""
    links: list[Node] = []
    receiver: Node = node
    while isinstance(receiver, Method):
        links.append(Call(f".{receiver.name}", receiver.arguments))
        receiver = receiver.receiver
    yield level, receiver
    for link in reversed(links):
        if len(links) > 1:
            yield level, _BREAK
        yield level, link


def _holds_block(node: Node) -> bool:
    match node:
        case Block():
            return True
        case Keyword() | Starred():
            return _holds_block(node.value)
        case Call():
            return any(map(_holds_block, node.arguments))
        case Method():
            return any(map(_holds_block, (node.receiver, *node.arguments)))
        case ListOf() | TupleOf():
            return any(map(_holds_block, node.items))
        case DictOf():
            return any(_holds_block(part) for pair in node.pairs for part in pair)
        case _:
            return False
