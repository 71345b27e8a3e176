"""A person at a terminal is asked; everybody else gets the option to type."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project

LIMBECK = str(Path(sys.executable).with_name("limbeck"))


@pytest.mark.parametrize(
    ("typed", "models"),
    [
        (b"2\n", 'models = "two:Base.metadata"'),
        (b"nine\n7\n1\n", 'models = "one:Base.metadata"'),
        (b"1, 2\n", 'models = ["one:Base.metadata", "two:Base.metadata"]'),
    ],
)
def test_asks_which_models_are_meant(tmp_path: Path, typed: bytes, models: str) -> None:
    project = Project(tmp_path)
    project.write("one.py", BEFORE)
    project.write("two.py", BEFORE.replace("customer", "supplier"))
    main, terminal = pty.openpty()
    os.write(main, typed)
    done = subprocess.run(
        [LIMBECK, "init"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        timeout=300,  # a machine may be slow
        check=False,
    )
    os.close(terminal)
    os.close(main)
    assert done.returncode == 0
    assert models in (tmp_path / "limbeck.toml").read_text(encoding="utf-8")


def test_asks_nobody_in_a_pipe(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("one.py", BEFORE)
    project.write("two.py", BEFORE.replace("customer", "supplier"))
    answer = project.run("init")
    assert answer.code == 3
    assert "hint: `limbeck init --models one:Base.metadata`" in answer.stderr
    assert not (tmp_path / "limbeck.toml").exists()
    project.ok("init", "--models", "one:Base.metadata", "--models", "two:Base.metadata")
    assert "models = [" in (tmp_path / "limbeck.toml").read_text(encoding="utf-8")


def test_asks_nobody_where_stdin_is_closed(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("one.py", BEFORE)
    project.write("two.py", BEFORE.replace("customer", "supplier"))
    done = subprocess.run(
        f"'{LIMBECK}' init <&-",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
