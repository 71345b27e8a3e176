"""What is read line by line is what the syntax tree says, wherever it is read so at all."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from limbeck.project.identifiers import Literals
from limbeck.project.revision_head import read_head

_FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")
_DOCSTRINGS = (
    '"""add users\n\nRevision ID: aaa1\nrevision = 5\n"""',
    "'''it's \"\"\" here'''",
    '"""say "this" and ""that"" """',
    '""""""',
    '"""a\\nb"""',
    'r"""raw"""',
    '"one line"',
    '"""x""" + "y"',
    '"""x""""',
    "",
    "# -*- coding: utf-8 -*-\n\n'''later'''",
    '"""ends"""  # and a comment',
)
_VALUES = (
    "None",
    '"aaa1"',
    "'bb\"b'",
    '"""three"""',
    "('a', 'b')",
    '("a",)',
    '("a")',
    "['a']",
    "[]",
    "()",
    "(,)",
    "('a', 'b',)",
    '("a"]',
    "'a' 'b'",
    '"a\\x41"',
    '"a"  # "b"',
    "None  # (first)",
    "'a'; x = 1",
    "f'a'",
    "None or 'a'",
    "{'a', 'b'}",
    "(\n    'a',\n    'b',\n)",
)
_ANNOTATIONS = ("", ": str", ": Union[str, None]", ": str | None", ": 'str | None'", " ")
_OTHER = (
    "import sqlalchemy as sa",
    "from alembic import op  # noqa: F401",
    "from x import (a, b)",
    "from x import *",
    "from x import revision",
    "import depends_on as d, e",
    "import a.b, c as d",
    "# revision = 'no'",
    "",
    "   ",
    "x = 1",
    "if True:\n    revision = 'q'",
    "\tpass",
)
_ENDS = (
    "",
    "\ndef upgrade():\n    pass\n",
    "\n@decorated\ndef upgrade():\n    revision = 3\n",
    "\nasync def f(): ...\n\ndepends_on = 'late'\n",
    "\nclass Revision:\n    pass",
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The text of a file that looks more or less as a revision does."""
    lines = [draw(st.sampled_from(_DOCSTRINGS))]
    fields = draw(st.lists(st.sampled_from(_FIELDS), max_size=4))
    for field in [*_FIELDS[:2], *fields]:
        lines += draw(st.lists(st.sampled_from(_OTHER), max_size=1))
        annotation = draw(st.sampled_from(_ANNOTATIONS))
        lines.append(f"{field}{annotation} = {draw(st.sampled_from(_VALUES))}")
    return "\n".join(lines) + draw(st.sampled_from(_ENDS))


@given(texts())
@settings(deadline=None)
@example('"""x"""\nrevision = "a"\ndown_revision = None  # (first)\n')
def test_the_same_as_the_syntax_tree(text: str) -> None:
    head = read_head(text)
    if head is None:
        return
    found = Literals(ast.parse(text))
    assert not found.is_computed
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in found.values.items()}
    assert (head.values, head.lines, head.docstring) == (values, found.lines, found.docstring)


@pytest.mark.parametrize(
    "text",
    [
        '"""add\n\nRevision ID: a\n"""\nfrom typing import Sequence, Union\n\n'
        "from alembic import op\nimport sqlalchemy as sa\n\n\n# identifiers\n"
        "revision: str = 'a'\ndown_revision: Union[str, Sequence[str], None] = ('b', 'c')\n"
        "branch_labels: Union[str, Sequence[str], None] = None\n"
        "depends_on: Union[str, Sequence[str], None] = None\n\n\n"
        "def upgrade() -> None:\n    pass\n",
        "revision = 'a'\ndown_revision = None\n",
    ],
)
def test_what_templates_write_needs_no_syntax_tree(text: str) -> None:
    assert read_head(text) is not None
