"""What was compiled of a revision file is believed for its very source, and for nothing else."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import traceback
from pathlib import Path

import pytest

from limbeck.project import compiled
from limbeck.project.loading import load_module


@pytest.fixture(autouse=True)
def _writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are compiled."""
    found: list[str] = []

    def counted(source: bytes, *rest: object, **more: object) -> object:
        found.append(source.decode())
        return compile(source, *rest, **more)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(compiled, "compile", counted, raising=False)
    return found


def load(path: Path) -> object:
    return load_module(path, keeps_compiled=True).x


def kept(path: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(path)))


def test_a_source_is_compiled_once(tmp_path: Path, compilations: list[str]) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    assert [load(path), load(path)] == [1, 1]
    assert compilations == ["x = 1\n"]


def test_a_source_is_compiled_before_it_is_loaded(
    tmp_path: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other, wrong = tmp_path / "a.py", tmp_path / "b.py", tmp_path / "c.py"
    path.write_text("x = 1\n")
    compiled.keep_compiled(str(path))
    assert load(path) == 1
    assert compilations == ["x = 1\n"]
    wrong.write_text("x =\n")
    compiled.keep_compiled(str(wrong))
    compiled.keep_compiled(str(tmp_path / "missing.py"))
    with pytest.raises(SyntaxError):
        load(wrong)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    other.write_text("x = 2\n")
    compiled.keep_compiled(str(other))
    assert "x = 2\n" not in compilations  # or it would be compiled twice


def test_an_edit_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    for number in (1, 2):
        path.write_text(f"x = {number}\n")
        os.utime(path, (1_600_000_000, 1_600_000_000))
        assert load(path) == number


def test_python_itself_reads_what_was_kept_and_sees_an_edit(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    load(path)
    before = kept(path).read_bytes()

    def by_python() -> object:
        spec = importlib.util.spec_from_file_location("a_py", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.x

    assert by_python() == 1
    assert kept(path).read_bytes() == before
    path.write_text("x = 2\n")
    assert by_python() == 2
    assert load(path) == 2


@pytest.mark.parametrize("damage", [b"", b"odd", b"\0" * 40])
def test_what_is_damaged_is_made_again(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    load(path)
    whole = kept(path).read_bytes()
    kept(path).write_bytes(whole[:16] + damage)
    assert load(path) == 1
    assert kept(path).read_bytes() == whole


def test_an_error_names_the_file_where_it_is_now(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    (before / "a.py").write_text("def x():\n    raise ValueError\n")
    load(before / "a.py")
    shutil.move(before, after)
    with pytest.raises(ValueError) as caught:
        load(after / "a.py")()  # type: ignore[operator]  # it is a function
    assert traceback.extract_tb(caught.value.__traceback__)[-1].filename == str(after / "a.py")


def test_nothing_is_written_where_that_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert load(path) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_who_may_not_read_the_source_may_not_read_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    path.chmod(0o600)
    load(path)
    assert kept(path).stat().st_mode & 0o777 == 0o600
