"""What can be told of a revision by reading its file, before it is proved."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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

    :param is_empty: ``upgrade()`` does nothing.
    :param has_no_way_back: ``downgrade()`` does nothing, or only raises.
    :param refusal: how ``downgrade()`` says that there is no way back, None where it does not.
    :param touches_driver: it runs statements by the driver, where SQLAlchemy does not see them.
    """

    is_empty: bool
    has_no_way_back: bool
    refusal: str | None
    touches_driver: bool


def read_revision(source: str) -> Reading:
    """Read a revision file.

    :param source: its text.
    :raises SyntaxError: it is no Python.
    """
    module = syntax_tree(source)
    functions = {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    refusal = _refusal(downgrade) if downgrade is not None else None
    return Reading(
        is_empty=upgrade is not None and not _doing(upgrade),
        has_no_way_back=refusal is not None,
        refusal=refusal,
        touches_driver=bool(_TOUCH_DRIVER & set(_words(module))),
    )


def _words(module: ast.Module) -> Iterator[str]:
    """The names that the code speaks of."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def _refusal(downgrade: ast.FunctionDef) -> str | None:
    doing = _doing(downgrade)
    if not doing:
        return "its downgrade() does nothing"
    first = doing[0]
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
