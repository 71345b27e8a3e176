"""The command killed at moments of a revision that holds every kind of operation.

A part of them; ``make crashes`` goes through all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import server_of
from tests.crashes.faults import Fault
from tests.crashes.servers import Databases
from tests.crashes.statements import statements_on
from tests.crashes.states import state_of
from tests.crashes.trials import Trial

PARTS = (0.2, 0.5, 0.8)
"""Where the command is killed, of all the moments that a run has."""


@pytest.fixture
def databases(database_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where fresh databases come from."""
    kind = database_name
    server = "" if kind == "sqlite" else server_of(kind, tmp_path_factory)
    yield Databases(kind, server)


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
def test_killed_and_run_again(databases: Databases, database_name: str, tmp_path: Path) -> None:
    with databases.fresh() as url:
        trial = Trial(tmp_path / "project", url, database_name.rstrip("158"))
        assert trial.run("upgrade", "r1").code == 0
        with databases.copy_of(url) as other:
            clean = trial.on(other).run("upgrade", "head")
            assert clean.code == 0, clean.output
            wanted = state_of(other)
        assert wanted.version == ("r2",)
        for part in PARTS:
            with databases.copy_of(url) as other:
                killed = trial.on(other)
                fault = Fault("kill", round(clean.moments * part))
                assert killed.run("upgrade", "head", fault=fault).code == -9
                again = killed.run("upgrade", "head")
                assert again.code == 0, again.output
                assert killed.state().differs_from(wanted) == []


@pytest.mark.databases("sqlite")
def test_sqlite_keeps_nothing_of_a_killed_revision(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh() as url:
        trial = Trial(tmp_path / "project", url, "sqlite")
        assert trial.run("upgrade", "r1").code == 0
        before = trial.state()
        moments = trial.run("upgrade", "head", fault=Fault("kill", 60))
        assert moments.code == -9
        assert trial.state().differs_from(before) == []


INDEX = {
    "plain": 'op.create_index("ix", "account", ["name"], postgresql_concurrently=True)',
    "if not exists": (
        'op.create_index("ix", "account", ["name"], postgresql_concurrently=True, '
        "if_not_exists=True)"
    ),
    "by hand": 'op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON account (name)")',
}


@pytest.mark.databases("postgresql15", "postgresql18")
@pytest.mark.parametrize("how", INDEX)
@pytest.mark.parametrize("end", ["kill", "cut"])
def test_an_index_that_was_interrupted_ends_valid(
    databases: Databases, database_name: str, tmp_path: Path, how: str, end: str
) -> None:
    with databases.fresh() as url:
        trial = Trial(tmp_path / "project", url, database_name.rstrip("158"))
        assert trial.run("upgrade", "r1").code == 0
        trial.write("r2", "r1", INDEX[how])
        with _reading(url) as holder:
            process = trial.start("upgrade", "head")
            _until(lambda: _validity(url) == [(False,)])  # it waits for the reader
            if end == "kill":
                process.kill()
            else:
                statements_on(
                    url,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE 'CREATE INDEX CONC%%' AND pid <> pg_backend_pid()".replace(
                        "%%", "%"
                    ),
                )
            process.wait(60)
            holder.rollback()
        assert process.returncode != 0
        again = trial.run("upgrade", "head")
        assert again.code == 0, again.output
        assert _validity(url) == [(True,)]
        assert trial.state().version == ("r2",)


def _reading(url: str) -> sa.Connection:
    """A transaction that has read the table, for which CREATE INDEX CONCURRENTLY waits."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    connection = engine.connect()
    connection.exec_driver_sql("LOCK TABLE account IN ROW EXCLUSIVE MODE")
    return connection


def _validity(url: str) -> list[tuple[object, ...]]:
    return statements_on(
        url, "SELECT indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid "
        "WHERE relname = 'ix'",
    )  # fmt: skip


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.1)


@pytest.mark.databases("mariadb")
def test_the_real_command_killed_in_a_statement(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh() as url:
        trial = Trial(tmp_path / "project", url, "mariadb")
        assert trial.run("upgrade", "r1").code == 0
        trial.write(
            "r2",
            "r1",
            'op.execute("UPDATE account SET balance = balance + 1")\n'
            'op.add_column("account", sa.Column("one", sa.Integer))\n'
            'op.execute("UPDATE account SET balance = balance + 1")',
        )
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as holder:
            holder.exec_driver_sql("SELECT * FROM account").all()  # whose lock the ALTER waits for
            process = trial.start("upgrade", "head")
            waits = (
                "SELECT COUNT(*) FROM information_schema.processlist "
                "WHERE info LIKE 'ALTER TABLE account ADD%'"
            )
            _until(lambda: statements_on(url, waits) == [(1,)])
            process.kill()
            process.wait(60)
            shown = trial.run("repair", "--json")
            holder.rollback()
        assert '"state": "done"' in shown.output
        again = trial.run("upgrade", "head")
        assert again.code == 0, again.output
        rows = statements_on(url, "SELECT balance, one FROM account ORDER BY id")
        assert rows == [(number + 2, None) for number in range(1, 5)]
