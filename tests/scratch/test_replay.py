"""The history runs on a scratch database, and on nothing else."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.errors import RevisionFailed, ScratchUnavailable
from limbeck.workflow.replay import replaying

REVISION = '''\
"""{name}"""
from limbeck import op
import sqlalchemy as sa

revision = "{name}"
down_revision = {down!r}


def upgrade():
    {up}


def downgrade():
    {down_body}
'''

GENERIC = """\
from logging.config import fileConfig
from sqlalchemy import engine_from_config, pool
from alembic import context

config = context.config
connectable = engine_from_config(
    config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=None, version_table="steps")
    with context.begin_transaction():
        context.run_migrations()
"""

OWN_WAY = """\
import os
from sqlalchemy import create_engine, pool
from alembic import context

engine = create_engine(os.environ["SHOP_DATABASE"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

STUBBORN = """\
import os
import sqlalchemy
from alembic import context

url = sqlalchemy.make_url(os.environ["SHOP_DATABASE"])
dialect = url.get_dialect()
arguments, keywords = dialect().create_connect_args(url)
engine = sqlalchemy.create_engine(
    url,
    creator=lambda: dialect.import_dbapi().connect(*arguments, **keywords),
    poolclass=sqlalchemy.pool.NullPool,
)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

ASYNC = """\
import asyncio
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config
from alembic import context

config = context.config

def migrate(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()

asyncio.run(main())
"""

HANDED_OVER = """\
from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
"""


class History:
    """A project in a folder, of two revisions that make a table and a column."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.versions = folder / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        self.revision("a", None, 'op.create_table("t", sa.Column("x", sa.Integer))', "t")
        self.revision("b", "a", 'op.add_column("t", sa.Column("y", sa.Integer))', "t.y")

    def revision(self, name: str, down: str | None, up: str, undo: str = "") -> None:
        """Write a revision."""
        table, _, column = undo.partition(".")
        body = f'op.drop_column("{table}", "{column}")' if column else f'op.drop_table("{table}")'
        text = REVISION.format(name=name, down=down, up=up, down_body=body if undo else "pass")
        (self.versions / f"{name}.py").write_text(text, encoding="utf-8")

    def native(self, **more: str) -> Config:
        """limbeck's own settings, without an ``env.py``."""
        (self.folder / "models.py").write_text(
            "import sqlalchemy as sa\nmetadata = sa.MetaData()\n", encoding="utf-8"
        )
        lines = [f'{key} = "{value}"' for key, value in more.items()]
        (self.folder / "limbeck.toml").write_text(
            "\n".join([f'url = "{self.url}"', 'models = "models:metadata"', *lines]),
            encoding="utf-8",
        )
        return Config(toml_file=self.folder / "limbeck.toml")

    def classic(self, env: str, address: str | None = None) -> Config:
        """Alembic's settings, with an ``env.py``."""
        (self.folder / "migrations" / "env.py").write_text(env, encoding="utf-8")
        url = (self.url if address is None else address).replace("%", "%%")
        (self.folder / "alembic.ini").write_text(
            f"[alembic]\nscript_location = {self.folder / 'migrations'}\nsqlalchemy.url = {url}\n",
            encoding="utf-8",
        )
        return Config(self.folder / "alembic.ini")

    @property
    def tables(self) -> list[str]:
        """The tables of the project's own database."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        return sa.inspect(engine).get_table_names()


@pytest.fixture
def history(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.setenv("SHOP_DATABASE", database_url)
    monkeypatch.syspath_prepend(folder)
    return History(folder, database_url)


def walk(config: Config) -> None:
    """Up to the head, one down, and up again."""
    with replaying(config) as replay:
        replay.upgrade(["b"])
        at_b = replay.facts()
        assert [table.key.name for table in at_b.tables] == ["t"]
        assert [column.name for column in at_b.tables[0].columns] == ["x", "y"]
        replay.downgrade("b")
        assert [column.name for column in replay.facts().tables[0].columns] == ["x"]
        replay.upgrade(["b"])
        assert replay.facts() == at_b


def test_without_an_env_py(history: History) -> None:
    walk(history.native())
    assert history.tables == []


def test_a_connection_that_was_handed_over_is_not_used(history: History) -> None:
    config = history.native()
    with sa.create_engine(history.url, poolclass=sa.NullPool).connect() as connection:
        config.attributes["connection"] = connection
        walk(config)
        assert config.attributes["connection"] is connection
    assert history.tables == []


@pytest.mark.parametrize("env", [GENERIC, OWN_WAY], ids=["generic", "own way"])
def test_with_an_env_py(history: History, env: str) -> None:
    walk(history.classic(env))
    assert history.tables == []


def test_an_env_py_is_handed_a_connection(history: History) -> None:
    config = history.classic(HANDED_OVER)
    with sa.create_engine(history.url, poolclass=sa.NullPool).connect() as connection:
        config.attributes["connection"] = connection
        walk(config)
    assert history.tables == []


def test_an_env_py_that_cannot_be_led_elsewhere_runs_nothing(history: History) -> None:
    config = history.classic(STUBBORN)
    with replaying(config) as replay, pytest.raises(ScratchUnavailable, match="its own choice"):
        replay.upgrade(["b"])
    assert history.tables == []


@pytest.mark.databases("sqlite", "postgresql15")
def test_with_an_asynchronous_driver(history: History) -> None:
    driver = "asyncpg" if history.url.startswith("postgresql") else "aiosqlite"
    url = sa.make_url(history.url)
    address = url.set(drivername=f"{url.get_backend_name()}+{driver}")
    text = address.render_as_string(hide_password=False)
    walk(history.classic(ASYNC, text))
    assert history.tables == []
    (history.folder / "migrations" / "env.py").unlink()
    history.url = text
    walk(history.native())


def test_a_revision_that_fails_says_so(history: History) -> None:
    history.revision("c", "b", 'op.execute("nonsense")')
    with replaying(history.native()) as replay:
        replay.upgrade(["b"])
        with pytest.raises(RevisionFailed, match="revision c failed"):
            replay.upgrade(["c"])
    assert history.tables == []


@pytest.mark.databases("mariadb", "postgresql15")
def test_a_revision_that_reaches_beyond_scratch_is_stopped(history: History) -> None:
    database = sa.make_url(history.url).database
    statement = (
        f"CREATE TABLE {database}.t (a INT)"
        if history.url.startswith("mariadb")
        else f"ALTER DATABASE {database} SET timezone TO 'UTC'"
    )
    history.revision("c", "b", f'op.execute("{statement}")')
    with (
        replaying(history.native()) as replay,
        pytest.raises(ScratchUnavailable, match=r"names the database|changes the server itself"),
    ):
        replay.upgrade(["c"])
    assert history.tables == []


@pytest.mark.databases("sqlite")
def test_a_database_of_the_user_s_is_used(history: History, tmp_path: Path) -> None:
    with replaying(history.native(scratch_url=f"sqlite:///{tmp_path}/given.db")) as replay:
        replay.upgrade(["b"])
        assert Path(str(replay.scratch.url.database)).name == "given.db"


@pytest.mark.databases("postgresql")
def test_schemas_that_the_history_does_not_create_are_there(history: History) -> None:
    with sa.create_engine(history.url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA shop")
        connection.exec_driver_sql("CREATE SCHEMA depot")
    history.revision("c", "b", 'op.execute("CREATE TABLE shop.u (a INT)")')
    history.revision("d", "c", 'op.execute("CREATE SCHEMA depot")')
    with replaying(history.native()) as replay:
        replay.upgrade(["d"])
        assert [str(table.key) for table in replay.facts().tables] == ["t", "shop.u"]


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize(
    "words", ['op.create_extension("pg_trgm")', 'op.execute("CREATE EXTENSION pg_trgm")']
)
def test_extensions_are_left_to_the_history_that_creates_them(history: History, words: str) -> None:
    engine = sa.create_engine(history.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
    history.revision("c", "b", words)
    with replaying(history.native()) as replay:
        replay.upgrade(["b"])
        assert "extension pg_trgm" not in replay.surroundings()
        replay.upgrade(["c"])
        assert "extension pg_trgm" in replay.surroundings()


@pytest.mark.databases("sqlite")
def test_the_log_says_nothing_of_scratch(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    walk(history.classic(GENERIC))
    assert "Running upgrade" not in caplog.text
    other = history.classic(GENERIC)
    from limbeck import command

    command.upgrade(other, "head")
    assert "Running upgrade" in caplog.text


@pytest.mark.databases("sqlite", "postgresql15")
def test_other_threads_are_not_led_to_scratch(history: History) -> None:
    import threading

    from limbeck.workflow.redirection import redirected

    found: list[bool] = []
    with replaying(history.native()) as replay, redirected(replay.source, replay.scratch):

        def connect() -> None:
            with sa.create_engine(history.url, poolclass=sa.NullPool).connect() as connection:
                found.append(replay.scratch.is_behind(connection))

        connect()
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()
    assert found == [True, False]


@pytest.mark.databases("postgresql18", "mariadb")
def test_a_signal_as_the_redirection_ends_takes_the_database_away_too(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What drops it was taken for a statement of a revision, and refused."""
    from limbeck.workflow import redirection

    remove = sa.event.remove

    def interrupted(target: object, name: str, listener: Any) -> None:
        if target is sa.Engine:
            raise KeyboardInterrupt
        remove(target, name, listener)

    with pytest.raises(KeyboardInterrupt), replaying(history.native()) as replay:
        monkeypatch.setattr(sa.event, "remove", interrupted)
        replay.upgrade(["b"])
    remove(sa.Engine, "before_cursor_execute", redirection._executing)
    remove(sa.Engine, "do_connect", redirection._connecting)
    with pytest.raises(sa.exc.OperationalError):
        sa.create_engine(replay.scratch.url, poolclass=sa.NullPool).connect()
