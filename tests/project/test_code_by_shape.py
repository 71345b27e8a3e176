"""The number over a file is the same, whether it was parsed or filled into that of one like it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limbeck.project import revision_code
from limbeck.project.code_shape import code_shape, shape_and_literals
from limbeck.project.revision_code import code_checksum

_APART = frozenset({"revision", "down_revision"})


def parsed(source: str) -> str:
    """The number without any other file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(revision_code, "_by_shape", lambda *_: None)
        return code_checksum(source, _APART)


def filled(source: str) -> str | None:
    """The number that was not parsed for; None where it is not certain."""
    found = shape_and_literals(source) if len(source) <= revision_code.ALIKE else None
    return None if found is None else revision_code._by_shape(source, *found, _APART)


REVISION = '''"""{docstring}

Revision ID: {id}
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = "{id}"
down_revision: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """{docstring}"""
    op.add_column("table", sa.Column({literal}, sa.String(40)), schema={literal})  # {docstring}
    op.execute("""
    select {literal}
    """)
'''


def test_files_of_one_shape_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    lines = revision_code._lines

    def watched(pieces: Iterator[tuple[str, ...]], left_out: frozenset[str]) -> list[str]:
        pieces = iter(list(pieces))
        looked_at.append("")
        return lines(pieces, left_out)

    monkeypatch.setattr(revision_code, "_lines", watched)
    revision_code._template.cache_clear()
    numbers = {
        code_checksum(REVISION.format(docstring="a", id=name, literal=repr(name)), _APART)
        for name in ("one", "two", "three")
    }
    assert len(numbers) == 3
    assert len(looked_at) == 1


_LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(repr),
    st.sampled_from(['"it\'s"', r"'\''", r'"\x41\u00e9\n"', '"a#b"', '""', "'''a'b'''", '"é"']),
)


@settings(max_examples=200, deadline=None)
@given(_LITERALS, st.text("ab'#\" ", max_size=6))
def test_whatever_is_in_its_literals(literal: str, words: str) -> None:
    if "\\" in literal or '"""' in literal or words.endswith('"') or '"""' in words:
        words = ""
    source = REVISION.format(docstring=words or "a", id="b", literal=literal)
    try:
        expected = parsed(source)
    except SyntaxError:
        assert filled(source) is None
        return
    assert code_checksum(source, _APART) == expected


ODD = r"""
x = "a" "b"
x = "a""b"
x = r"\d"
x = b"a"
x = u"a"
x = f"a{y}"
x = ["a", 'b']
x = {"a": "b", **y}
x = "limbeck_literal_0_"
x = limbeck_literal_0_, "a"
def f(x="a", *, y="b"): "c"
x: "int" = "a"
x = "\N{BULLET}"
x = "a" if "b" else "c"
x = "" + ''
"""
LINES = [
    'x = """a\nb"""[0]',
    'x = """a\nb"""\ny = 1',
    '@f("a")\ndef g(): pass',
    'match x:\n    case "a":\n        y = "b"',
]


@pytest.mark.parametrize("body", [*ODD.strip().splitlines(), *LINES])
def test_odd_places(body: str) -> None:
    source = f'"""A docstring."""\nfrom a import x as y\n{body}\n'
    assert code_checksum(source) == parsed(source)
    other = re.sub(r'"a"', '"it\'s"', source)
    assert code_checksum(other) == parsed(other)


@pytest.mark.parametrize(
    "body", ["x = '''a'", 'x = "\\x"', "x = (", 'x = "a', "x = b'é'", "x = '\ud800'"]
)
def test_what_is_no_python_has_none(body: str) -> None:
    source = f'y = "a"\n{body}\n'
    with pytest.raises((SyntaxError, ValueError)):
        ast.parse(source)
    with pytest.raises((SyntaxError, ValueError)):
        code_checksum(source)


def test_real_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_code, "ALIKE", 1 << 20)
    looked_at = 0
    for path in sorted(Path(ast.__file__).parent.glob("*.py"))[:90]:
        source = path.read_text("utf-8", errors="ignore")
        if len(source) > 40_000 or code_shape(source) is None:
            continue
        looked_at += filled(source) is not None
        assert code_checksum(source, _APART) == parsed(source), path
    assert looked_at > 8
