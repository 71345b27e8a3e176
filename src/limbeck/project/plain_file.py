"""Whether a revision file does nothing when it is loaded that its text does not fix."""

from __future__ import annotations

import ast

from limbeck.project.shortened import PURE_CONSTANT, PURE_VALUE, WORDS, is_word

__all__ = ["is_plain"]

_PLAIN_IMPORTS = frozenset(
    {"sqlalchemy", "alembic", "limbeck", "typing", "collections", "__future__"}
)


def is_plain(tree: ast.Module) -> bool:
    """Whether a file does nothing when it is loaded that its text does not fix.

    :param tree: what it says.
    """
    bound: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
            bound += [each.asname or each.name.partition(".")[0] for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else [""]
            bound += [each.asname or each.name for each in node.names]
        elif isinstance(node, ast.FunctionDef):
            names = [] if _is_plain_function(node) else [""]
            bound.append(node.name)
        else:
            names = [] if _is_constant_said(node, bound) else [""]
        if not {name.partition(".")[0] for name in names} <= _PLAIN_IMPORTS:
            return False
    return WORDS.isdisjoint(bound) and "*" not in bound and len(set(bound)) == len(bound)


def _is_plain_function(node: ast.FunctionDef) -> bool:
    signature = node.args
    if node.decorator_list or signature.defaults or any(signature.kw_defaults):
        return False
    takes = (*signature.posonlyargs, *signature.args, *signature.kwonlyargs)
    rest = (signature.vararg, signature.kwarg)
    annotations = [each.annotation for each in (*takes, *rest) if each is not None]
    return not any(map(_calls, [*annotations, node.returns]))


def _is_constant_said(node: ast.stmt, bound: list[str]) -> bool:
    """Whether a statement is a docstring, or gives a name a constant."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign) and node.value is not None and not _calls(node.annotation):
        targets = [node.target]
    if not targets or not all(isinstance(each, ast.Name) for each in targets):
        return False
    bound += [each.id for each in targets if isinstance(each, ast.Name)]
    if is_word(node.value, PURE_CONSTANT):  # type: ignore[attr-defined]  # both have a value
        return True
    try:
        ast.literal_eval(node.value)  # type: ignore[attr-defined]  # both have a value
    except ValueError:
        return False
    return True


def _calls(node: ast.AST | None) -> bool:
    """Whether anything is called in what stands for a type."""
    if node is None or isinstance(node, ast.Constant):
        return False
    if isinstance(node, ast.Subscript):  # most are made of names in brackets
        return _calls(node.value) or _calls(node.slice)
    if isinstance(node, ast.Tuple):
        return any(map(_calls, node.elts))
    if isinstance(node, ast.Name):
        return is_word(node, PURE_VALUE)
    return any(isinstance(each, ast.Call) or is_word(each, PURE_VALUE) for each in ast.walk(node))
