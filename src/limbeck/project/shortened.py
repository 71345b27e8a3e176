"""The text of a large revision file, with one word in the place of what is known to be pure.

A syntax tree takes some fifty times the memory of its text, and to make it takes most of the time
of a proof. What creates a thousand tables says the same over and over, but for the names in it. So
texts are emptied, and of what stands in brackets each form is looked at once, from the inside
outwards; then it is a word, and so is a whole statement. What is left has the same structure, the
same lines, and a small tree. Where this takes a part for something else than Python does, the word
is in a place where Python has no name, and the file is read as it is.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from limbeck.project.code_pieces import TEXT
from limbeck.syntax_trees import expression_tree, syntax_tree

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PURE_CONSTANT", "PURE_STATEMENT", "PURE_VALUE", "WORDS", "is_word", "shortened"]

PURE_CONSTANT = "__constant__"
"""Stands for a list, a tuple or a dictionary of constants."""

PURE_VALUE = "__value__"
"""Stands for another expression that is pure."""

PURE_STATEMENT = "__pure__"
"""Stands for a statement that is pure."""

WORDS = frozenset({PURE_CONSTANT, PURE_VALUE, PURE_STATEMENT})

_TEXT_OR_COMMENT = re.compile(rf"{TEXT}|\#[^\n]*+", re.DOTALL)

_PART = re.compile(
    r"(?<![\w.)\]}'])"  # not what stands behind another expression: its arguments, or an index
    r"(?:(?:[^\W\d]\w*+(?:\.\w++)++)?\([^()\[\]{}]*+\)|\[[^()\[\]{}]*+\]|\{[^()\[\]{}]*+\})"
)
"""Brackets with none within, and the dotted name of what is called."""

_STATEMENT = re.compile(r"^( +)([^\W\d]\w*+\.\w++\([^()\[\]{}]*+\))$", re.MULTILINE)

_ROW = re.compile(rf"^( +){PURE_STATEMENT}\n(?:\n|\1{PURE_STATEMENT}\n)+", re.MULTILINE)
"""Statements that follow each other."""

_ATTRIBUTE = re.compile(rf"\.[\s\\]*(?:{'|'.join(sorted(WORDS))})")
"""A word where a part was the attribute of something, with a space behind the dot."""

_DEEPEST = 8
"""Into how many brackets it is looked."""

_EXPRESSIONS = tuple(f"{kind}{raw}'" for kind in "fFtT" for raw in ("", "r", "R"))
"""How an emptied text begins in which there are expressions, and texts of their own."""


def shortened(
    source: str, is_pure: Callable[[ast.expr], bool], is_pure_statement: Callable[[ast.stmt], bool]
) -> str | None:
    """The text of a file with words for what is pure; None where that cannot be made for sure.

    :param source: the text, in which none of the words is.
    :param is_pure: whether an expression is pure.
    :param is_pure_statement: whether a statement is.
    """
    if "\r" in source:  # it ends lines, but no comment of those that are looked for here
        return None
    text = _TEXT_OR_COMMENT.sub(_emptied, source)
    if any(each in text for each in _EXPRESSIONS):
        return None
    words = _Words(is_pure, is_pure_statement)
    text = "\n".join(map(words.line, text.split("\n")))
    for _ in range(_DEEPEST):
        before, text = text, _PART.sub(words.value, _STATEMENT.sub(words.statement, text))
        if text == before:
            break
    return None if _ATTRIBUTE.search(text) else _ROW.sub(_first, text)


class _Words:
    """The words for the parts of one file, each part looked at once.

    :param is_pure: whether an expression is pure.
    :param is_pure_statement: whether a statement is.
    """

    def __init__(
        self, is_pure: Callable[[ast.expr], bool], is_pure_statement: Callable[[ast.stmt], bool]
    ) -> None:
        self._is_pure = is_pure
        self._is_pure_statement = is_pure_statement
        self._lines: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._statements: dict[str, str] = {}

    def line(self, line: str) -> str:
        """A line with words for what is in it as a whole: mostly it is one column of many.

        :param line: the line.
        """
        found = self._lines.get(line)
        if found is None:
            found, before = line, ""
            while found != before:
                before, found = found, _PART.sub(self.value, found)
            self._lines[line] = found
        return found

    def value(self, found: re.Match[str]) -> str:
        """The word for an expression; the expression if it is not pure.

        :param found: the expression.
        """
        part = found[0]
        if part not in self._values:
            self._values[part] = self._word_of_value(part)
        return self._values[part]

    def statement(self, found: re.Match[str]) -> str:
        """The word for a statement; the statement if it is not pure.

        :param found: the indentation, and the statement.
        """
        indent, part = found.groups()
        if part not in self._statements:
            self._statements[part] = self._word_of_statement(part)
        return f"{indent}{self._statements[part]}"

    def _word_of_value(self, part: str) -> str:
        try:
            found = expression_tree(f"({part})")
        except SyntaxError:
            return part
        if not self._is_pure(found):
            return part
        word = PURE_CONSTANT if _is_constant(part) else PURE_VALUE
        return word + "\n" * part.count("\n")

    def _word_of_statement(self, part: str) -> str:
        try:
            (found,) = syntax_tree(part).body
        except SyntaxError:
            return part
        return PURE_STATEMENT + "\n" * part.count("\n") if self._is_pure_statement(found) else part


def _emptied(found: re.Match[str]) -> str:
    """A text of which nothing but its lines is left, or no comment."""
    said = found[0]
    if said.startswith("#"):
        return ""
    lines = "\n" * said.count("\n")
    return f"'''{lines}'''" if lines else "''"


def _first(row: re.Match[str]) -> str:
    """The first one of a row of statements, with the lines of all."""
    return f"{row[1]}{PURE_STATEMENT}" + "\n" * row[0].count("\n")


def _is_constant(part: str) -> bool:
    try:
        ast.literal_eval(expression_tree(part.replace(PURE_CONSTANT, "None")))
    except ValueError:
        return False
    return True


def is_word(node: ast.AST, *words: str) -> bool:
    """Whether a part of a syntax tree is one of some words.

    :param node: the part.
    :param words: the words.
    """
    return isinstance(node, ast.Name) and node.id in words
