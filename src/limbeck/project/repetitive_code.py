"""Whether a large text is Python, found out without parsing what repeats in it.

A parser takes more than a thousand instructions for each character, and the files of revisions
that create many tables say the same again and again, of other names. Whether a text can be parsed
does not hang on what stands in its literals, nor on how often a statement or an argument is there:
each is looked at once, and so is what is left of the text without them. Where that does not suffice
to be certain, nothing is said.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from limbeck.syntax_trees import syntax_tree

__all__ = ["is_surely_python"]

_LARGE = 1 << 14
"""Characters from which on it is worth while."""

_STATEMENT = re.compile(r"^    [^\s)#].*\n(?:(?:    [ )#].*)?\n)*", re.MULTILINE)
"""What may be a statement of a function, with the comments behind it."""

_ANY = "limbeck_stands_here_for_statements"
_ANY_OFTEN = re.compile(rf"(?:    {_ANY}\n)+")

_COMMENT = re.compile(r"^ *#.*\n", re.MULTILINE)
_LITERAL = re.compile(r"""["'](?<!\w.)(?:(?<=")[^"\\\n]*+"|(?<=')[^'\\\n]*+')""")
"""A text without escapes and prefix, found by its first quote, which is quickest."""

_DOTTED = re.compile(r" *[^\W\d]\w*(?:\.\w+)+")


def is_surely_python(source: str) -> bool:
    """Say whether a text can be parsed; False where it is not certain.

    :param source: the text.
    """
    if len(source) < _LARGE or "\r" in source or "\0" in source or _ANY in source:
        return False
    statements: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        statements.add(_bare(match[0]))
        return f"    {_ANY}\n"

    rest = _ANY_OFTEN.sub(f"    {_ANY}\n", _STATEMENT.sub(taken, source))
    try:
        source.encode()
        # One that can be parsed as a function of its own ends where it ends, so the next begins
        # where it begins, if the first one was a statement and no part of a text or a bracket.
        for statement in statements:
            compile(f"def _():\n{statement}", "<unknown>", "exec", dont_inherit=True)
        return _stand_alone(rest)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False


def _stand_alone(rest: str) -> bool:
    """Whether wherever statements were taken out of a text, statements have to be."""
    found = 0
    for node in ast.walk(syntax_tree(rest)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
            found += node.value.id == _ANY
    return found == rest.count(_ANY)


def _bare(statement: str) -> str:
    """Return a statement that can be parsed only if this one can."""
    if '"""' in statement or "'''" in statement:
        return statement
    code = _COMMENT.sub("", statement) if "#" in statement else statement
    bare, count = _LITERAL.subn('""', code)
    # Were a quote left, or a backslash or a comment, the quotes would pair otherwise than we think.
    if bare.count('"') != 2 * count or "'" in bare or "\\" in bare or "#" in bare:
        return statement
    return statement if '"""' in bare else _without_arguments(bare)


def _without_arguments(statement: str) -> str:
    """Return a call over several lines without the first of its arguments that stand by themselves.

    It can be parsed if each of these can be, and the rest of it with one of them.
    """
    head, _, rest = statement.partition("(\n")
    inside, bracket, end = rest.rpartition(")")
    if not bracket or end.strip() or not _DOTTED.fullmatch(head):
        return statement
    arguments = inside.lstrip(" ")
    indent = len(inside) - len(arguments)
    *given, last = _beginning(indent).split(arguments)
    for place, each in enumerate(given):
        if not _is_argument(each):
            # Lines stay as they are, for they end where no bracket is open.
            left = f",\n{' ' * indent}".join([*given[place:], last])
            return f"{head}(_,\n{left}){end}"
    return f"{head}(_,\n{last}){end}"


@lru_cache(maxsize=8)
def _beginning(indent: int) -> re.Pattern[str]:
    """Where an argument ends, and another one begins on a line that is indented so far."""
    return re.compile(rf",\n {{{indent}}}(?=[^\s)])")


@lru_cache(maxsize=4096)
def _is_argument(text: str) -> bool:
    """Whether a text is one argument that is given by its place."""
    try:
        (statement,) = syntax_tree(f"_({text},)").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    call = getattr(statement, "value", None)
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and len(call.args) == 1
        and not call.keywords
    )
