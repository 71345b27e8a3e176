"""What the code of a revision file does, as text that formatters leave alone.

It is the syntax tree without comments, docstrings, formatting, annotations and imports that nothing
uses, in words that are the same for every version of Python. Two files with the same lines do the
same.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from limbeck.project.code_shape import ALIKE, Apart, shape_and_literals
from limbeck.project.line_pieces import cut_statements, read_in_pieces, statements_in
from limbeck.project.literal_forms import Form, filled, form_of
from limbeck.syntax_trees import syntax_tree

__all__ = ["code_checksum", "code_lines", "is_docstring"]


def code_checksum(source: str, left_out: Collection[str] = (), apart: Apart | None = None) -> str:
    """The number over what a file does, in 64 hexadecimal digits.

    :param source: its text.
    :param left_out: names whose assignments at the outermost level do not count.
    :param apart: its shape and literals, where they are known.
    :raises SyntaxError: it is no Python.
    """
    found = apart or (shape_and_literals(source) if len(source) <= ALIKE else None)
    text = None if found is None else _by_shape(source, *found, frozenset(left_out))
    if text is not None:
        return hashlib.sha256(text.encode()).hexdigest()
    number = hashlib.sha256()
    for place, line in enumerate(code_lines(source, left_out)):
        number.update((f"\n{line}" if place else line).encode())
    return number.hexdigest()


def _by_shape(
    source: str, shape: str, literals: Sequence[str], left_out: frozenset[str]
) -> str | None:
    """What counts of a file, its literals put into what counts of all files of its shape.

    The syntax trees of these differ in their literals only, and a literal is in the text as Python
    writes it. To parse each file of a history is most of what its number takes.

    :returns: the lines as one text; None where it is not certain.
    """
    template = _template(shape, left_out)
    return None if template is None else filled(template, source, literals)


@lru_cache(maxsize=128)
def _template(shape: str, left_out: frozenset[str]) -> Form | None:
    """What counts of the files of a shape."""
    try:
        return form_of(shape, lambda marked: "\n".join(_lines([(marked,)], left_out)))
    except SyntaxError:
        return None


def code_lines(source: str, left_out: Collection[str] = ()) -> list[str]:
    """What counts of a file, a line for each statement of its outermost level.

    :param source: its text.
    :param left_out: names whose assignments at that level do not count.
    :raises SyntaxError: it is no Python.
    """
    return read_in_pieces(lambda pieces: _lines(pieces, left_out), source)


def _lines(pieces: Iterable[tuple[str, ...]], left_out: Collection[str]) -> list[str]:
    imports: list[ast.Import | ast.ImportFrom] = []
    words = _Words()
    lines = []
    for first, *others in pieces:
        for statement in syntax_tree(first).body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                imports.append(statement)
            elif not is_docstring(statement):
                text = words.of_function(statement, others) if others else words.of(statement)
                if _names(statement).isdisjoint(left_out):
                    lines.append(text)
    # the order of imports is a formatter's business
    return [*sorted(_imports(imports, words.names)), *lines]


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is a text that stands by itself.

    :param statement: the statement.
    """
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _imports(statements: list[ast.Import | ast.ImportFrom], used: set[str]) -> Iterator[str]:
    for statement in statements:
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


_MOST_FORMS = 256
"""Of how many shapes of statements it is kept what counts of them: a few kilobytes each."""


class _Words:
    """Syntax trees as text, the same for every version of Python.

    ``ast.dump()`` is not: fields come and go with versions, and are empty where not used.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        """The names that were read or bound in what was said, annotations included."""
        self._forms: dict[str, Form | None] = {}

    def of(self, node: ast.AST) -> str:
        """A tree as text; this runs for every node of every file, some hundred for each.

        :param node: the tree.
        """
        kind = type(node)
        usual = _USUAL.get(kind)
        if usual is not None:
            return usual(self, node)
        if kind is ast.AnnAssign and node.value is not None:  # type: ignore[attr-defined]  # mypy does not narrow by type()
            self._look(node.annotation)  # type: ignore[attr-defined]  # as above
            node = ast.Assign(targets=[node.target], value=node.value)  # type: ignore[attr-defined]  # as above
            kind = ast.Assign
        said = []
        for name in node._fields:
            value = getattr(node, name, None)
            if value is None or name == "ctx":
                continue
            if name in _NO_MATTER:
                self._look(value)
            elif type(value) is list:
                if value:
                    said.append(f"{name}=[{','.join(self._each(value, kind))}]")
            elif isinstance(value, ast.AST):
                said.append(f"{name}={self.of(value)}")
            else:
                said.append(f"{name}={value!r}")
        return f"{kind.__name__}({','.join(said)})"

    # What most of a file consists of; the same as above, without a look at each field

    def _constant(self, node: ast.Constant) -> str:
        return "Constant=None()" if node.value is None else f"Constant(value={node.value!r})"

    def _name(self, node: ast.Name) -> str:
        self.names.add(node.id)
        return f"Name(id={node.id!r})"

    def _attribute(self, node: ast.Attribute) -> str:
        return f"Attribute(value={self.of(node.value)},attr={node.attr!r})"

    def _keyword(self, node: ast.keyword) -> str:
        arg = "" if node.arg is None else f"arg={node.arg!r},"
        return f"keyword({arg}value={self.of(node.value)})"

    def _call(self, node: ast.Call) -> str:
        args = f",args=[{','.join(map(self.of, node.args))}]" if node.args else ""
        keywords = f",keywords=[{','.join(map(self.of, node.keywords))}]" if node.keywords else ""
        return f"Call(func={self.of(node.func)}{args}{keywords})"

    def of_function(self, head: ast.stmt, bodies: Iterable[str]) -> str:
        """A function as text whose body comes in parts.

        :param head: the function with the first part.
        :param bodies: the other parts, indented as in the function.
        """
        text = self.of(head)
        if type(head) is not ast.FunctionDef or not text.endswith("])"):
            raise SyntaxError("it was cut in the wrong place")
        said: list[str] = []
        for body in bodies:
            said += self._of_body(body)
        before = text.removesuffix("])")
        comma = "," if said and not before.endswith("[") else ""
        return f"{before}{comma}{','.join(said)}])"

    def _of_body(self, body: str) -> list[str]:
        """A part of the body of a function, statement by statement.

        Most differ from others in literals only, and each of these is parsed once.
        """
        try:
            said = [self._of_statement(each) for each in cut_statements(body)]
        except SyntaxError:  # one was cut in the wrong place
            return self._each(statements_in(body), ast.FunctionDef)
        return [each for each in said if each]

    def _of_statement(self, text: str) -> str:
        apart = shape_and_literals(text)
        if apart is not None:
            shape, literals = apart
            if shape not in self._forms and len(self._forms) < _MOST_FORMS:
                self._forms[shape] = form_of(shape, self._parsed)
            form = self._forms.get(shape)
            said = None if form is None else filled(form, text, literals)
            if said is not None:
                return said
        return self._parsed(text)

    def _parsed(self, text: str) -> str:
        return ",".join(self._each(statements_in(text), ast.FunctionDef))

    def _each(self, values: list[Any], within: type[ast.AST]) -> list[str]:
        return [
            self.of(value) if isinstance(value, ast.AST) else repr(value)
            for value in values
            if not _is_nothing(value, within)
        ]

    def _look(self, value: object) -> None:
        """Take up the names in what is not said."""
        if isinstance(value, ast.AST) and not isinstance(value, ast.Constant):
            self.names.update(each.id for each in ast.walk(value) if isinstance(each, ast.Name))


_USUAL: dict[type[ast.AST], Callable[[_Words, Any], str]] = {
    ast.Constant: _Words._constant,
    ast.Name: _Words._name,
    ast.Attribute: _Words._attribute,
    ast.keyword: _Words._keyword,
    ast.Call: _Words._call,
}


def _is_nothing(node: object, within: type[ast.AST]) -> bool:
    """A docstring, or the empty piece that Python 3.12 sees in the f-strings of others."""
    if within is ast.JoinedStr:
        return isinstance(node, ast.Constant) and node.value == ""
    return isinstance(node, ast.stmt) and is_docstring(node)


_NO_MATTER = frozenset({"kind", "type_comment", "annotation", "returns"})
