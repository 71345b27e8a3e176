"""Whoever waits says for whom, not for ever, and goes on where nothing is left to do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.deploying.fleet import ADVISORY_LOCKS, Fleet

LONG = 60
ON_SERVERS = ("postgresql15", "mariadb")

pytestmark = pytest.mark.databases("sqlite", *ON_SERVERS)


@pytest.fixture
def fleet(tmp_path: Path, database_url: str) -> Fleet:
    return Fleet(tmp_path, database_url)


def until(happens: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something happens."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextmanager
def deployer(fleet: Fleet) -> Iterator[subprocess.Popen[str]]:
    """A deployer in the middle of the last revision that was written."""
    begun = len(fleet.ran)
    process = fleet.start()
    try:
        until(lambda: len(fleet.ran) > begun or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_waiter_is_told_who_has_the_lock(fleet: Fleet, database_name: str) -> None:
    fleet.revision(1, f"time.sleep({LONG})")
    with deployer(fleet) as holder:
        refused = fleet.deploy(1, "upgrade", "head", "--lock-wait", "0.5")[0]
    assert refused.code == 5
    known = {
        "sqlite": f"it is pid {holder.pid} (",
        "postgresql15": f", application limbeck {os.uname().nodename}:{holder.pid}, from 127.0.0.1",
        "postgresql18": f", application limbeck {os.uname().nodename}:{holder.pid}, from 127.0.0.1",
        "mariadb": ", user limbeck from 127.0.0.1, idle for ",
    }
    assert known[database_name] in refused.stderr
    what = "another process writes to" if database_name == "sqlite" else "another deployer migrates"
    first, error, *_ = refused.stderr.splitlines()
    assert first.startswith(f"{what} this database, waiting up to 0.5 s: ")
    assert error == f"error: {what} this database; waited for 0.5 s"
    assert fleet.ran == ["r1"]


def test_without_waiting(fleet: Fleet) -> None:
    fleet.revision(1, f"time.sleep({LONG})")
    fleet.set(lock_wait="0")
    with deployer(fleet):
        refused = fleet.deploy(1)[0]
    assert refused.code == 5
    assert "waited" not in refused.stderr


def test_nothing_is_left_to_do(fleet: Fleet) -> None:
    go = fleet.folder / "go"
    fleet.revision(1, f"while not os.path.exists({str(go)!r}):\n    time.sleep(0.01)")
    fleet.revision(2, "pass")
    with deployer(fleet) as first:
        second = fleet.start()
        assert second.stderr is not None
        waiting = second.stderr.readline()
        go.touch()
        _, told = second.communicate(timeout=60)
        first.communicate(timeout=60)
        assert (first.returncode, second.returncode) == (0, 0)
    assert "this database, waiting up to 300 s" in waiting
    assert told == "another deployer has just applied 2 revisions; nothing is left to do\n"
    assert fleet.ran == ["r1", "r2"]


def test_the_successor_of_a_killed_deployer_begins_soon(fleet: Fleet) -> None:
    go = fleet.folder / "go"
    fleet.revision(1, f"if not os.path.exists({str(go)!r}):\n    time.sleep({LONG})")
    with deployer(fleet) as first:
        second = fleet.start()
        try:
            assert second.stderr is not None
            assert "waiting" in second.stderr.readline()
            time.sleep(2)  # the pauses between its attempts are as long as they get
            go.touch()
            first.send_signal(signal.SIGKILL)
            clock = time.monotonic()
            until(lambda: len(fleet.ran) == 2)
            assert time.monotonic() - clock < 2
            second.communicate(timeout=60)
            assert second.returncode == 0
        finally:
            second.kill()
            second.communicate()
    assert fleet.ask("SELECT version_num FROM alembic_version") == ["r1"]


@pytest.mark.databases("postgresql15")
def test_the_session_of_a_killed_deployer_ends_in_the_middle_of_a_statement(fleet: Fleet) -> None:
    fleet.revision(1, f'op.execute("SELECT pg_sleep({LONG})")')
    sleeping = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'"
    )
    with deployer(fleet) as process:
        until(lambda: fleet.ask(sleeping) == [1])
        process.kill()
        clock = time.monotonic()
        until(lambda: fleet.ask(ADVISORY_LOCKS) == [0])
        assert time.monotonic() - clock < 2


@pytest.mark.parametrize("words", [("stamp", "r3"), ("ensure_version",)])
def test_commands_that_run_no_revision(fleet: Fleet, words: tuple[str, ...]) -> None:
    fleet.revisions("ddl")
    assert [answer.code for answer in fleet.deploy(5, *words)] == [0] * 5
    assert fleet.ran == []
    assert fleet.ask("SELECT version_num FROM alembic_version") == list(words[1:])


def test_a_step_that_all_mean_is_taken_once(fleet: Fleet) -> None:
    fleet.revision(1, fleet.until_others_wait(3))
    fleet.revision(2, "pass", downgrade=fleet.until_others_wait(6))
    fleet.revision(3, "pass")
    assert [answer.code for answer in fleet.deploy(4, "upgrade", "+2")] == [0] * 4
    assert fleet.ran == ["r1", "r2"]
    assert [answer.code for answer in fleet.deploy(4, "downgrade", "-1")] == [0] * 4
    assert fleet.ask("SELECT version_num FROM alembic_version") == ["r1"]


@pytest.mark.databases(*ON_SERVERS)
def test_nothing_to_do_takes_no_lock(fleet: Fleet, engine: sa.Engine) -> None:
    fleet.revision(1, "pass")
    assert fleet.deploy(1)[0].code == 0
    fleet.revision(2, f"time.sleep({LONG})")
    with deployer(fleet):
        answer = fleet.deploy(1, "upgrade", "r1", "--lock-wait", "0")[0]
    assert answer.code == 0
