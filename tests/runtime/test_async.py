"""Migrations on an async driver."""

from __future__ import annotations

import pytest

from tests.runtime.projects import Project

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
