"""The arguments of calls in a file that is read and not run, where they are literals."""

from __future__ import annotations

import ast


def nested(call: ast.Call, name: str) -> list[ast.Call]:
    """The calls of one name within a call."""
    found = [node for node in ast.walk(call) if isinstance(node, ast.Call) and node is not call]
    return [node for node in found if called(node) == name]


def called(call: ast.Call) -> str:
    """The last part of the name that is called."""
    return str(getattr(call.func, "attr", None) or getattr(call.func, "id", ""))


def text_of(call: ast.Call, place: int, name: str) -> str | None:
    """An argument by position or name, where it is a literal text."""
    if place < len(call.args):
        return constant(call.args[place])
    return keyword(call, name)


def value_of(call: ast.Call, name: str) -> ast.expr | None:
    """An argument by name."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def keyword(call: ast.Call, name: str) -> str | None:
    """An argument by name, where it is a literal text."""
    value = value_of(call, name)
    return None if value is None else constant(value)


def constant(node: ast.expr) -> str | None:
    """A literal text, also in a call of ``op.f()``."""
    if isinstance(node, ast.Call) and called(node) == "f" and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts(node: ast.expr | None) -> list[str] | None:
    """A list or tuple of literal texts; None where it is something else."""
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    found = [constant(each) for each in node.elts]
    return None if None in found else [each for each in found if each is not None]


def is_true(call: ast.Call, name: str) -> bool:
    """Whether an argument is literally true."""
    value = value_of(call, name)
    return isinstance(value, ast.Constant) and value.value is True
