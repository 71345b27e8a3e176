"""What is said to be Python without parsing all of it is Python."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limbeck.project import repetitive_code
from limbeck.project.repetitive_code import is_surely_python

_TABLES = 6


@pytest.fixture(autouse=True, scope="module")
def _small_texts_too() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repetitive_code, "_LARGE", 0)
        yield


def _file(up: str, down: str) -> str:
    return f'''"""a "quoted" message

"""
from alembic import op
import sqlalchemy as sa

revision = '1'


def upgrade():
    # a comment
{up}

def downgrade() -> None:
{down}'''


def _create(number: int) -> str:
    return f"""    op.create_table(
        "table_{number}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "a_column_{number}",
            sa.Numeric(precision=12, scale=2),
            server_default="it's",
        ),
        sa.PrimaryKeyConstraint("id", name="table_{number}_pkey"),
        schema="x",
    )
    op.create_index(op.f("ix_{number}"), "table_{number}", ["id"])
"""


def _classic(number: int) -> str:
    return f"""    op.create_table('table_{number}',
    sa.Column('id', sa.Integer(), server_default=sa.text("'a'"), nullable=False),
    sa.PrimaryKeyConstraint('id', name='table_{number}_pkey')
    )
"""


def _drop(number: int) -> str:
    return f"    # loses data: the table table_{number}\n    op.drop_table('table_{number}')\n"


_USUAL = _file("".join(map(_create, range(_TABLES))), "".join(map(_drop, range(_TABLES))))
_OLD = _file("".join(map(_classic, range(_TABLES))), "".join(map(_drop, range(_TABLES))))
_MIXED = _file(
    _create(0)
    + _classic(1)
    + '''    op.execute("""
    select 'of several lines'
    """)
    op.execute(r"\\d", b"a", f"{x}", "it\\'s")  # a remark
    with op.batch_alter_table("x") as batch_op:
        batch_op.drop_column("a")

        batch_op.drop_column(
            "b",
        )
    if x:
        pass
    else:
        y()
''',
    _drop(0) + "    for one in x:\n        y(one)\n",
)


def test_what_is_usual_is_certain() -> None:
    assert is_surely_python(_USUAL)


@pytest.mark.parametrize(
    "code",
    [
        "    op.f(\n        x,\n        y=1,\n        z,\n    )\n",  # x after y=1
        "    op.f(\n        x\n        y,\n        z,\n    )\n",
        "    op.f(\n        x,\n      ),\n        op.g(y,\n    )\n",  # a ) too early
        "    op.f(\n        x for x in y,\n        z,\n    )\n",
        "    del(\n        f(),\n        x,\n    )\n",
        "    op.f(b'é')\n",
        "    op.f('''a'b''')\n    op.f('')''')\n",
        "    op.f(f'{')\n",
        "    op.f('a\\')\n",
        "    op.f('a\rb')\n",
        "    op.f('a\0b')\n",
        "    op.f('\ud800')\n",
        "    else:\n        x\n",
        "    @x\n",
        "    op.f(\n",
        "    )\n",
        "        op.f()\n",
        '    x = """\n    y\n',
    ],
)
def test_what_is_no_python_is_not_certain(code: str) -> None:
    text = _file(_create(1) + code + _create(2), _drop(1))
    with pytest.raises((SyntaxError, ValueError)):
        ast.parse(text)
    assert not is_surely_python(text)


def test_statements_are_certain_only_where_a_statement_can_be() -> None:
    quotes = '"""'
    within = _USUAL.replace("message\n", "message\n\n    x = 'of a docstring'\n", 1)
    assert ast.parse(within)
    assert not is_surely_python(within)
    text = _USUAL.replace("message\n", f"message\n\n    x = {quotes}a{quotes}\n", 1)
    with pytest.raises(SyntaxError):
        ast.parse(text)
    assert not is_surely_python(text)


_SIGNS = ['"', "'", '"""', "'''", "#", "\\", *"()[]{}=,:;@*_\t\n\f", "\n    ", "\n        "]
_WORDS = ['f"', "b'é'", "x=1", "*a", "x for x in y", "else:", "del", "class A:\n", "    @d\n", '""']
_FRAGMENTS = st.sampled_from([*_SIGNS, *_WORDS])
_PLACE = st.integers(0, len(_USUAL))


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([_USUAL, _OLD, _MIXED]),
    st.lists(st.tuples(_PLACE, st.integers(0, 9), _FRAGMENTS), min_size=1, max_size=3),
)
def test_what_is_certain_can_be_parsed(text: str, edits: list[tuple[int, int, str]]) -> None:
    for place, length, fragment in edits:
        text = text[:place] + fragment + text[place + length :]
    if is_surely_python(text):
        ast.parse(text)
