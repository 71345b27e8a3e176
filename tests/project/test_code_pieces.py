"""A large file is read in pieces, and its number is that of the whole."""

from __future__ import annotations

import ast
import tracemalloc
from pathlib import Path

import pytest

import limbeck
from limbeck.project import code_pieces, line_pieces
from limbeck.project.revision_code import _lines, code_checksum

TABLE = """    op.create_table('t{0}',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), server_default='(', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    # a comment
    op.create_index(op.f('ix_t{0}'), 't{0}', ['name'], unique=False)
"""
HEAD = '"""All."""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "a1"\n\n\n'

ODD = {
    "branches": "def f():\n    if a:\n        b\n    else:\n        c\n    try:\n        d\n"
    "    except E:\n        e\n    finally:\n        g\n    for x in y: pass\n    else: z\n",
    "texts": 'def f():\n    "docstring"\n    a = """\n    b = 1\n"""\n    c = \'\'\'x\n'
    "    d = 2\n\\''''''\n    e = 'it''s' \"#\" # '''\n    f\n",
    "lines that go on": "def f():\n    a = 1 \\\n    + 2\n    g(1,\n    2)\n    h = [\n]\n    k\n",
    "nothing but a docstring at first": "def f():\n    '''one'''\n    '''two'''\n    a\n    b\n",
    "classes": "class A:\n    def f(self): ...\n    x = 1\nasync def g():\n    a\n    b\nc = 1\n",
    "no line end": "def f():\n    a\n    b",
    "comments": "# one\nx = 1 # two\n# three\ndef f():\n# four\n    a\n        # five\n    b\n",
    "annotations": "def f(a: A = 1, *b, c: C) -> D:\n    a: X = 1\n    b\nimport A, C, X, D\n",
}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is a large one."""
    monkeypatch.setattr(code_pieces, "_LARGE", 0)
    monkeypatch.setattr(code_pieces, "_PIECE", 0)


def is_whole_and_the_same(source: str) -> int:
    """See that pieces say what the text says; how many there are."""
    pieces = list(code_pieces.code_pieces(source))
    assert "".join(text for piece in pieces for text in piece) == source
    assert _lines(pieces, {"revision"}) == _lines([(source,)], {"revision"})
    return sum(map(len, pieces))


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_odd_texts_are_cut_between_statements(source: str) -> None:
    assert is_whole_and_the_same(source) > 1


@pytest.mark.parametrize(
    "source",
    [
        'x = f"{(1)}"\ny = 2\n',
        "@a\ndef f(): pass\nx = 1\n",
        "def f():\n\ta\n\tb\nx = 1\n",
        "x = (1,\ny = 2\n",
    ],
    ids=["f-string", "decorator", "tab", "bracket"],
)
def test_what_is_not_clear_stays_whole(source: str) -> None:
    assert list(code_pieces.code_pieces(source)) == [(source,)]


def test_real_modules_are_cut_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_pieces, "_PIECE", 500)
    files = sorted(Path(limbeck.__file__).parent.rglob("*.py"))[::8]
    cut = [is_whole_and_the_same(path.read_text()) for path in files]
    assert len(cut) > 30
    assert sum(count > 1 for count in cut) > 10


def test_a_large_file_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(line_pieces, "line_pieces", lambda source: [("(",)])  # in a wrong place
    body = "".join(TABLE.format(number) for number in range(1000))
    source = f"{HEAD}def upgrade():\n{body}\n\ndef downgrade():\n    op.drop_table('t1')\n"
    tree = ast.parse(source)
    assert len(tree.body[-2].body) == 2000  # type: ignore[attr-defined]  # of upgrade()
    number, most = taken(source)
    monkeypatch.setattr(code_pieces, "_LARGE", len(source))
    as_a_whole = taken(source)
    assert as_a_whole[0] == number
    assert most < as_a_whole[1] / 2
    monkeypatch.undo()
    by_lines = taken(source)
    assert by_lines[0] == number
    assert by_lines[1] < as_a_whole[1] / 2


def taken(source: str) -> tuple[str, int]:
    """The number of a text, and the most memory that taking it has needed, in bytes."""
    tracemalloc.start()
    number = code_checksum(source, {"revision"})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return number, most
