"""SIGINT and SIGTERM end a migration cleanly, cancel its statement on the server, and say so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.database.interruption import cancellable, signals_handled
from tests.cli.project import BEFORE, Project

LIMBECK = str(Path(sys.executable).with_name("limbeck"))
_COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
SLOW = {
    "sqlite": _COUNT,
    "postgresql": "SELECT pg_sleep(97)",
    "mysql": "INSERT INTO slow SELECT SLEEP(97)",
    "mariadb": "INSERT INTO slow SELECT SLEEP(97)",
}


@dataclass
class Run:
    """A migration that is in the middle of its second revision."""

    project: Project
    process: subprocess.Popen[str]

    def end(self, *numbers: signal.Signals) -> str:
        """Send signals, and give what was told."""
        for number in numbers:
            self.process.send_signal(number)
            time.sleep(0.2)
        _, told = self.process.communicate(timeout=60)
        return told


def _begun(folder: Path, url: str, body: str, *options: str) -> Run:
    project = Project(folder / "project")
    project.models(BEFORE)
    project.settings(url)
    project.revision("aaaa1111", None)
    project.revision(
        "bbbb2222",
        "aaaa1111",
        "__import__('limbeck').op.create_table('slow', __import__('sqlalchemy').Column("
        "'id', __import__('sqlalchemy').Integer))\n"
        f"    __import__('pathlib').Path('began').touch()\n    {body}",
    )
    process = subprocess.Popen(
        [LIMBECK, *options, "upgrade", "head"],
        cwd=project.folder,
        env={**os.environ, **project.environment, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=as_in_a_terminal,
    )
    deadline = time.monotonic() + 60
    while not (project.folder / "began").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # into the statement
    return Run(project, process)


def as_in_a_terminal() -> None:
    # whoever runs the tests in the background of a shell has SIGINT ignored, and so would these
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _execute(url: str) -> str:
    return f"op.execute({SLOW[sa.make_url(url).get_backend_name()]!r})"


def _is_kind(run: Run, told: str, code: int) -> None:
    assert run.process.returncode == code, told
    assert "Traceback" not in told
    assert len(told.splitlines()) <= 12
    assert run.project.run("current").stdout == "aaaa1111\n"


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_statement_is_cancelled(
    tmp_path: Path, database_url: str, engine: sa.Engine, number: signal.Signals, code: int
) -> None:
    run = _begun(tmp_path, database_url, _execute(database_url))
    told = run.end(number)
    _is_kind(run, told, code)
    assert "error: interrupted" in told if code == 130 else "error: terminated" in told
    assert "revision bbbb2222 was under way" in told
    assert _sleeping(engine) == 0
    # MariaDB has committed the table already
    lasts = engine.dialect.name in ("mysql", "mariadb")
    assert sa.inspect(engine).has_table("slow") is lasts
    assert ("run the same command" in told) is lasts
    assert _last_row(engine)[:2] == ("bbbb2222", "interrupted")
    assert _last_row(engine)[2].startswith(number.name)
    assert run.project.run("history", "--verify").code == 0


def _last_row(engine: sa.Engine) -> tuple[str, ...]:
    query = "SELECT revision, outcome, error FROM limbeck_history ORDER BY number DESC LIMIT 1"
    with engine.connect() as connection:
        return tuple(connection.exec_driver_sql(query).one())


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
def test_a_history_that_is_locked_holds_nobody_up(
    tmp_path: Path, database_url: str, engine: sa.Engine
) -> None:
    lock = {
        "sqlite": "BEGIN IMMEDIATE",
        "postgresql": "LOCK TABLE limbeck_history",
        "mariadb": "LOCK TABLES limbeck_history WRITE",
    }[engine.dialect.name]
    # the revision gives its own lock up, so that somebody else can lock what it has not written
    run = _begun(tmp_path, database_url, "op.get_bind().commit(); __import__('time').sleep(97)")
    with engine.connect() as connection:
        connection.exec_driver_sql(lock)
        begun = time.monotonic()
        told = run.end(signal.SIGINT)
        connection.exec_driver_sql("UNLOCK TABLES" if "TABLES" in lock else "ROLLBACK")
    assert time.monotonic() - begun < 30
    assert run.process.returncode == 130, told
    assert "bbbb2222 was under way" in told
    assert _last_row(engine)[:2] == ("aaaa1111", "done")


@pytest.mark.databases("postgresql15")
def test_a_statement_of_asyncpg_is_cancelled(
    tmp_path: Path, database_url: str, engine: sa.Engine
) -> None:
    url = sa.make_url(database_url).set(drivername="postgresql+asyncpg")
    shown = url.render_as_string(hide_password=False)
    run = _begun(tmp_path, shown, _execute(shown))
    told = run.end(signal.SIGTERM)
    _is_kind(run, told, 143)
    assert _sleeping(engine) == 0
    assert not sa.inspect(engine).has_table("slow")


@pytest.mark.databases("postgresql15", "mariadb")
def test_an_error_that_the_revision_keeps_for_itself(tmp_path: Path, database_url: str) -> None:
    slow = f"try: {_execute(database_url)}\n    except Exception: __import__('time').sleep(97)"
    run = _begun(tmp_path, database_url, slow)
    _is_kind(run, run.end(signal.SIGINT), 130)


@pytest.mark.databases("sqlite")
def test_a_second_signal_ends_at_once(tmp_path: Path, database_url: str) -> None:
    body = "try: __import__('time').sleep(97)\n    finally: __import__('time').sleep(97)"
    run = _begun(tmp_path, database_url, body)
    _is_kind(run, run.end(signal.SIGINT, signal.SIGINT), 130)


@pytest.mark.databases("sqlite")
def test_programs_are_told_too(tmp_path: Path, database_url: str) -> None:
    run = _begun(tmp_path, database_url, "__import__('time').sleep(97)", "--json")
    run.process.send_signal(signal.SIGTERM)
    stdout, _ = run.process.communicate(timeout=60)
    assert '"exit_code": 143' in stdout
    assert "bbbb2222 was under way" in stdout


def test_a_library_touches_no_signal(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    with engine.connect() as connection, cancellable(connection):
        after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        assert "limbeck-signals" not in [thread.name for thread in threading.enumerate()]
    assert after == before


def test_another_thread_touches_no_signal() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    after = []

    def look() -> None:
        with signals_handled():
            after.extend(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert after == before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_handled():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)


def _sleeping(engine: sa.Engine) -> int:
    """How many statements that sleep run on the server, a second later at most."""
    queries = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' "
        "AND query LIKE '%pg_sleep(97)%' AND pid <> pg_backend_pid() "
        "AND datname = current_database()",
        "mysql": "SELECT count(*) FROM information_schema.processlist WHERE info LIKE "
        "'INSERT INTO slow%' AND db = database()",
    }
    name = "mysql" if engine.dialect.name == "mariadb" else engine.dialect.name
    if name not in queries:
        return 0
    count = 1
    with engine.connect() as connection:
        for _ in range(10):
            count = connection.execute(sa.text(queries[name])).scalar_one()
            connection.rollback()
            if not count:
                return 0
            time.sleep(0.1)
    return count
