"""Syntax trees of Python, made in several threads at a time as well.

Python 3.11 counts how deep it is in a tree with one counter for all threads. Where the garbage
collector lets another thread go on meanwhile, and that one makes a tree too, the first one finds
that it has miscounted: a ``SystemError`` of a text that is right
(https://github.com/python/cpython/issues/106905). Tenants are migrated in threads, and so may an
application do, so whoever wants a tree asks here.
"""

from __future__ import annotations

import ast

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["expression_tree", "syntax_tree", "tree_of_silent"]

_TIMES = 20
"""How often a tree is begun anew; another thread must have come in between each time."""

_MISCOUNTED = "recursion depth mismatch"


def syntax_tree(source: str | bytes, filename: str = "<unknown>") -> ast.Module:
    """The syntax tree of a file.

    :param source: its text.
    :param filename: its name, for errors.
    :raises SyntaxError: it is no Python.
    :raises ValueError: there is a null character in it.
    """
    found: ast.Module = _tree(source, filename, "exec")
    return found


def tree_of_silent(source: str | bytes) -> ast.Module:
    """The syntax tree of a file that Python runs, and of which it does not warn.

    :param source: its text.
    :raises SyntaxError: it is no Python, as some that has a tree is none.
    :raises ValueError: there is a null character in it.
    :raises SyntaxWarning: what Python would warn of.
    """
    import warnings

    # not as errors: these would be raised in other threads as well
    with warnings.catch_warnings(record=True, action="always") as said:
        tree = syntax_tree(source)
        compile(tree, "<unknown>", "exec", dont_inherit=True)
    if said:
        raise SyntaxWarning(str(said[0].message))
    return tree


def expression_tree(source: str) -> ast.expr:
    """The syntax tree of an expression.

    :param source: its text.
    :raises SyntaxError: it is none.
    :raises ValueError: there is a null character in it.
    """
    found: ast.Expression = _tree(source.lstrip(" \t"), "<unknown>", "eval")
    return found.body


def _tree(source: str | bytes, filename: str, mode: str) -> Any:
    for _ in range(_TIMES):
        try:
            return ast.parse(source, filename, mode)
        except SystemError as error:
            if _MISCOUNTED not in str(error):
                raise
    return ast.parse(source, filename, mode)
