"""What Alembic refuses on SQLite, for revisions that count on the refusal.

An old revision may try to add a foreign key, and go on without it where ``NotImplementedError``
says that SQLite cannot. It is to leave the schema that it has always left, so it is refused there
as ever. Where nothing catches the refusal, nobody could ever run the revision on SQLite, and what
it asks for is carried out.
"""

from __future__ import annotations

import ast
import linecache
import sys
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, FrameType

    from limbeck.dialects.backend import EmitTarget

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

#: Who calls ``upgrade()`` and ``downgrade()``: frames beyond it are not the revision's.
_RUNNER = "limbeck.runtime.run"

#: What stands between a revision and what it calls.
_PASSED_THROUGH = frozenset(("limbeck", "alembic", "contextlib"))


def refusal() -> NotImplementedError:
    """The error by which Alembic refuses to alter a constraint outside of a batch."""
    return NotImplementedError(
        "No support for ALTER of constraints in SQLite dialect. Please refer to the batch "
        "mode feature which allows for SQLite migrations using a copy-and-move strategy."
    )


def is_counted_on(target: EmitTarget) -> bool:
    """Whether constraints are refused as Alembic does (``refusals``), and the caller catches it."""
    if target.opts.get("refusals") != "alembic" or target.online is None:
        return False
    return any(_catches(frame) for frame in _callers())


def _callers() -> list[FrameType]:
    """The frames of the revision, from the directive's caller on.

    Where no revision runs, they are those of the caller's own file: whoever calls that one may
    catch everything for other reasons.
    """
    found: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module == _RUNNER:
            return found
        if module.partition(".")[0] not in _PASSED_THROUGH:
            found.append(frame)
        frame = frame.f_back
    files = [each.f_code.co_filename for each in found]
    return [each for each, file in zip(found, files, strict=True) if file == files[0]]


def _catches(frame: FrameType) -> bool:
    """Whether what a frame is just running stands in a ``try`` for the refusal."""
    scope = _scope("".join(linecache.getlines(frame.f_code.co_filename)), frame.f_code)
    if scope is None:
        return False
    for node in _inside(scope):
        if isinstance(node, ast.Try) and _is_at(node.body, frame):
            handler = next((one for one in node.handlers if _is_meant(one.type, frame)), None)
            # One that raises in the end catches nothing.
            if handler is not None and not isinstance(handler.body[-1], ast.Raise):
                return True
        if isinstance(node, ast.With) and _is_at(node.body, frame) and _suppresses(node, frame):
            return True
    return False


def _scope(source: str, code: CodeType) -> ast.AST | None:
    """The function, or the module, whose code it is."""
    try:
        tree = _parsed(source)
    except (SyntaxError, ValueError):
        return None
    if code.co_name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, Function):
            lines = [node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]
            name = getattr(node, "name", "<lambda>")
            if name == code.co_name and min(lines) == code.co_firstlineno:
                return node
    return None


@lru_cache(maxsize=16)
def _parsed(source: str) -> ast.Module:
    return syntax_tree(source)


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions within it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, Function | ast.ClassDef):
            yield child
            yield from _inside(child)


def _is_at(body: list[ast.stmt], frame: FrameType) -> bool:
    return body[0].lineno <= frame.f_lineno <= (body[-1].end_lineno or body[-1].lineno)


def _suppresses(node: ast.With, frame: FrameType) -> bool:
    calls = (item.context_expr for item in node.items)
    return any(
        isinstance(call, ast.Call)
        and _value(call.func, frame) is suppress
        and any(_is_meant(argument, frame) for argument in call.args)
        for call in calls
    )


def _is_meant(expression: ast.expr | None, frame: FrameType) -> bool:
    """Whether the classes that an ``except`` names are classes of the refusal; none means all."""
    if expression is None:
        return True
    return any(
        isinstance(one, type) and issubclass(NotImplementedError, one)
        for one in _flat(_value(expression, frame))
    )


def _flat(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else (value,)


def _value(expression: ast.expr, frame: FrameType) -> Any:
    """What a name stands for in a frame; None where more than names would have to be worked out."""
    if isinstance(expression, ast.Tuple):
        return tuple(one for each in expression.elts for one in _flat(_value(each, frame)))
    if isinstance(expression, ast.Attribute):
        return getattr(_value(expression.value, frame), expression.attr, None)
    if isinstance(expression, ast.Name):
        names = {**frame.f_builtins, **frame.f_globals, **frame.f_locals}
        return names.get(expression.id)
    return None
