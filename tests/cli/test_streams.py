"""Results on stdout, talk on stderr, colour for eyes only, and documented exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project

LIMBECK = str(Path(sys.executable).with_name("limbeck"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two revisions."""
    project = Project(tmp_path, anew=True)
    project.models(BEFORE)
    project.settings()
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111")
    return project


def test_results_and_talk_are_apart(project: Project) -> None:
    answer = project.run("upgrade", "head", "-v")
    assert answer.code == 0
    assert answer.stdout == ""
    assert "upgrade  aaaa1111 begins" in answer.stderr
    assert "upgrade  aaaa1111" in answer.stderr
    assert "upgrade  bbbb2222" in answer.stderr
    assert project.run("current").stdout == "bbbb2222 (head)\n"
    assert "Nothing to do" in project.run("upgrade", "head").stderr


def test_quiet_keeps_all_but_errors_back(project: Project) -> None:
    answer = project.run("-q", "upgrade", "head")
    assert (answer.code, answer.stdout, answer.stderr) == (0, "", "")
    answer = project.run("-q", "upgrade", "nothing_like_it")
    assert answer.code == 8
    assert answer.stderr.startswith("error: ")


def test_pipes_get_no_colours(project: Project) -> None:
    for words in (["nope"], ["history"], []):
        answer = project.run(*words)
        assert "\x1b" not in answer.stdout + answer.stderr
    assert "\x1b[31merror:\x1b[0m" in project.run("--color", "always", "history", "-r", "x").stderr


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_terminals_get_colours(
    project: Project, environment: dict[str, str], coloured: bool
) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    main, terminal = pty.openpty()
    done = subprocess.run(
        [LIMBECK, "history", "-r", "x"],
        cwd=project.folder,
        env={**kept, "TERM": "xterm", **environment},
        stderr=terminal,
        stdout=terminal,
        check=False,
    )
    os.close(terminal)
    shown = os.read(main, 10_000).decode()
    os.close(main)
    assert done.returncode == 2
    assert ("\x1b[31merror:" in shown) is coloured
    assert "error:" in shown


def test_utf8_even_where_the_locale_is_ascii(project: Project) -> None:
    path = project.folder / "migrations/versions/bbbb2222.py"
    text = path.read_text(encoding="utf-8").replace('"""bbbb2222"""', '"""Größe ändern"""')
    path.write_text(text, encoding="utf-8")
    answer = project.run("history", LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.code == 0
    assert "Größe ändern" in answer.stdout


def test_closed_pipe_is_silent(project: Project) -> None:
    for number in range(400):
        down = f"c{number - 1:07}" if number else "bbbb2222"
        project.revision(f"c{number:07}", down)
    done = subprocess.run(
        f"'{LIMBECK}' history -v | head -1",
        shell=True,
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Rev: c0000399 (head)")
    assert done.stderr == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_have_their_codes(project: Project, number: signal.Signals, code: int) -> None:
    project.revision(
        "cccc3333",
        "bbbb2222",
        "op.create_table('t', sa.Column('id', sa.Integer)); "
        "__import__('pathlib').Path('began').touch(); __import__('time').sleep(60)",
    )
    path = project.folder / "migrations/versions/cccc3333.py"
    path.write_text("import sqlalchemy as sa\n" + path.read_text(encoding="utf-8"))
    process = subprocess.Popen(
        [LIMBECK, "upgrade", "head"],
        cwd=project.folder,
        env={**os.environ, **project.environment},
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background of a shell has SIGINT ignored, and so would it.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while not (project.folder / "began").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert project.run("current").stdout == "bbbb2222\n"


def test_debug_shows_the_traceback(project: Project) -> None:
    answer = project.run("upgrade", "nope", "--debug")
    assert answer.code == 8
    assert "Traceback (most recent call last)" in answer.stderr
    assert "error: " in answer.stderr


def test_raiseerr_lets_errors_out(project: Project) -> None:
    answer = project.run("--raiseerr", "upgrade", "nope")
    assert answer.code == 1
    assert "Traceback (most recent call last)" in answer.stderr


def test_alone_says_where_you_are(project: Project) -> None:
    answer = project.run()
    assert answer.code == 0, answer
    assert "revisions  2, head bbbb2222" in answer.stdout
    assert "current    no revision yet" in answer.stdout
    assert "next       limbeck upgrade head" in answer.stdout
    project.ok("upgrade", "aaaa1111")
    assert "pending    bbbb2222" in project.ok()
    told = json.loads(project.ok("--json"))
    assert [entry["revision"] for entry in told["databases"][0]["pending"]] == ["bbbb2222"]
    assert told["next"] == "limbeck upgrade head"


def test_alone_creates_no_database(project: Project) -> None:
    project.run()
    assert (
        not (project.folder / "test.db").exists() or not (project.folder / "test.db").read_bytes()
    )


def test_module_runs_too(project: Project) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "limbeck", "heads"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "bbbb2222 (head)\n"


def test_a_warning_is_one_line(project: Project) -> None:
    env = project.folder / "limbeck_warns.py"
    env.write_text(
        "import sys, warnings\nfrom limbeck.cli import answers\nfrom limbeck.cli.main import main\n"
        "def answer(*given):\n    warnings.warn('first\\nsecond')\n    return 0\n"
        "answers.answer = answer\nsys.exit(main(['heads']))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(env)], cwd=project.folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == "warning: first second\n"
