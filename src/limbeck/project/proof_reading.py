"""What can be told of a revision by reading its file, before it is proved."""

from __future__ import annotations

import ast
from dataclasses import dataclass

__all__ = ["Reading", "read_revision"]

_TOUCH_DATA = frozenset(
    {
        "execute",
        "bulk_insert",
        "get_bind",
        "get_context",
        "bind",
        "connection",
        "Session",
        "scalars",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text of a revision says.

    :param is_empty: ``upgrade()`` does nothing.
    :param has_no_way_back: ``downgrade()`` does nothing, or only raises.
    :param refusal: how ``downgrade()`` says that there is no way back, None where it does not.
    :param touches_data: it runs statements of its own, which may change values.
    """

    is_empty: bool
    has_no_way_back: bool
    refusal: str | None
    touches_data: bool


def read_revision(source: str) -> Reading:
    """Read a revision file.

    :param source: its text.
    :raises SyntaxError: it is no Python.
    """
    module = ast.parse(source)
    functions = {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    refusal = _refusal(downgrade) if downgrade is not None else None
    return Reading(
        is_empty=upgrade is not None and not _doing(upgrade),
        has_no_way_back=refusal is not None,
        refusal=refusal,
        touches_data=any(
            (isinstance(node, ast.Attribute) and node.attr in _TOUCH_DATA)
            or (isinstance(node, ast.Name) and node.id in _TOUCH_DATA)
            for node in ast.walk(module)
        ),
    )


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
