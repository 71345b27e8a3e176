"""What an application asks at its start, and a probe."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

import limbeck
from limbeck.errors import (
    CommandError,
    DatabaseNotAtHead,
    DatabaseUnreachable,
    HistoryError,
    UsageError,
)
from limbeck.workflow.standing import Standing, standings
from tests.applied.projects import Project

ASYNC = {"sqlite": "aiosqlite", "postgresql": "asyncpg"}


def ask(project: Project, **policies: Any) -> tuple[Standing, int]:
    """The standing, and how many queries it has taken."""
    statements: list[str] = []
    engine = sa.create_engine(project.url, poolclass=sa.NullPool)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    config = project.config
    with engine.connect():
        statements.clear()  # what SQLAlchemy asks of a server that it does not know
    found = limbeck.guard(engine, config, **policies)
    assert [standing for _, standing in standings(config)] == [found]
    return found, len(statements)


def quiet(project: Project) -> tuple[Standing, int]:
    return ask(project, behind="start", ahead="start", unknown="start")


def test_equal_behind_ahead_unknown(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    project.line("a1", "b2", "c3")
    project.upgrade("b2")
    found, queries = quiet(project)
    assert (found.state, found.heads, found.pending) == ("behind", ("b2",), ("c3",))
    assert queries == 1
    with pytest.raises(DatabaseNotAtHead, match="the database is at b2, and lacks c3"):
        ask(project)
    project.upgrade()
    found, queries = ask(project)
    assert (found.state, queries) == ("equal", 1)

    project.path("c3").unlink()
    with caplog.at_level(logging.WARNING, "limbeck.guard"):
        found, queries = ask(project)
    assert (found.state, found.unknown, queries) == ("ahead", ("c3",), 2)
    assert caplog.messages == ["the database is at c3, and has c3, which these files do not know"]
    with pytest.raises(HistoryError):
        ask(project, ahead="refuse")

    project.write("x9", "b2")
    found, _ = quiet(project)
    assert (found.state, found.pending) == ("unknown", ("x9",))
    with pytest.raises(HistoryError, match="and lacks x9, and has c3"):
        ask(project)
    assert ask(project, unknown="warn")[0].state == "unknown"


def test_a_database_without_anything(project: Project) -> None:
    project.line("a1")
    assert quiet(project)[0] == Standing("behind", (), ("a1",), ("a1",))
    assert project.tables() == set()


def test_without_a_history(small: Project) -> None:
    small.line("a1", "b2")
    small.settings["history"] = False
    small.upgrade()
    small.path("b2").unlink()
    assert quiet(small)[0] == Standing("unknown", ("b2",), ("a1",), unknown=("b2",))


def test_what_others_depend_on_has_no_row(small: Project) -> None:
    small.write("a1")
    small.write("x1")
    small.write("b2", "a1", depends_on="x1")
    small.upgrade("heads")
    assert quiet(small)[0].state == "equal"


@pytest.mark.databases("sqlite", "postgresql15")
def test_async(project: Project) -> None:
    project.line("a1", "b2")
    project.upgrade("a1")
    url = sa.make_url(project.url)
    backend = url.get_backend_name()
    config = project.config

    async def start() -> Standing:
        engine = create_async_engine(
            url.set(drivername=f"{backend}+{ASYNC[backend]}"), poolclass=sa.NullPool
        )
        try:
            with pytest.raises(DatabaseNotAtHead):
                await limbeck.guard_async(engine, config)
            async with engine.connect() as connection:
                return await limbeck.guard_async(connection, config, behind="start")
        finally:
            await engine.dispose()

    assert asyncio.run(start()).state == "behind"


@pytest.mark.databases("mariadb", "postgresql15", "sqlite")
def test_a_downgrade_that_is_half_done(project: Project) -> None:
    """What the version table says is not so any more, where DDL cannot be rolled back."""
    project.write("a1", up="op.create_table('t', sa.Column('a', sa.Integer))", back="pass")
    back = "op.drop_table('t'); op.drop_table('nothing')"
    project.write("b2", "a1", up="pass", back=back)
    project.upgrade()
    with pytest.raises(Exception, match="nothing"):
        project.downgrade("a1")
    found, queries = quiet(project)
    if sa.make_url(project.url).get_backend_name() != "mariadb":
        assert (found.state, queries) == ("equal", 1)
        return
    assert (found.state, found.half_done, queries) == ("unknown", "the downgrade of revision b2", 2)
    with pytest.raises(HistoryError, match="at b2, and the downgrade of revision b2 is half done"):
        ask(project)
    project.run("DELETE FROM limbeck_journal WHERE number > 0")
    assert quiet(project) == (Standing("equal", ("b2",), ("b2",)), 2)


def test_a_connection_in_a_transaction_stays_in_it(small: Project) -> None:
    small.line("a1")
    small.upgrade()
    with small.connect() as connection:
        connection.execute(sa.text("CREATE TABLE mine (a INTEGER)"))
        connection.execute(sa.text("INSERT INTO mine VALUES (1)"))
        assert limbeck.guard(connection, small.config).state == "equal"
        connection.commit()
    assert "mine" in small.tables()


def test_a_transaction_outlives_a_version_table_that_is_none(small: Project) -> None:
    small.line("a1")
    with small.connect() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (other INTEGER)"))
        connection.execute(sa.text("CREATE TABLE mine (a INTEGER)"))
        with pytest.raises(CommandError, match="version_num"):
            limbeck.guard(connection, small.config)
        assert connection.in_transaction()
        connection.commit()
    assert "mine" in small.tables()


def test_a_journal_that_is_not_to_be_read(small: Project) -> None:
    """That it is there says enough."""
    small.line("a1")
    small.upgrade()
    small.run("CREATE TABLE limbeck_journal (other INTEGER)")
    engine = sa.create_engine(small.url, poolclass=sa.NullPool)
    with pytest.raises(HistoryError, match="at a1, and a revision is half done"):
        limbeck.guard(engine, small.config)


def test_a_database_that_does_not_answer(small: Project) -> None:
    small.line("a1")
    engine = sa.create_engine("postgresql+psycopg://u:geheim@127.0.0.1:1/x", poolclass=sa.NullPool)
    with pytest.raises(DatabaseUnreachable) as raised:
        limbeck.guard(engine, small.config)
    assert "geheim" not in str(raised.value)


def test_a_policy_that_is_none(small: Project) -> None:
    with pytest.raises(UsageError, match="behind is 'perhaps'"):
        ask(small, behind="perhaps")


def test_importing_limbeck_is_cheap() -> None:
    said = "import limbeck, sys; print('sqlalchemy' in sys.modules, 'asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_the_command(tmp_path: Path) -> None:
    project = Project(tmp_path, f"sqlite:///{tmp_path / 'small.db'}")
    project.line("a1", "b2")
    project.upgrade("a1")
    _ = project.config
    command = [str(Path(sys.executable).with_name("limbeck")), "current", "--check"]

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    assert run() == (1, "behind: the database is at a1, and lacks b2\n")
    project.upgrade()
    code, told = run("--json")
    assert (code, '"state": "equal"' in told) == (0, True)
    project.path("b2").unlink()
    assert run()[0] == 0
    project.run("DROP TABLE limbeck_history")
    assert run()[0] == 8
