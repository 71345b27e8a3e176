"""Small mistakes in a revision file, one at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_OTHER_TYPES = {
    "Integer": "BigInteger",
    "BigInteger": "SmallInteger",
    "SmallInteger": "Integer",
    "Text": "LargeBinary",
    "Boolean": "Date",
    "DateTime": "Date",
    "Date": "DateTime",
    "Float": "Integer",
    "JSON": "Date",
    "JSONB": "JSON",
    "Numeric": "Integer",
    "Uuid": "Integer",
    "LargeBinary": "Integer",
}


@dataclass(frozen=True)
class Mutant:
    """A file with one mistake.

    :param kind: what the mistake is.
    :param place: ``upgrade`` or ``downgrade``, and the line.
    :param source: the text of the file.
    """

    kind: str
    place: str
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mistake that can be made in a file."""
    module = ast.parse(source)
    for function in ("upgrade", "downgrade"):
        for kind, line, changed in _mutations(module, function):
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text != ast.unparse(module):
                yield Mutant(kind, f"{function}, line {line}", text)


def _mutations(module: ast.Module, function: str) -> Iterator[tuple[str, int, ast.Module]]:
    body = _function(module, function).body
    for number, statement in enumerate(body):
        if isinstance(statement, (ast.Expr, ast.With)) and not _is_text(statement):
            changed = copy.deepcopy(module)
            rest = _function(changed, function).body
            rest[number : number + 1] = [] if len(rest) > 1 else [ast.Pass()]
            kind = "drop an operation" if function == "upgrade" else "forget a step back"
            yield kind, statement.lineno, changed
    for position, node in enumerate(ast.walk(_function(module, function))):
        for kind, change in _changes(node):
            changed = copy.deepcopy(module)
            twin = list(ast.walk(_function(changed, function)))[position]
            change(twin)
            yield kind, getattr(node, "lineno", 0), changed


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.Call):
        yield from _call_changes(node)
    if isinstance(node, ast.Attribute) and node.attr in _OTHER_TYPES and _is_sa(node):
        yield "change a type", lambda twin: setattr(twin, "attr", _OTHER_TYPES[twin.attr])
    if isinstance(node, ast.List) and len(node.elts) > 1 and all(map(_is_word, node.elts)):
        yield "drop a column of a list", lambda twin: twin.elts.pop()
        yield "swap two names", lambda twin: twin.elts.reverse()


def _call_changes(node: ast.Call) -> Iterator[tuple[str, object]]:
    for number, keyword in enumerate(node.keywords):
        value = keyword.value
        if keyword.arg in ("nullable", "unique") and isinstance(value, ast.Constant):
            kind = "flip nullability" if keyword.arg == "nullable" else "flip uniqueness"

            def flip(twin: ast.Call, number: int = number) -> None:
                constant = twin.keywords[number].value
                assert isinstance(constant, ast.Constant)
                constant.value = not constant.value

            yield kind, flip
        elif keyword.arg in ("server_default", "ondelete", "comment"):

            def leave_out(twin: ast.Call, number: int = number) -> None:
                del twin.keywords[number]

            yield f"leave out {keyword.arg}", leave_out
        elif keyword.arg == "length" and isinstance(value, ast.Constant):
            yield "change a length", lambda twin, n=number: _increase(twin.keywords[n].value)


def _increase(constant: ast.expr) -> None:
    assert isinstance(constant, ast.Constant)
    constant.value += 1


def _function(module: ast.Module, name: str) -> ast.FunctionDef:
    return next(
        each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == name
    )


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_sa(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("sa", "postgresql", "mysql")
