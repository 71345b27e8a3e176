"""What the code of a revision file does, as text that formatters leave alone.

It is the syntax tree without comments, docstrings, formatting, annotations and imports that nothing
uses, in words that are the same for every version of Python. Two files with the same lines do the
same.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterator

__all__ = ["code_checksum", "code_lines", "is_docstring"]


def code_checksum(source: str, left_out: Collection[str] = ()) -> str:
    """The number over what a file does, in 64 hexadecimal digits.

    :param source: its text.
    :param left_out: names whose assignments at the outermost level do not count.
    :raises SyntaxError: it is no Python.
    """
    return hashlib.sha256("\n".join(code_lines(source, left_out)).encode()).hexdigest()


def code_lines(source: str, left_out: Collection[str] = ()) -> Iterator[str]:
    """What counts of a file, a line for each statement of its outermost level.

    :param source: its text.
    :param left_out: names whose assignments at that level do not count.
    :raises SyntaxError: it is no Python.
    """
    module = ast.parse(source)
    body = [each for each in module.body if not is_docstring(each)]
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    yield from sorted(_imports(body, used))  # their order is a formatter's business
    for statement in body:
        is_import = isinstance(statement, (ast.Import, ast.ImportFrom))
        if not is_import and _names(statement).isdisjoint(left_out):
            yield _text(statement)


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is a text that stands by itself.

    :param statement: the statement.
    """
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _imports(body: list[ast.stmt], used: set[str]) -> Iterator[str]:
    for statement in body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        module = getattr(statement, "module", None)
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound in used or alias.name == "*":
                yield f"import {module}.{alias.name} as {bound}"


def _names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.AnnAssign):
        return {getattr(statement.target, "id", "")}
    if isinstance(statement, ast.Assign):
        return {getattr(target, "id", "") for target in statement.targets}
    return set()


def _text(node: object, within: ast.AST | None = None) -> str:
    """A syntax tree as text, the same for every version of Python.

    ``ast.dump()`` is not: fields come and go with versions, and are empty where not used.
    """
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        node = ast.Assign(targets=[node.target], value=node.value)
    if isinstance(node, list):
        kept = [each for each in node if not _is_nothing(each, within)]
        return f"[{','.join(_text(each) for each in kept)}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = (
        f"{name}={_text(value, node)}"
        for name, value in ast.iter_fields(node)
        if value not in (None, []) and name not in _NO_MATTER
    )
    constant = "=None" if isinstance(node, ast.Constant) and node.value is None else ""
    return f"{type(node).__name__}{constant}({','.join(fields)})"


def _is_nothing(node: object, within: ast.AST | None) -> bool:
    """A docstring, or the empty piece that Python 3.12 sees in the f-strings of others."""
    if isinstance(within, ast.JoinedStr):
        return isinstance(node, ast.Constant) and node.value == ""
    return isinstance(node, ast.stmt) and is_docstring(node)


_NO_MATTER = frozenset({"ctx", "kind", "type_comment", "annotation", "returns"})
