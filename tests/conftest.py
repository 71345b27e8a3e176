"""Fixtures that every test may use: real servers, fresh databases, engines.

``database_url`` runs a test once for each database: SQLite, PostgreSQL 15, PostgreSQL 18 and
MariaDB. ``@pytest.mark.databases("sqlite", "mariadb")`` chooses ("postgresql" means both). A
server is started when first needed and shared by all workers of a run. An address in
``LIMBECK_TEST_POSTGRESQL15``, ``LIMBECK_TEST_POSTGRESQL18`` or ``LIMBECK_TEST_MARIADB`` is used
instead of starting one.

A database that cannot be had is a failure where ``CI`` is set, and a skip elsewhere, which the
closing lines name together with how to add it.
"""

from __future__ import annotations

import compileall
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

from limbeck.runtime.resent import purity
from tests.imported import project_forgotten
from tests.parts import VARIABLE, is_everything_asked_for
from tests.servers import Missing
from tests.servers.memory import use_quick_folder
from tests.servers.shared import address_of, stop_started

DATABASES = ("sqlite", "postgresql15", "postgresql18", "mariadb")
GROUPS = {"postgresql": ("postgresql15", "postgresql18"), "all": DATABASES}

_numbers = itertools.count(1)
_left_out: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "databases(*names): run on these databases only")
    use_quick_folder()
    # pymysql reads all certificates of the system for each connection, which takes 40 ms; the
    # servers of the tests have none.
    os.environ.setdefault("SSL_CERT_FILE", os.devnull)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile limbeck once, as installing it does.

    Where commands run without writing bytecode, so that a project's modules, which change within
    the second, are never stale, every one would compile limbeck anew, a third of its time.
    """
    if not hasattr(session.config, "workerinput"):
        for folder in ("src", "packages"):
            compileall.compile_dir(session.config.rootpath / folder, quiet=1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a database once on each that it is marked for."""
    if "database_name" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("databases")
    wanted = marker.args if marker else ("all",)
    names = [name for word in wanted for name in GROUPS.get(word, (word,))]
    unknown = set(names) - set(DATABASES)
    if unknown:
        raise ValueError(f"no such database: {sorted(unknown)}")
    metafunc.parametrize("database_name", names)


@pytest.fixture(autouse=True)
def own_project() -> Iterator[None]:
    """No test is given the models of another one."""
    with project_forgotten():
        yield


@pytest.fixture
def database_url(
    database_name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a fresh, empty database of the kind ``database_name``."""
    if database_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server = server_of(database_name, tmp_path_factory)
    with fresh_database(server) as url:
        yield url


def server_of(database_name: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the server for ``database_name``; the test is left out where there is none."""
    # The parent of this process's own folder is the run's: all workers meet there.
    base = tmp_path_factory.getbasetemp()
    run_folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    try:
        return address_of(database_name, run_folder)
    except Missing as missing:
        leave_out(database_name, str(missing))


def leave_out(name: str, how: str) -> NoReturn:
    """Leave a test out, and say so in the closing lines; where ``CI`` is set, fail.

    :param name: the server that cannot be had.
    :param how: how to add it.
    """
    if os.environ.get("CI"):
        pytest.fail(f"left out: {how}")
    _left_out[name] = how
    pytest.skip(f"left out: {how}")


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh, empty database."""
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()


class fresh_database:  # noqa: N801 - reads as a verb phrase after `with`
    """Create a database of its own on a server; drop it at the end, whoever is connected."""

    def __init__(self, server: str) -> None:
        self.server = sa.make_url(server)
        self.name = f"test_{os.getpid()}_{next(_numbers)}"

    def __enter__(self) -> str:
        self.run(f"CREATE DATABASE {self.name}{self._copied}")
        return self.server.set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *exception: object) -> None:
        forced = " WITH (FORCE)" if self._is_postgresql else ""
        self.run(f"DROP DATABASE IF EXISTS {self.name}{forced}")

    @property
    def _is_postgresql(self) -> bool:
        return self.server.get_backend_name() == "postgresql"

    @property
    def _copied(self) -> str:
        # The usual strategy writes every page of the new database to the log first.
        return " STRATEGY file_copy" if self._is_postgresql else ""

    def run(self, statement: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop what this run started, once the last worker is done."""
    if hasattr(session.config, "workerinput"):
        session.config.workeroutput["left_out"] = dict(_left_out)
        return
    stop_started(session.config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]  # pytest offers the folder to fixtures only


def pytest_testnodedown(node: object, error: object) -> None:
    """Collect what a worker had to leave out."""
    _left_out.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which database was left out, and how to add it; and of what a part was run."""
    if not is_everything_asked_for():
        terminalreporter.write_line(
            "A part was run of tests/loop on servers, and of tests/proof/test_mutation.py: "
            f"{VARIABLE}=all runs all of them."
        )
    for name, how in sorted(_left_out.items()):
        terminalreporter.write_line(f"LEFT OUT: {name} ({how})", red=True, bold=True)


@pytest.fixture
def alembic_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Revisions are sent again although other tests of this process have imported Alembic.

    It compiles constraints for MariaDB, by which a run takes the usual road.
    """
    monkeypatch.setattr(purity, "_OWN", (*purity._OWN, "alembic."))
