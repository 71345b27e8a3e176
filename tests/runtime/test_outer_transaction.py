"""A connection that is in a transaction already is joined, wrapped or refused, and it is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.errors import ConfigurationError, RevisionFailed
from limbeck.workflow.current import current
from limbeck.workflow.upgrade import upgrade
from tests.cli.project import BEFORE
from tests.cli.project import Project as Folder
from tests.runtime.projects import Project, create

TRANSACTIONAL = ("sqlite", "postgresql15")


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    """A connection in a transaction, in which somebody has made a table."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        with connection.begin():
            connection.execute(sa.text("CREATE TABLE mine (id INTEGER)"))
        connection.begin()
        yield connection
    engine.dispose()


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """Two revisions, the second of which fails in the middle."""
    project = Project(tmp_path, database_url)
    (project.folder / "env.py").write_text(
        "from limbeck import context\n"
        "context.configure(connection=context.config.attributes['connection'])\n"
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )
    project.revision("a1", create("t"))
    project.revision("b1", create("u") + "\nraise ValueError('no')")
    return project


def _config(project: Project, connection: sa.Connection, way: str | None) -> Config:
    config = project.config
    config.attributes["connection"] = connection
    if way is not None:
        config.attributes["outer_transaction"] = way
    return config


def _tables(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


@pytest.mark.databases(*TRANSACTIONAL)
@pytest.mark.parametrize("way", [None, "join"])
def test_join(
    project: Project,
    connection: sa.Connection,
    way: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        upgrade(_config(project, connection, way), "a1")
    assert "is joined; whoever has begun it commits" in caplog.text
    assert connection.in_transaction()
    assert _tables(connection) == {"mine", "t"}
    connection.rollback()
    assert _tables(connection) == {"mine"}


@pytest.mark.databases(*TRANSACTIONAL)
def test_wrap_keeps_the_good_revisions(
    project: Project, connection: sa.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    config = _config(project, connection, "wrap")
    with caplog.at_level(logging.INFO), pytest.raises(RevisionFailed, match="b1 failed") as failed:
        upgrade(config, "head")
    assert "is wrapped, a SAVEPOINT for each revision" in caplog.text
    assert failed.value.details[-1] == (
        "nothing of it is in the caller's transaction, in which the database is at a1"
    )
    assert _tables(connection) == {"mine", "t"}
    connection.execute(sa.text("INSERT INTO t VALUES (1)"))
    connection.commit()
    assert project.versions() == ["a1"]
    assert project.ask("SELECT id FROM t") == [1]


@pytest.mark.databases("mariadb")
def test_wrap_is_refused_where_nothing_can_be_undone(
    project: Project, connection: sa.Connection
) -> None:
    with pytest.raises(ConfigurationError, match="every DDL statement commits"):
        upgrade(_config(project, connection, "wrap"), "head")
    assert _tables(connection) == {"mine"}


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_refuse(project: Project, connection: sa.Connection) -> None:
    config = _config(project, connection, "refuse")
    with pytest.raises(ConfigurationError, match="in a transaction already"):
        upgrade(config, "head")
    assert _tables(connection) == {"mine"}
    assert current(config)  # reading is no harm
    connection.rollback()
    upgrade(config, "a1")
    assert project.versions() == ["a1"]


@pytest.mark.databases("sqlite")
def test_configure_counts_before_the_settings(project: Project, connection: sa.Connection) -> None:
    path = project.folder / "env.py"
    text = path.read_text()
    path.write_text(text.replace("['connection'])", "['connection'], outer_transaction='refuse')"))
    with pytest.raises(ConfigurationError, match="outer_transaction is 'refuse'"):
        upgrade(_config(project, connection, "wrap"), "head")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("way", ["sometimes", 3])
def test_no_way(project: Project, connection: sa.Connection, way: str) -> None:
    with pytest.raises(ConfigurationError, match="outer_transaction is"):
        upgrade(_config(project, connection, way), "head")
    assert _tables(connection) == {"mine"}


@pytest.mark.databases("sqlite")
def test_a_setting(tmp_path: Path, database_url: str, connection: sa.Connection) -> None:
    folder = Folder(tmp_path)
    folder.models(BEFORE)
    folder.settings(outer_transaction="refuse")
    folder.revision("a1", None)
    config = Config(None, tmp_path / "limbeck.toml", attributes={"connection": connection})
    with pytest.raises(ConfigurationError, match="outer_transaction is 'refuse'"):
        upgrade(config, "head")
    connection.rollback()
    upgrade(config, "head")
