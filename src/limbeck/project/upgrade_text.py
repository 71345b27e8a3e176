"""The text of a revision file, taken apart into the statements of its ``upgrade()`` and the rest.

A file of a known form need not be compiled: what its statements say is in their literals, and
statements that differ in literals only are looked at once. What stands in a function has to be one
call after the other, as in the files that are generated; of every other file nothing is said here.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from limbeck.project.code_shape import TEXT_PLACE, is_certain, shape_and_literals
from limbeck.project.plain_file import is_plain
from limbeck.project.warned import warnings_as_errors
from limbeck.syntax_trees import syntax_tree
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from limbeck.project.code_shape import Apart

__all__ = ["Said", "UpgradeText", "table_said", "upgrade_text", "with_literals"]


class Said(Value, slots=True):
    """One statement of a function.

    :param shape: its text with a place for each literal, see :mod:`limbeck.project.code_shape`.
    :param literals: the literals as they are written, with their quotes.
    """

    shape: str
    literals: tuple[str, ...]


class UpgradeText(Value, slots=True):
    """A file that does nothing when it is loaded that its text does not fix, and has ``upgrade()``.

    :param imports: the statements by which it gets the names that it uses, and the expressions
        that stand for types in it, which may name what there is not.
    :param upgrade: the statements of ``upgrade()``, which takes no arguments.
    """

    imports: str
    upgrade: tuple[Said, ...]


_ODD = ("\\", "\t", "\r", "\f")
"""Signs that have rules of their own: those of texts, of lines, and of indentations."""

_PREFIXED = tuple(f"{letter}\0" for letter in "rRbBuU")
"""How a literal looks in a shape whose signs say something else than they are."""

_DEEPEST = 8


def _brackets(depth: int) -> str:
    """What stands in brackets, with so many others within."""
    inside = rf"|{_brackets(depth - 1)}" if depth else ""
    return rf"[(\[{{](?:[^()\[\]{{}}]++{inside})*+[)\]}}]"


_FUNCTION = re.compile(r"^def (\w+)(\([^()]*\))[^:()\0\n]*:[ ]*\n", re.MULTILINE)
_EMPTY_LINES = re.compile(r"(?:[ ]*\n)*+")
_CALL = rf"[^\W\d]\w*+\.\w++{_brackets(_DEEPEST)}"
_STATEMENT = re.compile(rf"([ ]+)({_CALL}|{TEXT_PLACE.pattern}|pass\b)[ ]*(?:\n|\Z)")
_LITERAL = "\0"

_ITEM = rf"[^\W\d]\w*+(?:\.\w++)*+{_brackets(_DEEPEST - 1)}"
_ITEMS = re.compile(_ITEM)
_TABLE = re.compile(rf"([^\W\d]\w*+)\.create_table\(\s*\0((?:,\s*{_ITEM})+)(?:,\s*)?\s*\)")

_Span = tuple[int, int]


def upgrade_text(source: str, apart: Apart | None = None) -> UpgradeText | None:
    """Take a file apart, in a thread that is alone.

    :param source: its text.
    :param apart: its shape and literals, where they are known.
    :returns: None where it is not certain that it can be loaded, or what it does, or where Python
        warns of something in it, which is told of the file when that is loaded.
    """
    if any(each in source for each in _ODD):
        return None
    found = apart or shape_and_literals(source)
    if found is None:
        return None
    shape, literals = found
    shaped = (_of_shape if len(shape) <= _ALIKE else _of_any)(shape)
    if shaped is None:
        return None
    said = [Said(text, tuple(literals[first:end])) for text, first, end in shaped[1]]
    return UpgradeText(shaped[0], tuple(said))


_Shaped = tuple[str, tuple[tuple[str, int, int], ...]]
"""The imports of the files of a shape, and for each statement of ``upgrade()`` its shape, and
which literals of the file are in it."""

_ALIKE = 1 << 13
"""Characters in the shape of a file that is likely to be like others."""


def _taken_apart(shape: str) -> _Shaped | None:
    """What all files of a shape have in common; None where nothing is certain of them."""
    if not is_certain(shape) or any(each in shape for each in _PREFIXED):
        return None
    rest, spans = _apart(shape)
    upgrade = spans.pop("upgrade", None)
    imports = None if upgrade is None else _imports(rest)
    if upgrade is None or imports is None:
        return None
    others = (shape[slice(*each)] for found in spans.values() for each in found)
    if not all(map(_is_python, others)):
        return None
    said = tuple(_said(shape, upgrade))
    return (imports, said) if all(_is_python(text) for text, _, _ in said) else None


def _of_any(shape: str) -> _Shaped | None:
    with warnings_as_errors():
        return _taken_apart(shape)


_of_shape = lru_cache(maxsize=64)(_of_any)  # the files of a history have few


def with_literals(shape: str, literals: Iterable[str]) -> str:
    """A statement of a shape.

    :param shape: the shape.
    :param literals: its literals, with their quotes.
    """
    found = iter(literals)
    return TEXT_PLACE.sub(lambda _: next(found), shape)


def table_said(shape: str) -> tuple[str, tuple[str, ...]] | None:
    """Take the creation of a table apart.

    :param shape: a statement.
    :returns: the name of the module whose function is called, and the items of the table, which are
        calls; None where it is anything else than a name and such items.
    """
    found = _TABLE.fullmatch(shape)
    return None if found is None else (found[1], tuple(_ITEMS.findall(found[2])))


def _apart(shape: str) -> tuple[str, dict[str, list[_Span]]]:
    """The file without what its functions do, and where the statements of each function are."""
    rest, spans, place = [], {}, 0
    for function in _FUNCTION.finditer(shape):
        name, takes = function.groups()
        body = None if function.start() < place else _body(shape, function.end())
        if body is None or (name == "upgrade" and takes != "()"):
            continue
        rest.append(f"{shape[place : function.end()]} pass\n")
        spans[name], place = body
    rest.append(shape[place:])
    return "".join(rest), spans


def _body(shape: str, place: int) -> tuple[list[_Span], int] | None:
    """The statements of a function, and where it ends; None where it has others than calls."""
    found: list[_Span] = []
    indents = set()
    while True:
        blank = _EMPTY_LINES.match(shape, place)
        place = place if blank is None else blank.end()
        statement = _STATEMENT.match(shape, place)
        if statement is None:
            break
        indents.add(statement[1])
        found.append(statement.span(2))
        place = statement.end()
    is_end = place == len(shape) or shape[place] != " "
    return (found, place) if is_end and len(indents) == 1 else None


def _said(shape: str, spans: Iterable[_Span]) -> Iterator[tuple[str, int, int]]:
    number = place = 0
    for start, end in spans:
        number += shape.count(_LITERAL, place, start)
        text, place = shape[start:end], end
        first, number = number, number + text.count(_LITERAL)
        yield text, first, number


@lru_cache(maxsize=64)  # files of a history differ in what their functions do
def _imports(rest: str) -> str | None:
    """The imports of a file; None where it is not plain, or is no Python."""
    try:
        tree = syntax_tree(TEXT_PLACE.sub("''", rest))
        compile(tree, "<revision>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    if not is_plain(tree):
        return None
    return "\n".join(dict.fromkeys(_evaluated(tree)))


def _evaluated(tree: ast.Module) -> Iterator[str]:
    """What a plain file evaluates that may fail: its imports, and what stands for types."""
    is_later = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(each.name == "annotations" for each in node.names)
        for node in tree.body
    )
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield ast.unparse(node)
        elif not is_later:
            yield from map(ast.unparse, _annotations(node))


def _annotations(node: ast.stmt) -> Iterator[ast.expr]:
    found: list[ast.expr | None] = []
    if isinstance(node, ast.AnnAssign):
        found = [node.annotation]
    elif isinstance(node, ast.FunctionDef):
        found = [*(each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg))]
        found.append(node.returns)
    yield from (each for each in found if each is not None and not isinstance(each, ast.Constant))


def _is_python(shape: str) -> bool:
    """Whether the statements of a shape are Python."""
    table = table_said(shape)
    return all(map(_is_parsed, (shape,) if table is None else table[1]))


@lru_cache(maxsize=4096)
def _is_parsed(shape: str) -> bool:
    try:
        compile(TEXT_PLACE.sub("''", shape), "<statement>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
