"""Files of one shape have syntax trees that differ in literals only, and in no line."""

from __future__ import annotations

import ast
import tokenize
from pathlib import Path

import pytest

from limbeck.project.code_shape import code_shape

FIRST = """\"\"\"One.

more
\"\"\"
import sqlalchemy as sa

revision = "1"  # it's


def f():
    sa.text("a")
"""


def bare(source: str) -> str:
    """The syntax tree without the contents of literals, with the lines of everything."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
            node.end_col_offset = node.col_offset = 0
    return ast.dump(tree, include_attributes=False) + str(
        [node.lineno for node in ast.walk(tree) if hasattr(node, "lineno")]
    )


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("One", "Another 'quoted' # message"),
        FIRST.replace('"1"', "'2'"),
        FIRST.replace("# it's", '# "'),
        FIRST.replace('"a"', "'''a \"b\" \\' \\\\'''"),
        FIRST.replace('"a"', r'"a\"b#"'),
    ],
)
def test_alike(other: str) -> None:
    assert code_shape(other) == code_shape(FIRST)
    assert bare(other) == bare(FIRST)


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("more\n", "more\n\n"),
        FIRST.replace('"a"', 'r"a"'),
        FIRST.replace('"a"', 'b"a"'),
        FIRST.replace('"a"', '"a" "b"'),
        FIRST.replace('"a"', '("a")'),
        FIRST.replace('"a"', "1"),
        FIRST.replace("sa.text", "sa.txt"),
        FIRST.replace('sa.text("a")', '# sa.text("a")\n    pass'),
        FIRST.replace('revision = "1"', 'revision = "1\\\n"'),
    ],
)
def test_not_alike(other: str) -> None:
    assert code_shape(other) != code_shape(FIRST)


@pytest.mark.parametrize(
    "text", ['f"a"', 'rf"{x}"', 'Tr"a"', '"" and f"a"', '"\r"', '"a', "'''a'", '"a""b"']
)
def test_not_certain(text: str) -> None:
    assert code_shape(FIRST.replace('"a"', text)) is None


def test_literals_of_real_modules_are_found_where_python_finds_them() -> None:
    looked_at = 0
    for path in sorted(Path(ast.__file__).parent.glob("*.py"))[:120]:
        source = path.read_text("utf-8", errors="ignore")
        shape = code_shape(source)
        if shape is None:
            continue
        with path.open("rb") as stream:
            tokens = list(tokenize.tokenize(stream.readline))
        literals = [one for one in tokens if one.type == tokenize.STRING]
        assert shape.count("\0") == len(literals), path
        assert shape.count("\n") == source.count("\n"), path
        looked_at += 1
    assert looked_at > 30
