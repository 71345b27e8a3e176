"""The statements into which a file is taken apart are those that Python finds in it."""

from __future__ import annotations

import ast
import warnings
from random import Random

import pytest

from limbeck.project.upgrade_text import upgrade_text, with_literals
from tests.foretold.bodies import body

_HEAD = '"""a revision"""\nfrom limbeck import op\nimport sqlalchemy as sa\n\nrevision = "r1"\n\n\n'


def of_python(source: str) -> list[str]:
    """What ``upgrade()`` does, as syntax trees."""
    (function,) = (
        each
        for each in ast.parse(source).body
        if isinstance(each, ast.FunctionDef) and each.name == "upgrade"
    )
    return [ast.dump(each) for each in function.body]


def of_text(source: str) -> list[str] | None:
    text = upgrade_text(source)
    if text is None:
        return None
    said = (with_literals(each.shape, each.literals) for each in text.upgrade)
    return [ast.dump(each) for one in said for each in ast.parse(one).body]


def test_it_is_what_python_finds_whatever_was_seen_before() -> None:
    """Files of a shape are looked at once, and then differ in their literals."""
    lots, count = Random(3), 0
    for number in range(400):
        said = body(lots)
        for name in (f"a{number}", f"b{number}"):
            source = (
                f'{_HEAD}down_revision = "{name}"  # {name}\n\n\ndef upgrade():\n    """{name}"""\n'
                f'    {said}\n    op.drop_table("{name}")\n\n\ndef downgrade():\n'
                f'    op.drop_index("{name}")\n'
            )
            found = of_text(source)
            count += found is not None
            assert found in (None, of_python(source)), source
    assert count > 400


@pytest.mark.parametrize(
    "said",
    [
        'op.drop_table(f"a")',
        'op.drop_table(rf"a")',
        'op.drop_table(Fr"a{1}")',
        'op.execute(\'it is f"a"\'); op.drop_table(f"b")',
        'op.drop_table("a" f"b")',
        'op.drop_table(b"a")',
        'op.drop_table("a""b")',
    ],
)
def test_literals_that_say_something_else_than_they_are(said: str) -> None:
    assert of_text(f"{_HEAD}def upgrade():\n    {said}\n") is None


def test_what_is_no_python_is_not_taken_apart() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for said in ("op.drop_table('a'", "op.drop_table('a'))", "op.drop_table(a b)"):
            assert of_text(f"{_HEAD}def upgrade():\n    {said}\n") is None
