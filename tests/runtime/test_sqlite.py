"""Real transactions on SQLite, and the connection as it was before."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from limbeck.errors import LockNotObtained, RevisionFailed
from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext
from limbeck.workflow.upgrade import upgrade
from tests.runtime.projects import Project, create


def settings(connection: sa.Connection) -> tuple[object, object]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver.isolation_level, driver.execute("PRAGMA foreign_keys").fetchone()[0]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("foreign_keys", [0, 1])
@pytest.mark.parametrize("fails", [True, False])
def test_the_connection_is_as_before(
    connection: sa.Connection, foreign_keys: int, fails: bool
) -> None:
    connection.exec_driver_sql(f"PRAGMA foreign_keys={foreign_keys}")
    connection.rollback()
    before = settings(connection)
    context = MigrationContext.configure(connection)
    try:
        with context.begin_transaction():
            Operations(context).create_table("t", sa.Column("id", sa.Integer))
            assert settings(connection) == (None, 0)
            if fails:
                raise KeyError
    except KeyError:
        assert fails
    assert settings(connection) == before == ("", foreign_keys)
    assert sa.inspect(connection).has_table("t") is not fails


def test_an_engine_that_begins_by_itself(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")

    @sa.event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with pytest.raises(KeyError), context.begin_transaction():
            Operations(context).create_table("t", sa.Column("id", sa.Integer))
            raise KeyError
        assert not sa.inspect(connection).has_table("t")
        connection.rollback()
        assert settings(connection) == (None, 1)
    engine.dispose()


ORPHAN = """
op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
op.create_table("c", sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id")))
op.execute("INSERT INTO c VALUES (1)")
"""


def test_a_revision_must_not_break_foreign_keys(small: Project) -> None:
    small.revision("a1", ORPHAN)
    with pytest.raises(RevisionFailed, match="1 row of c would refer to rows of p"):
        small.upgrade()
    assert small.tables() == set()


def test_what_was_broken_before_is_not_the_revisions_fault(small: Project) -> None:
    with sqlite3.connect(small.url.removeprefix("sqlite:///")) as connection:
        connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE c (p_id INTEGER REFERENCES p (id))")
        connection.execute("INSERT INTO c VALUES (1)")
    connection.close()
    small.revision("a1", create("t"))
    small.upgrade()
    assert small.versions() == ["a1"]


def test_two_writers_do_not_both_begin(small: Project) -> None:
    small.revision("a1", create("t"))
    path = small.url.removeprefix("sqlite:///")
    small.url += "?timeout=0.1"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LockNotObtained) as refused:
        upgrade(small.config, "head", lock_wait=0.2)
    assert refused.value.message == "another process writes to this database; waited for 0.2 s"
    assert refused.value.details[0].startswith(f"it is pid {os.getpid()}")
    other.close()
    small.upgrade()
    assert small.versions() == ["a1"]


def test_an_async_driver(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"

    def migrate(connection: sa.Connection, fails: bool) -> None:
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            operations = Operations(context)
            operations.create_table("t", sa.Column("id", sa.Integer))

            async def insert(on: object, value: int) -> int:
                await on.execute(sa.text(f"INSERT INTO t VALUES ({value})"))
                return value + 1

            assert operations.run_async(insert, 4) == 5
            if fails:
                raise KeyError

    async def main() -> list[int]:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.connect() as connection:
            with pytest.raises(KeyError):
                await connection.run_sync(migrate, True)
            await connection.run_sync(migrate, False)
        async with engine.connect() as connection:
            return list(await connection.scalars(sa.text("SELECT id FROM t")))

    assert asyncio.run(main()) == [4]


def test_a_rebuilt_table_keeps_its_children(small: Project) -> None:
    small.env(before="connection.exec_driver_sql('PRAGMA foreign_keys=ON'); connection.commit()")
    small.revision(
        "a1",
        """
        op.create_table("p", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text))
        key = sa.ForeignKey("p.id", ondelete="CASCADE")
        op.create_table("c", sa.Column("p_id", sa.Integer, key))
        op.execute("INSERT INTO p VALUES (1, 'x')")
        op.execute("INSERT INTO c VALUES (1)")
        """,
    )
    small.revision("b1", 'op.alter_column("p", "n", nullable=False)')
    small.upgrade()
    assert small.ask("SELECT p_id FROM c") == [1]
    engine = sa.create_engine(small.url)
    assert [each["nullable"] for each in sa.inspect(engine).get_columns("p")] == [False, False]
    engine.dispose()
