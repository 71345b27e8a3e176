"""What a Python expression is made of before it is text: calls, keywords, lists and the like."""

from __future__ import annotations

from limbeck.value import Value


class Code(Value, slots=True):
    """Source text that is never broken: a name, a literal, somebody's own expression."""

    text: str


class Text(Value, slots=True):
    """A string literal; the layout chooses its quotes."""

    text: str


class Block(Value, slots=True):
    """Text of several lines that stands in the file as it is, between three quotes."""

    text: str


class Keyword(Value, slots=True):
    """``name=value`` among the arguments of a call."""

    name: str
    value: Node


class Starred(Value, slots=True):
    """``*value`` among the arguments of a call."""

    value: Node


class Call(Value, slots=True):
    """``function(arguments)``; the function is a dotted name."""

    function: str
    arguments: tuple[Node, ...] = ()


class Method(Value, slots=True):
    """``receiver.name(arguments)`` where the receiver is itself a call."""

    receiver: Node
    name: str
    arguments: tuple[Node, ...] = ()


class ListOf(Value, slots=True):
    """``[items]``."""

    items: tuple[Node, ...]


class TupleOf(Value, slots=True):
    """``(items)``."""

    items: tuple[Node, ...]


class DictOf(Value, slots=True):
    """``{key: value}``."""

    pairs: tuple[tuple[Node, Node], ...]


Node = Code | Text | Block | Keyword | Starred | Call | Method | ListOf | TupleOf | DictOf


def call(function: str, *arguments: Node) -> Call:
    """Return the call of a dotted name with these arguments."""
    return Call(function, tuple(arguments))
