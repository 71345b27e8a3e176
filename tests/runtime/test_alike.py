"""Files that are alike are looked at once, and no file is taken for another one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from limbeck.runtime.resent import alike
from limbeck.runtime.resent.alike import Alike
from limbeck.runtime.resent.purity import is_plain_and_pure
from limbeck.script.script import Script

PURE = 'op.add_column("{0}", sa.Column("{0}", sa.String(40), server_default="{0}"))'


def script(folder: Path, name: str, body: str, head: str = "") -> tuple[Script, str]:
    path = folder / f"{name}.py"
    source = (
        f'"""{name}\n\n"""\nimport sqlalchemy as sa\nfrom alembic import op\n{head}\n'
        f"revision = {name!r}\ndown_revision = None\n\n\ndef upgrade():\n    {body}\n"
    )
    path.write_text(source, encoding="utf-8")
    return Script(None, name, path), source


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were looked at as a whole."""
    found: list[str] = []

    def watched(revision: Script, source: str) -> bool:
        found.append(source)
        return is_plain_and_pure(revision, source)

    monkeypatch.setattr(alike, "is_plain_and_pure", watched)
    return found


def test_files_that_differ_in_literals_are_looked_at_once(
    tmp_path: Path, parsed: list[str]
) -> None:
    known = Alike()
    for name in ("aa", "bb", "cc"):
        assert known.says_all(*script(tmp_path, name, PURE.format(name)))
    assert len(parsed) == 1


def test_what_is_no_pure_revision_is_none_the_second_time_either(
    tmp_path: Path, parsed: list[str]
) -> None:
    known = Alike()
    for name in ("aa", "bb"):
        assert not known.says_all(*script(tmp_path, name, f'print("{name}")'))
    assert len(parsed) == 1


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ('op.add_column("t", sa.Column("t", sa.String(len("x")), server_default="t"))', ""),
        (PURE.format("t"), "import os"),
        (PURE.format("t"), "print()"),
        ('op.add_column("t", sa.Column("t", sa.String(40), server_default=f"t"))', ""),
    ],
)
def test_another_shape_is_looked_at_by_itself(tmp_path: Path, body: str, head: str) -> None:
    known = Alike()
    assert known.says_all(*script(tmp_path, "aa", PURE.format("aa")))
    assert not known.says_all(*script(tmp_path, "bb", body, head))
    assert known.says_all(*script(tmp_path, "cc", PURE.format("cc")))


@pytest.mark.parametrize("name", ["op", "sa"])
def test_names_that_stand_for_something_else(tmp_path: Path, name: str) -> None:
    known = Alike()
    assert known.says_all(*script(tmp_path, "aa", PURE.format("aa")))
    changed, source = script(tmp_path, "bb", PURE.format("bb"))
    vars(changed.module)[name] = ast
    assert not known.says_all(changed, source)


def test_a_function_that_was_put_in_the_place_of_the_files_own(tmp_path: Path) -> None:
    known = Alike()
    assert known.says_all(*script(tmp_path, "aa", PURE.format("aa")))
    changed, source = script(tmp_path, "bb", PURE.format("bb"))
    vars(changed.module)["upgrade"] = lambda: None
    assert not known.says_all(changed, source)
    taking, source = script(tmp_path, "cc", PURE.format("cc"))
    exec("def upgrade(x=1): pass", vars(taking.module))
    assert not known.says_all(taking, source)
