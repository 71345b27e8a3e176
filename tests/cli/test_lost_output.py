"""A result that cannot be written is never a success; talk that nobody hears changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project

LIMBECK = str(Path(sys.executable).with_name("limbeck"))
CASES = [
    ("limbeck upgrade head --sql >/dev/full", 74, "No space left"),
    ("limbeck upgrade head --sql >&-", 74, "closed"),
    ("limbeck history >/dev/full", 74, "No space left"),
    ("limbeck --json history >/dev/full", 74, "No space left"),
    ("set -o pipefail; limbeck upgrade head --sql | true", 141, ""),
    ("ulimit -f 1; trap '' XFSZ; limbeck upgrade head --sql >script.sql", 74, "File too large"),
    ("limbeck heads 2>/dev/full", 0, ""),
    ("limbeck heads 2>&-", 0, ""),
    ("limbeck heads <&-", 0, ""),
    ("limbeck upgrade nope 2>/dev/full", 8, ""),
    ("limbeck upgrade nope 2>&-", 8, ""),
]


@pytest.mark.parametrize(("line", "code", "says"), CASES, ids=[line for line, _, _ in CASES])
def test_what_is_lost_is_told(tmp_path: Path, line: str, code: int, says: str) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None, f"op.execute('SELECT 1 -- {'x' * 3000}')")
    done = subprocess.run(
        ["bash", "-c", line.replace("limbeck ", f"'{LIMBECK}' ")],
        cwd=tmp_path,
        # Buffered, as it is where nobody has asked for anything else.
        env={**os.environ, **project.environment, "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert says in done.stderr
    assert len(done.stderr.splitlines()) <= 12


def test_half_a_character_is_no_script(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None, "op.execute('SELECT \\udc80')")
    answer = project.run("upgrade", "head", "--sql")
    assert answer.code == 6, answer
    assert "COMMIT" not in answer.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
def test_a_script_is_utf8_whatever_the_locale_says(tmp_path: Path, encoding: str) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None, "op.execute('SELECT \\'ü🐘\\t\\'')")
    answer = project.run_anew("upgrade", "head", "--sql", PYTHONIOENCODING=encoding, LC_ALL="C")
    assert answer.code == 0, answer
    assert "SELECT 'ü🐘\t';" in answer.stdout
