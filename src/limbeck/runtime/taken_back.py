"""Whether an ``env.py`` may take back what the migrations have done, as a trial run does.

A usual form of it::

    with context.begin_transaction() as transaction:
        context.run_migrations()
        if "dry-run" in context.get_x_argument():
            transaction.rollback()

What was committed revision by revision cannot be taken back, and by then it is too late to ask.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from limbeck.runtime.environment import EnvironmentContext

_BLOCKS = ast.With | ast.AsyncWith


def commits_each(environment: EnvironmentContext | None, as_sql: bool) -> bool:
    """Whether each revision may be committed as soon as it is done, where nobody says otherwise.

    :param environment: what the revisions run in; None for a context that was made by hand, whose
        transaction is its maker's.
    :param as_sql: SQL is written down, and nothing rolled back.
    """
    if environment is None or as_sql:
        return environment is not None
    location = getattr(environment.script, "env_py_location", None)
    if location is None:
        return True
    try:
        return not may_take_back(Path(location).read_bytes())
    except (OSError, SyntaxError, ValueError):  # there is none; or running it has said so
        return True


def may_take_back(source: bytes) -> bool:
    """Whether code rolls something back, or leaves limbeck's block by an error of its own.

    :param source: the text of an ``env.py``.
    """
    if b"rollback" not in source and b"raise" not in source:
        return False
    tree = syntax_tree(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "rollback":
            return True
        if isinstance(node, _BLOCKS) and _is_left_by_an_error(node):
            return True
    return False


def _is_left_by_an_error(block: ast.With | ast.AsyncWith) -> bool:
    raises = any(isinstance(within, ast.Raise) for within in ast.walk(block))
    return raises and any(_is_ours(item.context_expr) for item in block.items)


def _is_ours(block: ast.expr) -> bool:
    called = block.func if isinstance(block, ast.Call) else block
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name == "begin_transaction"
