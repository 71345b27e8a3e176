"""A large file is looked at in short, and comes to the same as when it is looked at whole."""

from __future__ import annotations

import ast
import itertools
import random
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from limbeck import op
from limbeck.project.plain_file import is_plain
from limbeck.project.shortened import PURE_CONSTANT, PURE_STATEMENT, shortened
from limbeck.runtime.resent.purity import is_pure_statement, is_pure_value

_NAMES: dict[str, Any] = {"sa": sa, "op": op, "postgresql": postgresql, "NAME": "t"}
_pure = partial(is_pure_value, names=_NAMES)
_pure_statement = partial(is_pure_statement, names=_NAMES)

_FILE = '''"""words

Revises: nothing's
"""
from typing import Sequence, Union
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


revision: str = 'r1'
down_revision: Union[str, Sequence[str], None] = ('a', "b")
branch_labels = None


def upgrade() -> None:
    """It's "all"."""
    # ### commands auto generated - don't adjust! ###
    op.create_table('a',
    sa.Column('id', sa.Integer(), nullable=False), # the "key"
    sa.Column('name', sa.String(length=20), server_default=sa.text("'it''s'"), nullable=True),
    sa.Column('rate', sa.Numeric(precision=12, scale=2), server_default='\\'0', nullable=False),
    sa.Column('kind', sa.Enum('x', 'y', name='kind')),
    sa.Column('tags', postgresql.ARRAY(sa.String(length=3)), nullable=True),
    sa.CheckConstraint('rate >= 0 # no', name=op.f('ck')),
    sa.ForeignKeyConstraint(['id'], ['b.id'], name='fk'),
    sa.PrimaryKeyConstraint('id'),
    info={'a': [1, (2, 3)], 'b': {}},
    comment="""long
    words""",
    )
    op.create_index('ix', 'a', ['name', sa.text('lower(name)')], unique=False)
    op.execute("""
        CREATE VIEW v AS SELECT '#', "x" FROM a
    """)
    op.alter_column('a', 'rate', type_=sa.Float, existing_type=sa.Numeric())
    # ### end ###


def downgrade() -> None:
    op.drop_index('ix', table_name='a')
    if True:
        op.drop_table("a")
'''

_MORE = (
    *("'", '"', '"""', "#", "\\", "\n", "\n    ", "\n        ", "(", ")", "[", "]", "{", "}", ", "),
    *(".", "=", ":", ";", " ", "-", "*", "NAME", "print()", "x", "if ", " else ", "lambda: ", "r"),
    *("f", "b", "f''", "op.", "sa.", "op.drop_table('c')", "sa.Integer()", "()", " ('x')", "['y']"),
    *("not ", "del ", "await ", "x = ", "@sa.text('x')\n", "def f(): pass\n", "1", "0x1f", "\f"),
    *("'a' 'b'", "op.f('c')", "(yield)", "sa.func.now()", "\r", "\t", "%", "/", "(*x)", "{**x}"),
)


class _Canonical(ast.NodeTransformer):
    """A syntax tree with one name for whatever is pure, and one for a row of such statements."""

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.expr) and _pure(node):
            return ast.Name("pure")
        if isinstance(node, ast.Expr) and _pure_statement(node):
            return ast.copy_location(ast.Expr(ast.Name("pure")), node)
        found = self.generic_visit(node)
        for name, statements in ast.iter_fields(found):
            if isinstance(statements, list):
                rows = [list(each) for _, each in itertools.groupby(statements, _is_done)]
                kept = [each[:1] if _is_done(each[0]) else each for each in rows]
                setattr(found, name, [each for row in kept for each in row])
        return found


def _is_done(node: Any) -> bool:
    value = getattr(node, "value", None)
    return isinstance(node, ast.Expr) and isinstance(value, ast.Name) and value.id == "pure"


def _canonical(tree: ast.Module) -> list[Any]:
    made = _Canonical().visit(tree)
    lines = [each.lineno for each in ast.walk(made) if hasattr(each, "lineno")]
    return [lines, ast.dump(made)]


def _is_all_pure(tree: ast.Module) -> bool:
    return all(
        all(map(_pure_statement, each.body))
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
    )


def _short(source: str) -> ast.Module | None:
    text = shortened(source, _pure, _pure_statement)
    try:
        return None if text is None else ast.parse(text)
    except SyntaxError:
        return None


def test_what_is_generated_becomes_a_row_of_words() -> None:
    text = shortened(_FILE, _pure, _pure_statement)
    assert text is not None
    head, body = text.split("def upgrade() -> None:\n")
    body, down = body.split("def downgrade() -> None:\n")
    assert PURE_CONSTANT in head
    assert body.split() == ["''", PURE_STATEMENT]
    assert down.split() == [PURE_STATEMENT, "if", "True:", PURE_STATEMENT]
    tree = _short(_FILE)
    assert tree is not None
    assert is_plain(tree)
    assert _canonical(tree) == _canonical(ast.parse(_FILE))


@pytest.mark.parametrize("seed", range(5))
def test_structure_and_lines_are_the_same(seed: int) -> None:
    """Of files that were changed at random, and are Python still."""
    draw = random.Random(seed)
    compared = 0
    for _ in range(1200):
        source = _FILE
        for _ in range(draw.choice((1, 1, 2, 3))):
            place = draw.randrange(len(source))
            end = place + draw.choice((0, 0, 1, 1, 2, 5, 30))
            source = source[:place] + draw.choice(("", *_MORE)) + source[end:]
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        short = _short(source)
        if short is None:
            continue
        compared += 1
        assert not is_plain(short) or is_plain(tree), source
        assert not _is_all_pure(short) or _is_all_pure(tree), source
        assert _canonical(short) == _canonical(tree), source
    assert compared > 100


@pytest.mark.parametrize(
    "text",
    [
        "x = f'{1}'",
        "x = rf'{1}'",
        "def f():\n    x = F\"{'#'}\"",
        "x = 1\r\n",
        "x = 1 # \ry = 2",
    ],
)
def test_what_is_not_certain_is_looked_at_whole(text: str) -> None:
    assert shortened(text, _pure, _pure_statement) is None


@pytest.mark.parametrize(
    "text",
    [
        "x = sa.Integer()",
        "x = (sa.Integer)",
        "x = [sa.Integer()]",
        "x: sa.text('a') = 1",
        "def f(x: sa.text('a')): pass",
        "def f(x=('a',)): pass",
        "() = ()",
        "x = op.drop_table('t')",
        "op.drop_table('t')",
        "print('x')",
        "x = ('a', print())",
    ],
)
def test_a_file_that_does_something_is_not_plain_in_short_either(text: str) -> None:
    short = _short(text)
    assert short is not None
    assert not is_plain(ast.parse(text))
    assert not is_plain(short)


@pytest.mark.parametrize(
    "body",
    [
        "print('x')",
        "print (\n    op.drop_table('a')\n    )",
        "op.execute(\n    op.drop_table('a')\n    )",
        "x = \\\n    op.drop_table('a')",
        "op.drop_table('a'); print()",
        "op.drop_table('a') if NAME else None",
        "op.drop_table(NAME)",
        "op.drop_table('a' + 'b')",
        "op.execute('%s' % 'a')",
        "op.execute('a'.upper())",
        "op.execute(sa.text('a').bindparams())",
        "op.create_table('a', *[sa.Column('b', sa.Integer())])",
        "op.create_table('a', sa.Column('b', sa.Integer(), default=lambda: 3))",
        "op.create_table('a', sa.Column('b', sa.Integer(), info={'c': print()}))",
        "op.create_table('a', sa.Column('b', -sa.Integer()))",
        "op.create_table('a', sa.Column('b', sa.Integer()).copy())",
        "op.create_index('i', 'a', ['b'][0])",
        "op.create_index('i', 'a', [x for x in ('b',)])",
        "op.get_bind()",
        "sa.Integer()",
        "('a', 'b')",
        "if True:\n        op.drop_table('a')",
    ],
)
def test_what_is_not_pure_is_not_so_in_short_either(body: str) -> None:
    source = f"def upgrade():\n    op.drop_table('z')\n    {body}\n"
    trees = [ast.parse(source), _short(source)]
    for tree in trees:
        assert tree is None or not _is_all_pure(tree)  # without one it is looked at whole
