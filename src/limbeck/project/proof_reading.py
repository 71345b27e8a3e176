"""What can be told of a revision by reading its file, before it is proved.

A large file is read piece by piece: its syntax tree would take more memory than all the rest of a
proof.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import chain

from limbeck.project.line_pieces import read_in_pieces, statements_in
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
    :raises SyntaxError: what has to be read of it is no Python.
    """
    try:
        refusal = read_in_pieces(_refusal, _from_downgrade(source))
    except SyntaxError:  # it did not begin there
        refusal = read_in_pieces(_refusal, source)
    # Python takes a name for the same however its letters are written:
    # https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    text = source
    if not source.isascii():
        from unicodedata import normalize  # a large library

        text = normalize("NFKC", source)
    may_touch = any(word in text for word in _TOUCH_DRIVER)
    return Reading(
        has_no_way_back=refusal is not None,
        refusal=refusal,
        touches_driver=may_touch and read_in_pieces(_touches_driver, source),
    )


_Pieces = Iterable[tuple[str, ...]]
"""A file as :func:`~limbeck.project.code_pieces.code_pieces` cuts it."""

_DOWNGRADE = "\ndef downgrade("


def _from_downgrade(source: str) -> str:
    """The end of a file, from its ``downgrade()`` on; all of it where that is not certain."""
    _, found, behind = source.partition(_DOWNGRADE)
    return f"{found[1:]}{behind}" if found and _DOWNGRADE not in behind else source


def _refusal(pieces: _Pieces) -> str | None:
    """How ``downgrade()`` says that there is no way back; the last one of that name counts."""
    said = None
    for first, *others in pieces:
        for function in syntax_tree(first).body:
            if isinstance(function, ast.FunctionDef) and function.name == "downgrade":
                # where there are others, the function is all of the piece
                body = chain(function.body, *map(statements_in, others))
                said = _said_by(next(filter(_does_something, body), None))
    return said


def _touches_driver(pieces: _Pieces) -> bool:
    """Whether the code speaks of a name by which the driver is reached."""
    statements = (
        statement
        for first, *others in pieces
        for statement in chain(syntax_tree(first).body, *map(statements_in, others))
    )
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _TOUCH_DRIVER)
        or (isinstance(node, ast.Name) and node.id in _TOUCH_DRIVER)
        for node in chain.from_iterable(map(ast.walk, statements))
    )


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


def _does_something(statement: ast.stmt) -> bool:
    return not (
        isinstance(statement, (ast.Pass, ast.Import, ast.ImportFrom))
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Return) and statement.value is None)
    )
