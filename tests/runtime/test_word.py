"""Exit 0 means applied, whatever ``env.py`` does with its connection; else there is an error."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

import pytest

from limbeck.errors import CommandError, ConfigurationError
from tests.runtime.projects import Project, create

RUN = "context.run_migrations()"
BLOCK = "with context.begin_transaction():\n    context.run_migrations()"
SELECT = "connection.execute(sa.text('SELECT 1'))"


@dataclass(frozen=True)
class Env:
    """What an ``env.py`` does.

    :param before: before ``configure()``.
    :param run: after it.
    :param fails: on which databases nobody commits what was done, so that it is an error.
    :param autocommit: whether the engine commits each statement.
    :param options: more options of ``configure()``, as source text.
    """

    before: str = "pass"
    run: str = RUN
    fails: tuple[str, ...] = ()
    autocommit: bool = False
    options: str = "{}"


TRANSACTIONAL = ("sqlite", "postgresql")
ENVS = {
    "forgotten": Env(),
    "forgotten, one transaction": Env(
        options="{'transaction_per_migration': False}", fails=TRANSACTIONAL
    ),
    "forgotten, autocommit": Env(autocommit=True),
    "forgotten, one transaction, autocommit": Env(
        options="{'transaction_per_migration': False}", autocommit=True
    ),
    "a commit at the end": Env(run=f"{RUN}\nconnection.commit()"),
    "a block of its own": Env(run=f"with connection.begin():\n    {RUN}"),
    "a block of its own, autocommit": Env(
        run=f"with connection.begin():\n    {RUN}", autocommit=True
    ),
    "a block of its own around all": Env(
        before="transaction = connection.begin()", run=f"{BLOCK}\ntransaction.commit()"
    ),
    "a statement before": Env(before=SELECT, run=BLOCK, fails=TRANSACTIONAL),
    "a statement before, and forgotten": Env(before=SELECT, fails=TRANSACTIONAL),
    "a statement before, autocommit": Env(before=SELECT, run=BLOCK, autocommit=True),
    "a statement before, forgotten, autocommit": Env(before=SELECT, autocommit=True),
    "a rollback in the block": Env(
        run=f"with context.begin_transaction() as t:\n    {RUN}\n    t.rollback()",
        fails=TRANSACTIONAL,
    ),
    "a rollback of the connection": Env(
        run=f"{BLOCK}\n    connection.rollback()", fails=TRANSACTIONAL
    ),
    "a rollback without a block": Env(run=f"{RUN}\nconnection.rollback()", fails=TRANSACTIONAL),
    "an error that is kept": Env(
        run=f"try:\n    {indent(BLOCK, '    ').strip()}\n        raise KeyError\n"
        "except KeyError:\n    pass",
        fails=TRANSACTIONAL,
    ),
}


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("name", ENVS)
def test_exit_0_means_applied(project: Project, name: str) -> None:
    env = ENVS[name]
    project.env(before=env.before, run=env.run, options=env.options)
    if env.autocommit:
        path = project.folder / "env.py"
        path.write_text(path.read_text().replace("(url,", "(url, isolation_level='AUTOCOMMIT',"))
    project.revision("a1", f"{create('t')}\nop.execute('INSERT INTO t VALUES (1)')")
    project.revision("b1", "op.execute('INSERT INTO t VALUES (2)')")
    if project.url.startswith(env.fails):
        with pytest.raises(ConfigurationError, match="rolled back"):
            project.upgrade()
        assert project.tables() == set()
    else:
        project.upgrade()
        assert project.versions() == ["b1"]
        assert sorted(project.ask("SELECT id FROM t")) == [1, 2]


ASYNC = """
import asyncio
from limbeck import context
from sqlalchemy.ext.asyncio import create_async_engine

def run(connection):
    context.configure(connection=connection)
    {run}

async def main():
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"))
    async with engine.connect() as connection:
        {before}
        await connection.run_sync(run)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.databases("sqlite", "postgresql18")
@pytest.mark.parametrize("before", ["pass", "await connection.begin()"])
def test_an_async_env_that_forgets_the_block(project: Project, before: str) -> None:
    sync = project.url
    project.url = sync.replace("sqlite:", "sqlite+aiosqlite:").replace("psycopg:", "asyncpg:")
    (project.folder / "env.py").write_text(ASYNC.format(run=RUN, before=before))
    project.revision("a1", create("t"))
    if before == "pass":
        project.upgrade()
    else:
        with pytest.raises(ConfigurationError, match="were rolled back"):
            project.upgrade()
    project.url = sync
    assert project.versions() == (["a1"] if before == "pass" else [])


def test_sql_without_a_block_is_whole(small: Project) -> None:
    path = small.folder / "env.py"
    small.revision("a1", create("t"))
    whole = small.paper()
    block = f"    with context.begin_transaction():\n        {RUN}\n"
    assert block in path.read_text()
    path.write_text(path.read_text().replace(block, f"    {RUN}\n"))
    assert small.paper() == whole


@pytest.mark.databases("mariadb")
def test_ddl_ends_the_callers_transaction_and_the_version_is_written(project: Project) -> None:
    project.env(before="connection.begin()", run=f"{BLOCK}\nconnection.rollback()")
    project.revision("a1", create("t"))
    project.revision("b1", "op.execute('INSERT INTO t VALUES (1)')")
    project.upgrade()
    assert project.versions() == ["b1"]
    project.revision("c1", "op.execute('INSERT INTO t VALUES (2)')")
    with pytest.raises(ConfigurationError, match="were rolled back"):
        project.upgrade()  # no DDL: the transaction is the caller's to the end
    assert project.versions() == ["b1"]
    assert project.ask("SELECT id FROM t") == [1]


@pytest.mark.databases("sqlite", "postgresql15")
def test_a_failure_that_is_kept_is_told_and_not_the_rollback(project: Project) -> None:
    project.env(
        run=dedent(f"""
            try:
                {indent(BLOCK, " " * 16).strip()}
            except Exception:
                connection.rollback()
        """)
    )
    project.revision("a1", create("t"))
    project.revision("b1", "raise ValueError('no')")
    with pytest.raises(CommandError, match="revision b1 failed: ValueError: no"):
        project.upgrade()
    assert project.tables() == set()
