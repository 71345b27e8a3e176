"""Migrations on an async driver."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from limbeck.workflow.upgrade import upgrade
from tests.runtime.projects import Project, create

ENV = """
import asyncio
import sqlalchemy as sa
from limbeck import context
from sqlalchemy.ext.asyncio import create_async_engine

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine(context.config.attributes["url"], poolclass=sa.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.databases("sqlite", "postgresql18")
def test_an_async_environment(project: Project) -> None:
    driver = "sqlite+aiosqlite" if project.url.startswith("sqlite") else "postgresql+asyncpg"
    url = driver + "://" + project.url.partition("://")[2]
    env = ENV.replace('context.config.attributes["url"]', repr(url))
    (project.folder / "env.py").write_text(env)
    project.revision(
        "a1",
        """
        op.create_table("t", sa.Column("id", sa.Integer))

        async def fill(connection, value):
            await connection.execute(sa.text("INSERT INTO t VALUES (:v)"), {"v": value})
            return (await connection.execute(sa.text("SELECT id FROM t"))).scalar()

        assert op.run_async(fill, value=3) == 3
        """,
    )
    project.revision("b1", "op.execute('INSERT INTO t VALUES (4)')\nraise ValueError('no')")
    with pytest.raises(Exception, match="revision b1 failed: ValueError: no"):
        project.upgrade()
    assert project.ask("SELECT id FROM t") == [3]
    assert project.versions() == ["a1"]


@pytest.mark.databases("sqlite", "postgresql18")
def test_an_async_environment_where_a_loop_is_running(project: Project) -> None:
    driver = "sqlite+aiosqlite" if project.url.startswith("sqlite") else "postgresql+asyncpg"
    url = driver + "://" + project.url.partition("://")[2]
    env = ENV.replace('context.config.attributes["url"]', repr(url))
    (project.folder / "env.py").write_text(env)
    project.revision("a1", create("t"))

    async def start() -> None:
        project.upgrade()

    asyncio.run(start())
    assert project.versions() == ["a1"]


def test_a_plain_environment_stays_in_the_thread_of_a_running_loop(tmp_path: Path) -> None:
    project = Project(tmp_path, f"sqlite:///{tmp_path / 'x.db'}")
    here = "import threading; context.config.attributes['ran in'] = threading.get_ident()"
    project.env(before=here)
    project.revision("a1", create("t"))
    config = project.config

    async def start() -> int:
        upgrade(config, "head")
        return threading.get_ident()

    assert asyncio.run(start()) == config.attributes["ran in"]
    assert project.versions() == ["a1"]


GIVEN = """
import asyncio
from limbeck import context

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(None)
migrate(given)
"""


@pytest.mark.databases("sqlite", "postgresql18")
def test_a_connection_of_a_running_loop(project: Project) -> None:
    driver = "sqlite+aiosqlite" if project.url.startswith("sqlite") else "postgresql+asyncpg"
    url = driver + "://" + project.url.partition("://")[2]
    (project.folder / "env.py").write_text(GIVEN)
    project.revision("a1", create("t"))
    config = project.config

    def migrate(connection: sa.Connection) -> None:
        config.attributes["connection"] = connection
        upgrade(config, "head")

    async def start() -> None:
        engine = create_async_engine(url, poolclass=sa.NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
        await engine.dispose()

    asyncio.run(start())
    assert project.versions() == ["a1"]
