"""Plain Python values and other people's expressions, as nodes to lay out."""

from __future__ import annotations

import ast
import decimal
from collections.abc import Mapping, Sequence

from limbeck.render.nodes import (
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
from limbeck.render.texts import quoted
from limbeck.syntax_trees import expression_tree


class Unwritable(ValueError):
    """A value that no Python expression of ours could bring back."""


def string(text: str) -> Text:
    """Return a string literal; the layout chooses its quotes."""
    return Text(text)


def value(of: object) -> Node:
    """Return a literal for None, booleans, numbers, text, bytes, lists, tuples and dicts.

    :raises Unwritable: for anything else.
    """
    match of:
        case None | bool():
            return Code(repr(of))
        case str():
            return string(str(of))
        case int() | float() if type(of) in (int, float):
            return Code(repr(of))
        case bytes():
            return Code("b" + quoted(of.decode("latin-1"), ascii))
        case decimal.Decimal():
            return Code(str(of))
        case Mapping():
            return DictOf(tuple((value(key), value(item)) for key, item in of.items()))
        case tuple():
            return TupleOf(tuple(value(item) for item in of))
        case Sequence():
            return ListOf(tuple(value(item) for item in of))
        case _:
            raise Unwritable(f"{type(of).__name__} has no literal")


def strings(texts: Sequence[str]) -> ListOf:
    """Return a list of string literals."""
    return ListOf(tuple(string(text) for text in texts))


def expression(source: str) -> Node:
    """Return somebody else's expression as nodes, so that it is laid out like ours.

    What is not made of names, literals, calls and brackets stays as it was written.
    """
    try:
        tree = expression_tree(source.strip())
    except SyntaxError:
        return Code(source)
    return _from_ast(tree)


def _from_ast(tree: ast.expr) -> Node:
    match tree:
        case ast.Constant(value=str() as text):
            return string(text)
        case ast.Call(func=func):
            return _call_from_ast(tree, func)
        case ast.List(elts=items):
            return ListOf(tuple(_from_ast(item) for item in items))
        case ast.Tuple(elts=items):
            return TupleOf(tuple(_from_ast(item) for item in items))
        case ast.Starred(value=inner):
            return Starred(_from_ast(inner))
        case ast.Dict(keys=keys, values=values) if None not in keys:
            pairs = zip(keys, values, strict=True)
            return DictOf(tuple((_from_ast(k), _from_ast(v)) for k, v in pairs if k is not None))
        case _:
            return Code(ast.unparse(tree))


def _call_from_ast(tree: ast.Call, func: ast.expr) -> Node:
    if any(keyword.arg is None for keyword in tree.keywords):
        return Code(ast.unparse(tree))
    arguments = tuple(_from_ast(argument) for argument in tree.args) + tuple(
        Keyword(keyword.arg or "", _from_ast(keyword.value)) for keyword in tree.keywords
    )
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call):
        return Method(_from_ast(func.value), func.attr, arguments)
    return Call(ast.unparse(func), arguments)
