"""The number over what a file does is taken once for each text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from limbeck.project import known_checksums, revision_code
from limbeck.project.known_checksums import keep_checksums
from limbeck.project.revision_code import code_checksum
from limbeck.script.content import RevisionContent


@pytest.fixture(autouse=True)
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The texts of which it is taken."""
    found: list[str] = []

    def counted(source: str, *rest: Any) -> str:
        found.append(source)
        return code_checksum(source, *rest)

    monkeypatch.setattr(revision_code, "code_checksum", counted)
    monkeypatch.setattr(known_checksums._kept, "_folders", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    yield found


def of(path: Path) -> str | None:
    return RevisionContent(path.read_text(), str(path)).checksum


def next_process() -> None:
    keep_checksums()
    known_checksums._kept._folders.clear()


def test_the_next_process_knows_it(tmp_path: Path, taken: list[str]) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    first = of(path)
    next_process()
    assert of(path) == first == code_checksum("x = 1\n")
    assert taken == ["x = 1\n"]


def test_another_text_has_its_own(tmp_path: Path, taken: list[str]) -> None:
    path = tmp_path / "a.py"
    for number in (1, 2):
        path.write_text(f"x = {number}\n")
        assert of(path) == code_checksum(f"x = {number}\n")
        next_process()
    assert len(taken) == 2


def test_what_is_damaged_or_gone_is_forgotten(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(f"x = '{name}'\n")
        of(tmp_path / name)
    next_process()
    (place,) = (tmp_path / "__pycache__").iterdir()
    place.write_bytes(place.read_bytes().replace(b'"a.py": ["', b'"a.py": ["0'))
    (tmp_path / "b.py").unlink()
    assert of(tmp_path / "a.py") == code_checksum("x = 'a.py'\n")
    next_process()
    assert b'"a.py"' in place.read_bytes()
    assert b'"b.py"' not in place.read_bytes()


def test_a_text_that_is_no_python_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = =\n")
    assert of(path) is None
    keep_checksums()
    assert not (tmp_path / "__pycache__").exists()


def test_nothing_is_written_where_that_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    of(path)
    keep_checksums()
    assert not (tmp_path / "__pycache__").exists()
