"""What ``make instructions`` lets pass, and what it does not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import instructions

_NOTED = {"heads": 1000, "current": 2000}


@pytest.fixture
def baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is noted for this Python."""
    path = tmp_path / "instructions.json"
    path.write_text(json.dumps({_version(): _NOTED}))
    monkeypatch.setattr(instructions, "_BASELINE", path)
    monkeypatch.setattr(instructions, "has_valgrind", lambda: True)
    return path


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _code(monkeypatch: pytest.MonkeyPatch, found: dict[str, int], *words: str) -> int:
    """With what it ends where so much is counted."""
    monkeypatch.setattr(instructions, "counts", lambda _: found)
    monkeypatch.setattr(sys, "argv", ["instructions", *words])
    return instructions.main()


@pytest.mark.parametrize(
    ("found", "code", "told"),
    [
        ({"heads": 1000, "current": 2000}, 0, "current"),
        ({"heads": 1090, "current": 2180}, 0, "current"),
        ({"heads": 500, "current": 1000}, 0, "current"),
        ({"heads": 1110, "current": 2000}, 1, "grown by more than a tenth"),
        ({"heads": 1000, "current": 2220}, 1, "grown by more than a tenth"),
        ({"heads": 1000, "current": 2000, "check": 1}, 1, "grown by more than a tenth"),
        ({"heads": 1000}, 1, "is noted, and was not counted"),
        ({"heads": 0, "current": 2000}, 1, "nothing was counted"),
        ({}, 1, "nothing was counted"),
    ],
)
def test_a_tenth_more_fails_and_so_does_nothing(
    baseline: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: dict[str, int],
    code: int,
    told: str,
) -> None:
    assert _code(monkeypatch, found) == code
    assert told in capsys.readouterr().out
    assert json.loads(baseline.read_text()) == {_version(): _NOTED}


def test_nothing_is_not_noted_either(baseline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _code(monkeypatch, {}, "--write") == 1
    assert json.loads(baseline.read_text()) == {_version(): _NOTED}
    assert _code(monkeypatch, {"heads": 7}, "--write") == 0
    assert json.loads(baseline.read_text()) == {_version(): {"heads": 7}}
