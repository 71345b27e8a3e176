"""What a Python expression is made of before it is text: calls, keywords, lists and the like."""

from __future__ import annotations

from dataclasses import dataclass

from limbeck.facts.quick_values import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Code:
    """Source text that is never broken: a name, a literal, somebody's own expression."""

    text: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Text:
    """A string literal; the layout chooses its quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Text of several lines that stands in the file as it is, between three quotes."""

    text: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Keyword:
    """``name=value`` among the arguments of a call."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Starred:
    """``*value`` among the arguments of a call."""

    value: Node


@quickly_made
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


def call(function: str, *arguments: Node) -> Call:
    """Return the call of a dotted name with these arguments."""
    return Call(function, tuple(arguments))
