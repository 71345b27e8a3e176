"""What is told while a fleet is on its way: a line for each database, and a count at a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess

import pytest

from tests.cli.test_signals import LIMBECK
from tests.fleet.tenants import NAMES, Tenants, environment

_TAKEN_BACK = "\r\x1b[K"
_SECONDS = re.compile(r"\(\d+\.\d\d s\)")


@pytest.fixture
def fleet(files: Tenants) -> Tenants:
    """One with nothing to do, one with a part of it, and one that will fail."""
    files.json("upgrade", "head", "--tenant", NAMES[0])
    files.json("upgrade", "r2", "--tenant", NAMES[1])
    files.execute(NAMES[3], "CREATE TABLE visit (id INTEGER)")
    return files


_LINES = [
    "[2/6] tenant_2: 1 revision, at r3 (S)\n",
    "[3/6] tenant_3: 3 revisions, at r3 (S)\n",
    "[4/6] tenant_4: failed: revision r2 failed: table visit already exists (S)\n",
    "[5/6] tenant_5: 3 revisions, at r3 (S)\n",
    "[6/6] tenant_6: 3 revisions, at r3 (S)\n",
]
_COUNTS = [
    *("1 of 6 databases", "2 of 6 databases", "3 of 6 databases"),
    *("4 of 6 databases, 1 failed", "5 of 6 databases, 1 failed"),
]
_END = "error: tenant_4: revision r2 failed: table visit already exists\n"


def test_a_line_for_each_that_was_changed_or_failed(fleet: Tenants) -> None:
    answer = fleet.run("upgrade", "head")
    assert answer.code == 13
    told = _SECONDS.sub("(S)", answer.stderr)
    assert told.startswith("".join([*_LINES, _END]))
    assert "\r" not in told  # nobody looks, so nothing is counted
    assert answer.stdout.startswith("6 databases: 4 done, 1 with nothing to do, 1 failed\n")


def test_the_count_at_a_terminal_gives_way_to_each_line(fleet: Tenants) -> None:
    code, stdout, shown = _at_a_terminal(fleet, "upgrade", "head")
    assert code == 13
    assert stdout.startswith("6 databases: 4 done, 1 with nothing to do, 1 failed\n")
    expected = ["0 of 6 databases"]
    for count, line in zip(_COUNTS, _LINES, strict=True):
        expected += [count, line]
    assert _SECONDS.sub("(S)", shown).startswith(
        "".join(f"{_TAKEN_BACK}{each}" for each in [*expected, _END])
    )


def test_quiet_tells_nothing_but_what_went_wrong(fleet: Tenants) -> None:
    rest = [word for name in NAMES[:3] for word in ("--tenant", name)]
    assert _at_a_terminal(fleet, "-q", "upgrade", "head", *rest) == (0, "", "")
    code, stdout, shown = _at_a_terminal(fleet, "-q", "upgrade", "head")
    assert (code, stdout) == (13, "")
    assert shown.startswith(_END)


@pytest.mark.parametrize("words", [("current",), ("upgrade", "head")])
def test_json_is_all_that_is_told(fleet: Tenants, words: tuple[str, ...]) -> None:
    code, stdout, shown = _at_a_terminal(fleet, *words, "--json")
    assert code == (13 if "upgrade" in words else 0)
    assert json.loads(stdout)["total"] == 6
    assert shown == ""


def test_whom_it_waits_for_is_told_with_the_name_of_the_database(files: Tenants) -> None:
    with files.held(NAMES[1]):
        answer = files.run("upgrade", "head", "--lock-wait", "0.2", "--tenant", NAMES[1])
    assert answer.code == 13
    assert re.match(r"tenant_2: .*, waiting up to 0\.2 s", answer.stderr)


def _at_a_terminal(fleet: Tenants, *words: str) -> tuple[int, str, str]:
    """Run a command whose stderr a person sees: its code, its stdout, and what is seen."""
    main, terminal = pty.openpty()
    done = subprocess.run(
        [LIMBECK, *words, *fleet.source],
        cwd=fleet.project.folder,
        env={**environment(fleet.project), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        timeout=120,
        check=False,
    )
    os.write(terminal, b"\0")  # the end, so that reading has one
    os.close(terminal)
    shown = b""
    while not shown.endswith(b"\0"):
        shown += os.read(main, 100_000)
    os.close(main)
    return done.returncode, done.stdout, shown.decode().rstrip("\0").replace("\r\n", "\n")
