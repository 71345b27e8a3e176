"""Databases that live for a moment: they are empty, alike, and gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database.scratch_makers import scratch_database
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch_database import MARKER, OURS, PREFIX, ScratchDatabases
from limbeck.errors import ScratchUnavailable

SERVERS = ("postgresql15", "postgresql18", "mariadb")

HOLDER = """
import signal, sys, time, sqlalchemy as sa
from limbeck.database.scratch_makers import scratch_database
# Where a shell runs the tests in its background, SIGINT is ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
with scratch_database(sa.make_url(sys.argv[1])) as scratch:
    print(scratch.url.database, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def url(database_url: str) -> sa.URL:
    """The project's own database."""
    return sa.make_url(database_url)


@pytest.fixture
def other(url: sa.URL, tmp_path: Path) -> Iterator[sa.URL]:
    """Another empty database of the same kind."""
    if url.get_backend_name() == "sqlite":
        yield url.set(database=str(tmp_path / "other.db"))
        return
    name = f"{url.database}_other"
    run(url, f"CREATE DATABASE {name}")
    yield url.set(database=name)
    run(url, f"DROP DATABASE IF EXISTS {name}")


def run(url: sa.URL, *statements: str) -> None:
    """Run statements, each for itself."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def ask(url: sa.URL, query: str) -> list[object]:
    """The first column of a query."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(query).scalars())


def databases(url: sa.URL) -> set[object]:
    """The scratch databases on a server."""
    source = (
        "SELECT datname FROM pg_database"
        if url.get_backend_name() == "postgresql"
        else "SHOW DATABASES"
    )
    return {name for name in ask(url, source) if str(name).startswith(PREFIX)}


def tables(url: sa.URL) -> list[str]:
    """The tables of a database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return sorted(sa.inspect(engine).get_table_names())


def refused(words: str, url: sa.URL, given: sa.URL | None = None) -> ScratchUnavailable:
    """What is said where there is no scratch database."""
    with pytest.raises(ScratchUnavailable, match=words) as raised, scratch_database(url, given):
        raise AssertionError("there is one")
    return raised.value


def test_it_is_empty_and_gone_afterwards(url: sa.URL) -> None:
    with scratch_database(url) as scratch:
        assert sa.inspect(scratch.engine).get_table_names() == []
        with scratch.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
            assert scratch.is_behind(connection)
        with sa.create_engine(scratch.url, poolclass=sa.NullPool).connect() as another:
            assert scratch.is_behind(another)
        with sa.create_engine(url, poolclass=sa.NullPool).connect() as own:
            assert not scratch.is_behind(own)
        name = scratch.url.database
    assert "t" not in tables(url)
    if url.get_backend_name() == "sqlite":
        assert not Path(str(name)).exists()
    else:
        assert OURS.fullmatch(str(name)) and name not in databases(url)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.databases(*SERVERS)
def test_it_is_gone_after_an_error(url: sa.URL, error: type[BaseException]) -> None:
    with pytest.raises(error), scratch_database(url) as scratch:
        name = scratch.url.database
        # an engine that nobody disposes of, in a transaction that nobody ends
        engine = sa.create_engine(scratch.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
            raise error
    assert name not in databases(url)


@pytest.mark.parametrize("where", ["prepare", "drop"])
@pytest.mark.databases(*SERVERS)
def test_it_is_gone_after_a_signal_in_a_statement_on_the_server(
    url: sa.URL, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection to the server is lost by that, and with it whatever holds the name."""
    kind = type(backend_for(url.get_dialect()()).scratch_databases)
    usual = getattr(kind, where)
    asked: list[str] = []

    def slow(self: ScratchDatabases, server: sa.Connection, *more: Any) -> Any:
        asked.append(where)
        if len(asked) == (2 if where == "prepare" else 1):
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            wait = "pg_sleep(20)" if url.get_backend_name() == "postgresql" else "SLEEP(20)"
            server.exec_driver_sql(f"SELECT {wait}")
        return usual(self, server, *more)

    monkeypatch.setattr(kind, where, slow)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), scratch_database(url) as scratch:
            scratch.empty_again()
    finally:
        signal.signal(signal.SIGINT, handler)
    assert len(asked) == 2
    assert scratch.url.database not in databases(url)


@pytest.mark.databases(*SERVERS)
def test_it_is_dropped_under_an_open_transaction(url: sa.URL) -> None:
    engine = None
    with scratch_database(url) as scratch:
        name = scratch.url.database
        engine = sa.create_engine(scratch.url, poolclass=sa.NullPool)
        left_open = engine.connect()
        left_open.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        left_open.exec_driver_sql("SELECT * FROM t")
    assert name not in databases(url)
    left_open.invalidate()


@pytest.mark.databases(*SERVERS)
def test_what_a_killed_process_has_left_is_dropped_and_what_is_in_use_is_not(url: sa.URL) -> None:
    address = url.render_as_string(hide_password=False)
    alive, killed = (
        subprocess.Popen([sys.executable, "-c", HOLDER, address], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        assert alive.stdout is not None and killed.stdout is not None
        kept, left = alive.stdout.readline().strip(), killed.stdout.readline().strip()
        killed.kill()
        killed.wait()
        assert {kept, left} <= databases(url)
        assert _gone(url, left), "it is still there"
        assert kept in databases(url)
        alive.send_signal(signal.SIGINT)
        alive.wait()
        assert kept not in databases(url)
    finally:
        for process in (alive, killed):
            process.kill()
            process.communicate()


def _gone(url: sa.URL, name: str) -> bool:
    """Make scratch databases until another one is gone: a server ends sessions in its own time."""
    for _ in range(50):
        with scratch_database(url):
            if name not in databases(url):
                return True
        time.sleep(0.1)
    return False


@pytest.mark.databases(*SERVERS)
def test_databases_of_another_name_are_never_dropped(url: sa.URL) -> None:
    names = [f"{PREFIX}{os.getpid()}", f"{PREFIX}0123456789abcdex"]
    run(url, *(f"CREATE DATABASE {name}" for name in names))
    try:
        with scratch_database(url):
            pass
        assert set(names) <= databases(url)
    finally:
        run(url, *(f"DROP DATABASE {name}" for name in names))


@pytest.mark.databases("postgresql")
def test_postgresql_s_defaults_are_the_same(url: sa.URL) -> None:
    other = f"{url.database}_latin"
    run(
        url,
        f"CREATE DATABASE {other} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
        f'ALTER DATABASE {other} SET search_path TO shop, "$user"',
        f"ALTER DATABASE {other} SET timezone TO 'Asia/Tokyo'",
    )
    own = url.set(database=other)
    run(own, "CREATE SCHEMA shop", "CREATE EXTENSION pg_trgm SCHEMA shop")
    try:
        with scratch_database(own) as scratch:
            for setting in ("server_encoding", "search_path", "timezone", "lc_collate"):
                if setting == "lc_collate":
                    query = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
                else:
                    query = f"SHOW {setting}"
                assert ask(scratch.url, query) == ask(own, query)
            assert ask(scratch.url, "SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
            assert not scratch.notes
        with scratch_database(own, is_made=lambda kind, name: True) as scratch:
            assert not ask(scratch.url, "SELECT 1 FROM pg_namespace WHERE nspname = 'shop'")
    finally:
        run(url, f"DROP DATABASE {other}")


@pytest.mark.databases("mariadb")
def test_mariadb_s_defaults_are_the_same(url: sa.URL) -> None:
    run(url, f"ALTER DATABASE {url.database} CHARACTER SET latin1 COLLATE latin1_german1_ci")
    with scratch_database(url) as scratch:
        assert ask(scratch.url, "SELECT @@collation_database") == ["latin1_german1_ci"]


@pytest.mark.databases(*SERVERS)
def test_a_database_that_does_not_exist_has_a_scratch_database(url: sa.URL) -> None:
    with scratch_database(url.set(database="nowhere_to_be_found")) as scratch:
        assert tables(scratch.url) == []


@pytest.mark.databases(*SERVERS)
def test_the_missing_right_is_named(url: sa.URL) -> None:
    name = f"poor_{os.getpid()}"
    if url.get_backend_name() == "postgresql":
        run(url, f"CREATE ROLE {name} LOGIN PASSWORD 'hidden1'")
        gone = f"DROP ROLE {name}"
    else:
        run(
            url,
            f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'hidden1'",
            f"GRANT ALL ON {url.database}.* TO {name}@'127.0.0.1'",
        )
        gone = f"DROP USER {name}@'127.0.0.1'"
    try:
        poor = url.set(username=name, password="hidden1")
        raised = refused("lacks a right|let us in", poor)
        assert raised.exit_code == 11
        assert "--scratch" in str(raised.hint)
        assert "hidden1" not in repr(raised) + str(raised.details)
    finally:
        run(url, gone)


@pytest.mark.databases("postgresql15", "mariadb")
def test_a_server_that_does_not_answer_is_named(url: sa.URL) -> None:
    away = url.set(port=1, username="anna", password="hidden1")
    raised = refused("does not answer", away)
    assert "hidden1" not in f"{raised} {raised.details} {raised.hint}"


def test_a_given_database_is_emptied_and_marked(url: sa.URL, other: sa.URL) -> None:
    for _ in range(2):
        with scratch_database(url, given=other) as scratch:
            with scratch.engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE p (a INTEGER PRIMARY KEY)")
                connection.exec_driver_sql("CREATE TABLE t (a INTEGER REFERENCES p (a))")
                connection.exec_driver_sql("CREATE VIEW v AS SELECT a FROM t")
            assert tables(other) == sorted([MARKER, "p", "t"])
        assert tables(other) == [MARKER]
    assert tables(url) == []


@pytest.mark.databases("postgresql")
def test_a_given_database_of_postgresql_is_emptied_of_everything(
    url: sa.URL, other: sa.URL
) -> None:
    with scratch_database(url, given=other) as scratch, scratch.engine.begin() as connection:
        for statement in (
            "CREATE SCHEMA shop",
            "CREATE TYPE mood AS ENUM ('a', 'b')",
            "CREATE DOMAIN word AS text CHECK (value <> '')",
            "CREATE TABLE shop.t (a mood, b word, c SERIAL)",
            "CREATE SEQUENCE s",
            "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "CREATE TYPE pair AS (a integer, b text)",
            "CREATE MATERIALIZED VIEW m AS SELECT * FROM shop.t",
        ):
            connection.exec_driver_sql(statement)
    assert tables(other) == [MARKER]
    assert not ask(other, "SELECT nspname FROM pg_namespace WHERE nspname = 'shop'")
    assert not ask(other, "SELECT typname FROM pg_type WHERE typname IN ('mood', 'word', 'pair')")
    assert not ask(other, "SELECT proname FROM pg_proc WHERE proname = 'f'")


def test_a_given_database_that_is_not_empty_is_left_alone(url: sa.URL, other: sa.URL) -> None:
    run(other, "CREATE TABLE precious (a INTEGER)", "INSERT INTO precious VALUES (7)")
    refused(r"not empty \(.*precious", url, given=other)
    assert ask(other, "SELECT a FROM precious") == [7]


def test_the_project_s_own_database_is_refused(url: sa.URL, tmp_path: Path) -> None:
    run(url, f"CREATE TABLE {MARKER} (note VARCHAR(80))", "CREATE TABLE precious (a INTEGER)")
    same = url
    if url.get_backend_name() == "sqlite":
        link = tmp_path / "link.db"
        link.symlink_to(str(url.database))
        same = url.set(database=str(link))
    for given in (url, same):
        refused("the project's own", url, given=given)
    assert "precious" in tables(url)


@pytest.mark.databases("postgresql15", "mariadb")
def test_the_project_s_own_database_is_known_under_another_host_name(url: sa.URL) -> None:
    run(url, f"CREATE TABLE {MARKER} (note VARCHAR(80))", "CREATE TABLE precious (a INTEGER)")
    # the text of the addresses does not tell, the server does
    refused("the project's own", url, given=url.set(host="localhost"))
    assert "precious" in tables(url)


@pytest.mark.databases(*SERVERS)
def test_a_given_database_is_of_one_process_at_a_time(url: sa.URL, other: sa.URL) -> None:
    with (
        scratch_database(url, given=other),
        pytest.raises(ScratchUnavailable, match="in use"),
        scratch_database(url, given=other),
    ):
        raise AssertionError("it is in use")


@pytest.mark.databases("postgresql15")
def test_a_given_database_of_another_kind_is_refused(url: sa.URL) -> None:
    refused("of sqlite, the project's own of postgresql", url, given=sa.make_url("sqlite:///x.db"))


@pytest.mark.parametrize(
    ("address", "statement", "reason"),
    [
        ("mariadb", "ALTER TABLE mysql.user ADD x INT", "the database mysql"),
        ("mariadb", "alter table `MYSQL` . `user` add x int", "the database MYSQL"),
        ("mariadb", "USE mysql", "the server itself"),
        ("mariadb", "SELECT 1; DROP DATABASE x", "the server itself"),
        ("mariadb", "UPDATE t SET a = 'mysql.user' /* mysql.user */ WHERE t.b > 1.5", None),
        ("mariadb", "SELECT * FROM information_schema.tables", None),
        ("postgresql15", "CREATE ROLE app", "the server itself: CREATE ROLE"),
        ("postgresql15", "ALTER DATABASE shop SET x = 1", "the server itself"),
        ("postgresql15", "GRANT app TO anna", "the server itself"),
        ("postgresql15", "GRANT SELECT ON t TO anna", None),
        ("postgresql15", "CREATE USER MAPPING FOR anna SERVER s", None),
        ("postgresql15", "SELECT 'x; DROP DATABASE y' -- ; DROP ROLE z", None),
        ("sqlite", "ATTACH 'x.db' AS x", "attaches"),
        ("sqlite", "CREATE TABLE t (a)", None),
    ],
)
def test_statements_that_reach_beyond_scratch_are_told(
    address: str,
    statement: str,
    reason: str | None,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from tests.conftest import server_of

    own = (
        f"sqlite:///{tmp_path}/own.db"
        if address == "sqlite"
        else server_of(address, tmp_path_factory)
    )
    with scratch_database(sa.make_url(own)) as scratch:
        found = scratch.trespass(statement)
    if reason is None:
        assert found is None
    else:
        assert found is not None and reason in found


@pytest.mark.databases("sqlite")
def test_folders_of_killed_processes_are_removed(url: sa.URL, tmp_path: Path) -> None:
    script = HOLDER.replace("time.sleep(60)", "import os; os.kill(os.getpid(), 9)")
    done = subprocess.run(
        [sys.executable, "-c", script, str(url)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    left = Path(done.stdout.strip())
    assert left.exists()
    again = script.replace("import os; os.kill(os.getpid(), 9)", "pass")
    subprocess.run(
        [sys.executable, "-c", again, str(url)],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert not left.exists() and not list(tmp_path.glob("limbeck-scratch-*"))
