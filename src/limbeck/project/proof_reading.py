"""What can be told of a revision by reading its file, before it is proved.

A large file is read piece by piece: its syntax tree would take more memory than all the rest of a
proof.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain
from unicodedata import normalize

from limbeck.project.code_pieces import code_pieces
from limbeck.syntax_trees import syntax_tree
from limbeck.value import Value

__all__ = ["Reading", "read_revision"]

_TOUCH_DRIVER = frozenset(
    {
        "cursor",
        "raw_connection",
        "driver_connection",
        "dbapi_connection",
        "executescript",
        "copy_expert",
        "subprocess",
    }
)


class Reading(Value, slots=True):
    """What the text of a revision says.

    :param has_no_way_back: ``downgrade()`` does nothing, or only raises.
    :param refusal: how ``downgrade()`` says that there is no way back, None where it does not.
    :param touches_driver: it runs statements by the driver, where SQLAlchemy does not see them.
    """

    has_no_way_back: bool
    refusal: str | None
    touches_driver: bool


def read_revision(source: str) -> Reading:
    """Read a revision file.

    :param source: its text.
    :raises SyntaxError: it is no Python.
    """
    try:
        return _reading(source, tuple(code_pieces(source)))
    except SyntaxError:
        return _reading(source, ((source,),))  # it is no Python, or was cut in the wrong place


_Pieces = Iterable[tuple[str, ...]]
"""A file as :func:`~limbeck.project.code_pieces.code_pieces` cuts it."""


def _reading(source: str, pieces: _Pieces) -> Reading:
    refusal = _refusal(pieces)
    # Python takes a name for the same however its letters are written:
    # https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    text = normalize("NFKC", source)
    may_touch = any(word in text for word in _TOUCH_DRIVER)
    return Reading(
        has_no_way_back=refusal is not None,
        refusal=refusal,
        touches_driver=may_touch and not _TOUCH_DRIVER.isdisjoint(_words(pieces)),
    )


def _words(pieces: _Pieces) -> Iterator[str]:
    """The names that the code speaks of."""
    for first, *others in pieces:
        for tree in (syntax_tree(first), *map(_function, others)):
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute):
                    yield node.attr
                elif isinstance(node, ast.Name):
                    yield node.id


def _function(body: str) -> ast.FunctionDef:
    """A part of the body of a function as one of its own."""
    (function,) = syntax_tree(f"def _():\n{body}").body
    assert isinstance(function, ast.FunctionDef)
    return function


def _refusal(pieces: _Pieces) -> str | None:
    """How ``downgrade()`` says that there is no way back; the last one of that name counts."""
    said = None
    for first, *others in pieces:
        if "downgrade" not in first:
            continue
        for function in syntax_tree(first).body:
            if isinstance(function, ast.FunctionDef) and function.name == "downgrade":
                # where there are others, the function is all of the piece
                parts = chain([function], map(_function, others))
                said = _said_by(next(chain.from_iterable(map(_doing, parts)), None))
    return said


def _said_by(first: ast.stmt | None) -> str | None:
    """How a function says it whose first statement that does something is known."""
    if first is None:
        return "its downgrade() does nothing"
    if not isinstance(first, ast.Raise):
        return None
    raised = first.exc
    said = raised.args[0] if isinstance(raised, ast.Call) and raised.args else None
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        return f"its downgrade() raises: {' '.join(said.value.split())}"
    name = raised.func if isinstance(raised, ast.Call) else raised
    return f"its downgrade() raises {ast.unparse(name) if name is not None else 'an error'}"


def _doing(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function that do something."""
    return [
        each
        for each in function.body
        if not isinstance(each, (ast.Pass, ast.Import, ast.ImportFrom))
        and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        and not (isinstance(each, ast.Return) and each.value is None)
    ]
