"""The identifiers in the text of a revision file, by its syntax tree.

A file is read, not run: its identifiers are literals in nearly every project. Where it may bind one
of them in another way, as ``from … import *`` does, it has to be run.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from limbeck.errors import HistoryError
from limbeck.project.import_effects import Effects, effects_of, effects_of_functions
from limbeck.project.revision_file import FIELDS
from limbeck.project.revision_head import may_bind_identifiers
from limbeck.syntax_trees import syntax_tree

__all__ = ["Literals", "literals_in"]

_FIRST_FUNCTION = re.compile(r"^(?:async\s+def|def|class|@)", re.MULTILINE)

_COMPUTED = object()
"""In place of the value of an identifier that only running the file can tell."""


def literals_in(path: str, source: str) -> Literals:
    """The identifiers in the text of a revision file.

    :param path: the file, for messages.
    :param source: its text.
    :raises HistoryError: it is no Python.
    """
    return _head(source) or Literals(_parsed(path, source))


def _head(source: str) -> Literals | None:
    """Most files have everything before their first function, and parsing only that much
    is several times faster. None where that cannot be trusted."""
    first = _FIRST_FUNCTION.search(source)
    if first is None or "\r" in source or may_bind_identifiers(source, first.start()):
        return None
    try:
        found = Literals(syntax_tree(source[: first.start()]))
    except SyntaxError:
        return None  # as in a docstring with "class" at the beginning of a line
    return found if found.is_complete else None


def _parsed(path: str, source: str) -> ast.Module:
    try:
        return syntax_tree(source, path)
    except SyntaxError as error:
        raise HistoryError(
            f"revision file {path}, line {error.lineno} is not Python: {error.msg}",
            hint="correct that line, or restore the file",
        ) from error


class Literals:
    """The identifiers that are plain literals at the top of a module.

    They are what importing the module would give, or it says that they are computed.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.lines: dict[str, int] = {}
        self.docstring = ast.get_docstring(tree, clean=False) or ""
        self._values: dict[str, Any] = {}
        self._effects = Effects()
        for statement in tree.body:
            self._take(statement)
        if self._effects.may_call_own:
            self._forget(effects_of_functions(tree))
        missing = {name for name in FIELDS if name not in self._values}
        self.values = {
            name: value for name, value in self._values.items() if value is not _COMPUTED
        }
        self.is_computed = (
            len(self.values) < len(self._values)
            or "__doc__" in self._effects.bound
            # https://peps.python.org/pep-0562/
            or ("__getattr__" in self._effects.bound and bool(missing))
        )
        self.is_complete = not self.is_computed and not {"revision", "down_revision"} & missing

    def _take(self, statement: ast.stmt) -> None:
        target, value = _plain_assignment(statement)
        if target is None or value is None:
            self._forget(effects_of(statement))
            return
        self.lines[target] = statement.lineno
        literal = _literal(value)
        if literal is _COMPUTED:
            self._forget(effects_of(value))
        self._values[target] = literal
        if isinstance(statement, ast.AnnAssign) and not _is_plain_type(statement.annotation):
            self._forget(effects_of(statement.annotation))

    def _forget(self, effects: Effects) -> None:
        """Forget what is no longer certain."""
        for name in FIELDS:
            is_read = name in effects.read and not _is_constant(self._values.get(name))
            if effects.may_bind_any or name in effects.bound or is_read:
                self._values[name] = _COMPUTED
        self._effects.add(effects)


def _literal(value: ast.expr) -> Any:
    if isinstance(value, ast.Constant):
        return value.value
    if any(isinstance(node, ast.Call) for node in ast.walk(value)):
        return _COMPUTED  # set() is taken for a literal, and may be anybody's
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):  # of what no set can hold
        return _COMPUTED


def _is_constant(value: object) -> bool:
    """Whether what reads a value cannot change it."""
    return not isinstance(value, (list, set, dict))


def _is_plain_type(node: ast.expr) -> bool:
    """Whether an annotation is names only, as in ``Union[str, None]``."""
    if isinstance(node, ast.Subscript):
        return _is_plain_type(node.value) and _is_plain_type(node.slice)
    if isinstance(node, ast.Tuple):
        return all(map(_is_plain_type, node.elts))
    if isinstance(node, ast.BinOp):
        return _is_plain_type(node.left) and _is_plain_type(node.right)
    return isinstance(node, (ast.Name, ast.Constant))


def _plain_assignment(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return None, None
    if isinstance(target, ast.Name) and target.id in FIELDS:
        return target.id, statement.value
    return None, None
