"""A file that is cut at lines says what the whole says, or is no Python in pieces."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import limbeck
from limbeck.project import line_pieces
from limbeck.project.revision_code import _lines, code_lines
from tests.project.test_code_pieces import HEAD, ODD, TABLE

WRONG_PLACES = {
    "a text at the margin": 'def f():\n    a = """\nb = 1\n"""\n    c\nd = 1\n',
    "a text with a function in it": 'a = """\ndef f():\n    b\n    c\n"""\nd = 1\n',
    "a bracket at the margin": "a = [\nb,\nc]\nd = 1\n",
    "a backslash": "a = 1 + \\\nb\nc = 1\n",
    "else at the margin": "if a:\n    b\nelse:\n    c\nd = 1\n",
    "a decorator": "@a\ndef f():\n    b\n    c\nd = 1\n",
    "a decorator within": "def f():\n    a\n    @b\n    def c(): ...\n    d\n",
    "arguments on lines of their own": "def f(\n    a,\n    b,\n):\n    c\n    d\n",
    "a bracket behind a function": "def f():\n    a\n    b\n(c, d) = 1, 2\n(e)\n",
    "a text behind a function": "def f():\n    a\n    b\n'c'\n1\n",
    "an f-string": 'def f():\n    a = f"""\n    b{1}\n    c"""\n    d\n',
}


@pytest.fixture
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is a large one."""
    monkeypatch.setattr(line_pieces, "_LARGE", 0)
    monkeypatch.setattr(line_pieces, "_PIECE", 0)


def is_whole_and_the_same(source: str) -> int:
    """See that pieces say what the text says, if anything; how many there are, then."""
    pieces = list(line_pieces.line_pieces(source))
    assert "".join(text for piece in pieces for text in piece) == source
    whole = _lines([(source,)], {"revision"})
    assert code_lines(source, {"revision"}) == whole
    try:
        found = _lines(pieces, {"revision"})
    except SyntaxError:
        return 0
    assert found == whole
    return sum(map(len, pieces))


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("name", [*ODD, *WRONG_PLACES])
def test_odd_texts_are_cut_between_statements_or_not_at_all(name: str) -> None:
    is_whole_and_the_same((ODD | WRONG_PLACES)[name])


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("name", WRONG_PLACES)
def test_every_wrong_place_is_found(name: str) -> None:
    source = WRONG_PLACES[name]
    lines = source.splitlines(keepends=True)
    for place in range(1, len(lines)):
        pieces = ["".join(lines[:place]), "".join(lines[place:])]
        try:
            trees = [*map(ast.parse, pieces)]
        except SyntaxError:
            continue
        cut = [ast.dump(each) for tree in trees for each in tree.body]
        assert cut == [ast.dump(each) for each in ast.parse(source).body], place


def test_real_modules_are_cut_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_pieces, "_LARGE", 0)
    monkeypatch.setattr(line_pieces, "_PIECE", 500)
    files = sorted(Path(limbeck.__file__).parent.rglob("*.py"))[::4]
    cut = [is_whole_and_the_same(path.read_text()) for path in files]
    assert sum(count > 1 for count in cut) > 20


def test_what_is_generated_is_cut_at_once() -> None:
    body = "".join(TABLE.format(number) for number in range(100))
    source = f"{HEAD}def upgrade():\n{body}\n\ndef downgrade():\n    op.drop_table('t1')\n"
    assert is_whole_and_the_same(source) > 2


LITERALS = r'''
    op.a("it's {0}", 'say "{0}"', 1)
    op.a('\'{0}\n', "\u00e9\\", 1)
    op.b(b"{0}", r"\d{0}", u"{0}")
    op.c("{0}" 'joined'
         "over lines")
    op.d(f"{0}")
    """words {0}"""
    op.e("""{0}
    b = 1
    """, x="é")
    with op.f("{0}") as g:
        g.h("{0}")
    op.k('{0}' and (yield), "a" if "b" else '{0}')
    x = "{0}"; y = '{0}'
    if x == "{0}":
        pass
    else:
        z = lambda: "{0}"
'''


@pytest.mark.usefixtures("_tiny")
def test_statements_that_differ_in_literals_say_what_each_says() -> None:
    lines = LITERALS.replace("{0}", "{number}")
    body = "".join(lines.replace("{number}", str(number)) for number in range(3))
    found = code_lines(f"import c\ndef f():\n    start\n{body}\n")
    assert found == _lines([(f"import c\ndef f():\n    start\n{body}\n",)], ())
    assert all(f'"it\'s {number}"' in found[-1] for number in range(3))
