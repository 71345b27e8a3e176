"""The locks of databases that are not run here, as they would be asked for; and of unknown ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from limbeck.database.version_table import VersionTable
from limbeck.dialects.mssql.lock import MssqlDeployLocks
from limbeck.dialects.oracle.lock import OracleDeployLocks
from limbeck.dialects.standard.lock import DeployLock
from tests.deploying.test_connections import Held, migrate
from tests.emit.emitting import dialect_named
from tests.runtime.projects import Project, create


class Acme(PGDialect_psycopg):
    """A server that speaks PostgreSQL's language, and of which limbeck knows nothing."""

    name = "acme"
    supports_statement_cache = True


class Pebble(SQLiteDialect_pysqlite):
    """A database without any lock."""

    name = "pebble"
    supports_statement_cache = True


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    return Project(tmp_path, database_url)


@pytest.fixture(autouse=True)
def _known_to_sqlalchemy() -> Iterator[None]:
    registry.register("acme.psycopg", __name__, "Acme")
    registry.register("pebble.pysqlite", __name__, "Pebble")
    yield
    for name in ("acme.psycopg", "pebble.pysqlite"):
        registry.impls.pop(name, None)


def test_sql_server_is_asked_without_waiting() -> None:
    locks = MssqlDeployLocks()
    lock = DeployLock("limbeck:abc", of_session=True)
    assert locks.acquire(lock, "Session") == (
        "SET NOCOUNT ON; DECLARE @granted int; EXEC @granted = sp_getapplock "
        "@Resource = 'limbeck:abc', @LockMode = 'Exclusive', @LockOwner = 'Session', "
        "@LockTimeout = 0; SELECT @granted"
    )
    assert "@LockOwner = 'Transaction'" in locks.acquire(lock, "Transaction")
    assert locks.release(lock) == (
        "EXEC sp_releaseapplock @Resource = 'limbeck:abc', @LockOwner = 'Session'"
    )


@pytest.mark.parametrize("name", ["alembic_version", "it's [odd]", "x" * 128])
def test_the_name_of_a_lock_of_sql_server_is_short_and_harmless(name: str) -> None:
    locks = MssqlDeployLocks()
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)  # nothing is asked of it
    with engine.connect() as connection:
        keys = {
            lock.key
            for schema in (None, "dbo")
            if (lock := locks.find(connection, VersionTable(name, schema).table)) is not None
        }
    assert len(keys) == 2
    # https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql
    assert all(len(key) <= 255 and key.replace(":", "").isalnum() for key in keys)


def test_oracle_locks_the_rows_without_waiting() -> None:
    statement = OracleDeployLocks().rows(VersionTable().table)
    words = " ".join(str(statement.compile(dialect=dialect_named("oracle"))).split())
    assert words == "SELECT alembic_version.version_num FROM alembic_version FOR UPDATE NOWAIT"


@pytest.mark.databases("postgresql18")
@pytest.mark.parametrize("per_migration", [True, False])
def test_an_unknown_server_locks_the_rows(project: Project, per_migration: bool) -> None:
    project.revision("a1", create("t"))
    project.upgrade()
    project.revision("b1", "op.execute('INSERT INTO t VALUES (1)')")
    engine = sa.create_engine(
        sa.make_url(project.url).set(drivername="acme+psycopg"), poolclass=sa.NullPool
    )
    with engine.connect() as first, engine.connect() as second:
        opts = {"transaction_per_migration": per_migration}
        begun = threading.Thread(target=migrate, args=(second, project), kwargs=opts)
        with Held(project, first, **opts):
            begun.start()
            begun.join(1)
            assert begun.is_alive()  # it waits, as the server does
        begun.join(30)
        assert not begun.is_alive()
    assert project.versions() == ["b1"]
    assert project.ask("SELECT id FROM t") == [1]  # twice would violate the key


@pytest.mark.databases("sqlite")
def test_a_database_without_locks_is_migrated_all_the_same(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision("b1", "op.execute('INSERT INTO t VALUES (1)')", "op.execute('DELETE FROM t')")
    project.url = project.url.replace("sqlite:", "pebble+pysqlite:")
    project.upgrade()
    assert project.versions() == ["b1"]
    project.downgrade("a1")
    assert project.ask("SELECT id FROM t") == []
