"""The identifiers in the text of a revision file, by its syntax tree.

A file is read, not run: its identifiers are literals in nearly every project.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from limbeck.errors import HistoryError
from limbeck.project.revision_file import FIELDS
from limbeck.syntax_trees import syntax_tree

__all__ = ["Literals", "literals_in"]

_FIRST_FUNCTION = re.compile(r"^(?:async\s+def|def|class|@)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"(?:revision|branch_labels|depends_on)\b[^\n=]*=")


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
    if first is None or _ASSIGNMENT.search(source, first.start()):
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
    """The identifiers that are plain literals at the top of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.docstring = ast.get_docstring(tree, clean=False) or ""
        computed: set[str] = set()
        has_star = False
        for statement in tree.body:
            target, value = _plain_assignment(statement)
            if target is not None and value is not None:
                self.lines[target] = statement.lineno
                computed.discard(target)
                try:
                    self.values[target] = ast.literal_eval(value)
                except ValueError:
                    computed.add(target)
                continue
            bound = _names_bound(statement)
            computed |= bound & set(FIELDS)
            has_star = has_star or "*" in bound
        missing = {"revision", "down_revision"} - self.values.keys()
        self.is_computed = bool(computed) or (has_star and bool(missing))
        self.is_complete = not self.is_computed and not missing


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


def _names_bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds in some other way; functions are not looked into."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    return names
