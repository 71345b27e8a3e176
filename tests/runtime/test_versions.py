"""The version table, as Alembic keeps it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.errors import CommandError, HistoryError
from limbeck.runtime.migration import MigrationContext
from limbeck.script import ScriptDirectory
from tests.runtime.projects import Project, create

LONG = "a" * 40


def test_it_looks_like_alembics(project: Project) -> None:
    project.revision("a1", create("t"))
    project.upgrade()
    engine = sa.create_engine(project.url)
    inspector = sa.inspect(engine)
    (column,) = inspector.get_columns("alembic_version")
    assert (column["name"], str(column["type"]), column["nullable"]) == (
        "version_num",
        "VARCHAR(32)",
        False,
    )
    key = inspector.get_pk_constraint("alembic_version")
    assert key["constrained_columns"] == ["version_num"]
    if engine.dialect.name != "mysql" and engine.dialect.name != "mariadb":
        assert key["name"] == "alembic_version_pkc"
    engine.dispose()


def test_it_is_not_created_for_nothing(small: Project) -> None:
    with pytest.raises(HistoryError, match="there is no revision in"):
        small.upgrade("heads")
    assert small.tables() == set()


@pytest.mark.databases("postgresql")
def test_in_a_schema_of_its_own(project: Project) -> None:
    options = "{'version_table_schema': 'own', 'version_table': 'ver'}"
    project.env(
        before="connection.execute(sa.text('CREATE SCHEMA IF NOT EXISTS own')); "
        "connection.commit()",
        options=options,
    )
    project.revision("a1", create("t"))
    project.upgrade()
    assert project.ask("SELECT version_num FROM own.ver") == ["a1"]
    assert project.tables() == {"t"}
    project.downgrade("base")
    assert project.ask("SELECT version_num FROM own.ver") == []


def test_an_id_that_does_not_fit_stops_everything(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision(LONG, create("u"))
    if project.url.startswith("sqlite"):
        project.upgrade()
        assert project.versions() == [LONG]
        return
    with pytest.raises(HistoryError, match=f"'{LONG}' has 40 characters"):
        project.upgrade()
    assert project.tables() == set()
    project.upgrade("a1")
    widen(project)
    project.upgrade()
    assert project.versions() == [LONG]


def widen(project: Project) -> None:
    words = "MODIFY version_num VARCHAR(64) NOT NULL"
    if project.url.startswith("postgresql"):
        words = "ALTER version_num TYPE VARCHAR(64)"
    engine = sa.create_engine(project.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE alembic_version {words}")
    engine.dispose()


def test_branches_and_merges(project: Project) -> None:
    project.revision("a1", down=None)
    project.revision("b1", down="a1")
    project.revision("b2", down="a1")
    project.upgrade("heads")
    assert project.versions() == ["b1", "b2"]
    project.revision("m1", down=("b1", "b2"))
    project.upgrade()
    assert project.versions() == ["m1"]
    project.downgrade("b1")
    assert project.versions() == ["b1", "b2"]
    project.downgrade("base")
    assert project.versions() == []


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_somebody_else_was_faster(project: Project) -> None:
    project.revision("a1", create("t"))
    project.revision("b1", "op.execute(\"UPDATE alembic_version SET version_num = 'x'\")")
    message = "expected to match one row when updating 'a1' to 'b1' in 'alembic_version'; 0 found"
    with pytest.raises(CommandError, match=message):
        project.upgrade()
    assert project.versions() == ["a1"]


@pytest.fixture
def connection(small: Project):  # noqa: ANN201 - a fixture that yields
    engine = sa.create_engine(small.url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_asking_leaves_no_transaction(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection)
    assert context.get_current_heads() == ()
    assert context.get_current_revision() is None
    assert not connection.in_transaction()


def test_several_heads_are_not_one(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection)
    context.ensure_version_table()
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('b'), ('a')")
    connection.commit()
    assert context.get_current_heads() == ("b", "a")  # as they were stored
    with pytest.raises(CommandError, match="has more than one head present"):
        context.get_current_revision()
    context.ensure_version_table(purge=True)
    assert context.get_current_heads() == ()


def test_stamp(small: Project, connection: sa.Connection) -> None:
    small.revision("a1")
    small.revision("b1")
    config = Config()
    config.set_main_option("script_location", str(small.folder))
    context = MigrationContext.configure(connection)
    with context.begin_transaction():
        context.stamp(ScriptDirectory.from_config(config), "b1")
    assert small.versions() == ["b1"]
    with context.begin_transaction():
        context.stamp(ScriptDirectory.from_config(config), "a1")
    assert small.versions() == ["a1"]


def test_a_start_is_for_paper_only(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection, opts={"starting_rev": "a1"})
    with pytest.raises(CommandError, match="Can't specify current_rev"):
        context.get_current_heads()


def test_what_is_committed_is_read_back(small: Project) -> None:
    small.revision("a1", create("t"))
    trigger = (
        "CREATE TRIGGER tr AFTER INSERT ON alembic_version BEGIN "
        "UPDATE alembic_version SET version_num = 'z' WHERE version_num = 'a1'; END"
    )
    small.revision("b1", "pass", down=None)
    engine = sa.create_engine(small.url)
    with engine.begin() as connection:
        MigrationContext.configure(connection).ensure_version_table()
        connection.exec_driver_sql(trigger)
    engine.dispose()
    with pytest.raises(CommandError, match="the database is at z and not at a1"):
        small.upgrade("a1")
