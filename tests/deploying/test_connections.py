"""The lock is taken on the connection that migrates, whoever has opened it and however."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from limbeck.errors import LockNotObtained
from limbeck.operations import Operations
from limbeck.runtime.events import Event, LockAwaited
from limbeck.runtime.migration import MigrationContext
from limbeck.workflow.downgrade import downgrade
from limbeck.workflow.upgrade import upgrade
from tests.deploying.fleet import ADVISORY_LOCKS
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("sqlite", "postgresql15", "mariadb")


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    project = Project(tmp_path, database_url)
    project.revision("a1", create("t"))
    return project


@pytest.fixture
def connect(database_url: str) -> Iterator[Callable[..., sa.Connection]]:
    """Opens connections that are closed at the end."""
    opened: list[sa.Connection] = []

    def open_one(**options: Any) -> sa.Connection:
        engine = sa.create_engine(database_url, poolclass=sa.NullPool, **options)
        opened.append(engine.connect())
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def migrate(connection: sa.Connection, project: Project, **opts: Any) -> MigrationContext:
    """Upgrade on a connection, as a program does that has no ``env.py``."""
    from limbeck.script import ScriptDirectory

    script = ScriptDirectory.from_config(project.config)

    def steps(heads: Any, context: Any) -> Any:
        return script._upgrade_revs("head", heads)

    context = MigrationContext.configure(connection, opts={"fn": steps, "script": script, **opts})
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()
    return context


class Held:
    """The deploy lock, held by a migration that goes on until it is let go."""

    def __init__(self, project: Project, connection: sa.Connection, **opts: Any) -> None:
        self.has_it, self.may_end = threading.Event(), threading.Event()
        self.thread = threading.Thread(
            target=migrate, args=(connection, project), kwargs={**opts, "on_version_apply": self}
        )

    def __call__(self, **_: Any) -> None:
        self.has_it.set()
        assert self.may_end.wait(30)

    def __enter__(self) -> Held:
        self.thread.start()
        assert self.has_it.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.may_end.set()
        self.thread.join(30)


@pytest.mark.databases("postgresql15", "mariadb")
@pytest.mark.parametrize("per_migration", [True, False])
def test_nothing_is_left_behind_on_a_pooled_connection(
    project: Project, engine: sa.Engine, per_migration: bool
) -> None:
    with engine.connect() as connection:
        before = session_settings(connection)
        connection.rollback()
        migrate(connection, project, transaction_per_migration=per_migration)
        assert session_settings(connection) == before
        connection.rollback()
    with engine.connect() as other:
        assert is_free(other, project)


@pytest.mark.parametrize("way", ["ours", "one transaction", "joined", "autocommit"])
def test_no_listener_is_left_behind(
    project: Project, connect: Callable[..., sa.Connection], way: str
) -> None:
    """An application may migrate many times on one connection, and through one pool."""
    (project.folder / "env.py").write_text(
        "from limbeck import context\n"
        "context.configure(connection=context.config.attributes['c'])\n"
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )
    project.revision("a1", create("t"), "op.drop_table('t')", down=None)
    more = {"isolation_level": "AUTOCOMMIT"} if way == "autocommit" else {}
    connection = connect(**more)
    counts = []
    for _ in range(3):
        if way == "joined":
            connection.begin()
        config = project.config
        config.attributes["c"] = connection
        upgrade(config, "head")
        connection.commit()
        migrate(connection, project, transaction_per_migration=way != "one transaction")
        connection.commit()
        downgrade(config, "base")
        counts.append(listeners(connection))
    assert counts[0] == counts[-1]


def listeners(connection: sa.Connection) -> int:
    """How many functions hear of what happens on a connection and in its pool."""
    names = ("before_cursor_execute", "after_cursor_execute", "begin", "commit", "rollback")
    dispatch: Any = connection.dispatch
    pool: Any = connection.engine.pool
    return sum(len(getattr(dispatch, name)) for name in names) + len(pool.dispatch.reset)


def session_settings(connection: sa.Connection) -> list[object]:
    """What limbeck may have told the session."""
    if connection.dialect.name != "postgresql":
        return list(connection.exec_driver_sql("SELECT @@lock_wait_timeout").one())
    names = ("application_name", "client_connection_check_interval", "lock_timeout")
    return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]


def is_free(connection: sa.Connection, project: Project) -> bool:
    """Whether nobody holds a lock."""
    if connection.dialect.name == "postgresql":
        return connection.exec_driver_sql(ADVISORY_LOCKS).scalar() == 0
    from limbeck.database.version_table import VersionTable
    from limbeck.dialects.mysql.lock import MysqlDeployLocks

    lock = MysqlDeployLocks().find(connection, VersionTable().table)
    assert lock is not None
    return connection.exec_driver_sql(f"SELECT IS_USED_LOCK('{lock.key}')").scalar() is None


def test_the_lock_outlasts_a_transaction_around_all_revisions(
    project: Project, connect: Callable[..., sa.Connection]
) -> None:
    told: list[Event] = []
    project.revision("b1", create("u"))
    with (
        Held(project, connect(), transaction_per_migration=False),
        pytest.raises(LockNotObtained),
    ):
        migrate(connect(), project, lock_wait=0.3, report=told.append)
    assert isinstance(told[0], LockAwaited)
    assert project.versions() == ["b1"]


def test_a_caller_in_a_transaction_waits_too(
    project: Project, connect: Callable[..., sa.Connection]
) -> None:
    with Held(project, connect()):
        ours = connect()
        with ours.begin(), pytest.raises(LockNotObtained):
            migrate(ours, project, lock_wait=0.3)
    ours = connect()
    with ours.begin():
        migrate(ours, project, lock_wait=5)
    assert project.versions() == ["a1"]


@pytest.mark.databases("postgresql15", "mariadb")
def test_the_lock_of_a_callers_transaction_ends_with_it(
    project: Project, connect: Callable[..., sa.Connection], engine: sa.Engine
) -> None:
    with engine.connect() as ours, ours.begin():
        migrate(ours, project)
        with pytest.raises(LockNotObtained):
            migrate(connect(), project_again(project), lock_wait=0.2)
    with engine.connect() as other:
        assert is_free(other, project)
    migrate(connect(), project, lock_wait=0)


def project_again(project: Project) -> Project:
    """The project with one revision more, so that there is something to do."""
    if project.last == "a1":
        project.revision("b1", create("u"))
    return project


@pytest.mark.databases("mariadb")
def test_a_snapshot_from_before_the_wait_is_not_believed(
    project: Project, connect: Callable[..., sa.Connection]
) -> None:
    project.ask("SELECT 1")
    other = connect()
    holder = Held(project, connect())
    with other.begin(), holder:
        other.exec_driver_sql("SELECT * FROM information_schema.tables LIMIT 1").all()
        threading.Timer(0.3, holder.may_end.set).start()
        migrate(other, project, lock_wait=10)
    assert project.versions() == ["a1"]


@pytest.mark.databases("postgresql15")
def test_a_waiter_that_the_holder_waits_for_ends_at_once(
    project: Project, connect: Callable[..., sa.Connection]
) -> None:
    project.revision(
        "b1",
        """
        with op.get_context().autocommit_block():
            op.create_index("ix", "t", ["id"], postgresql_concurrently=True)
        """,
    )
    ours = connect(isolation_level="REPEATABLE READ")
    holder = threading.Thread(target=migrate, args=(connect(), project))
    with ours.begin():
        ours.exec_driver_sql("SELECT 1").all()
        holder.start()
        watching = connect(isolation_level="AUTOCOMMIT")
        while not watching.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).scalar():
            pass
        with pytest.raises(LockNotObtained) as refused:
            migrate(ours, project, lock_wait=60)
    assert refused.value.message.startswith("another deployer waits for the transaction")
    holder.join(30)
    assert project.versions() == ["b1"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_file_stays_locked_while_a_revision_commits_by_itself(
    project: Project, connect: Callable[..., sa.Connection], mode: str
) -> None:
    path = project.url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None, timeout=0.1)
    other.execute(f"PRAGMA journal_mode = {mode}")
    project.revision(
        "b1",
        f"""
        import sqlite3
        with op.get_context().autocommit_block():
            op.execute("VACUUM")
            other = sqlite3.connect({path!r}, isolation_level=None, timeout=0.1)
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                assert "locked" in str(error)
            else:
                raise AssertionError("the lock was lost")
            finally:
                other.close()
        """,
    )
    project.upgrade()
    other.execute("BEGIN IMMEDIATE")
    other.close()
    assert project.versions() == ["b1"]


@pytest.mark.databases("sqlite")
def test_a_database_in_memory() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        context.ensure_version_table()
        assert context.get_current_heads() == ()
    engine.dispose()


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_tasks_of_one_event_loop(project: Project, driver: str) -> None:
    """Whoever waits lets the loop go on, on which the holder may be."""
    project.revision("b1", 'op.execute("SELECT pg_sleep(0.5)")')
    url = project.url.replace("psycopg", driver)

    async def one(ticks: list[float]) -> None:
        engine = create_async_engine(url, poolclass=sa.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(migrate, project)
        ticks.append(0)
        await engine.dispose()

    async def all_of_them() -> int:
        ticks: list[float] = []
        await asyncio.wait_for(asyncio.gather(*(one(ticks) for _ in range(3))), 60)
        return len(ticks)

    assert asyncio.run(all_of_them()) == 3
    assert project.versions() == ["b1"]
