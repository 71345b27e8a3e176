"""What no revision has created is not dropped, unless that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic.config import CommandLine
from limbeck.autogenerate import compare_metadata
from limbeck.runtime.migration import MigrationContext
from tests.cli.project import Project

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True){columns})
"""
MORE = MODELS + 'sa.Table("b", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(database_url, models="shop.models:metadata")
    return project


def add(engine: sa.Engine, *statements: str) -> None:
    """Change the database behind the project's back."""
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def tables(engine: sa.Engine) -> set[str]:
    """What the database has, but for the tool's own table."""
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_a_database_that_was_there_before(project: Project, engine: sa.Engine) -> None:
    add(
        engine,
        "CREATE TABLE legacy (id INTEGER PRIMARY KEY, a INTEGER)",
        "CREATE INDEX legacy_a ON legacy (a)",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, fax VARCHAR(20), CONSTRAINT u UNIQUE (fax))",
        "CREATE INDEX by_fax ON a (id, fax)",
    )
    if engine.dialect.name == "postgresql":
        add(engine, "CREATE SEQUENCE numbers", "CREATE TYPE mood AS ENUM ('x')")
    project.models(MORE.format(columns=""))
    told = project.run("revision", "--autogenerate", "-m", "first", "--no-prove")
    assert told.code == 0
    assert "Left alone, as no revision has created it: " in told.stderr
    assert "table legacy" in told.stderr
    assert "column a.fax" in told.stderr
    assert "--drop-unowned drops it" in told.stderr
    project.ok("upgrade", "head")
    assert tables(engine) == {"legacy", "a", "b"}
    assert {c["name"] for c in sa.inspect(engine).get_columns("a")} == {"id", "fax"}
    assert "by_fax" in {index["name"] for index in sa.inspect(engine).get_indexes("a")}
    checked = project.run("check")
    assert (checked.code, checked.stdout) == (0, "No new upgrade operations detected.\n")
    assert "table legacy" in checked.stderr
    assert project.run("check", "--drop-unowned").code == 1
    answer = json.loads(project.ok("--json", "check"))
    assert answer["is_up_to_date"]
    assert {"table legacy", "column a.fax"} <= set(answer["left_alone"])
    project.ok("revision", "--autogenerate", "-m", "drop", "--drop-unowned", "--no-prove")
    project.ok("upgrade", "head")
    assert tables(engine) == {"a", "b"}
    assert {c["name"] for c in sa.inspect(engine).get_columns("a")} == {"id"}
    assert json.loads(project.ok("--json", "check", "--drop-unowned"))["is_up_to_date"]


def test_what_a_revision_has_created_is_dropped(project: Project, engine: sa.Engine) -> None:
    project.models(MORE.format(columns=', sa.Column("fax", sa.String(20), index=True)'))
    project.ok("revision", "--autogenerate", "-m", "first")
    project.ok("upgrade", "head")
    add(engine, "CREATE TABLE other (id INTEGER PRIMARY KEY)")
    project.models(MODELS.format(columns=""))
    told = project.run("revision", "--autogenerate", "-m", "second")
    assert "loses data: the table b and its rows" in told.stderr
    assert "loses data: the column a.fax and its values" in told.stderr
    assert "table other" in told.stderr
    project.ok("upgrade", "head")
    assert tables(engine) == {"a", "other"}
    assert {c["name"] for c in sa.inspect(engine).get_columns("a")} == {"id"}


VIEWS = """\
from limbeck.schema import View

View("mine", "SELECT 1 AS a").attach(metadata)
"""


@pytest.mark.databases("sqlite", "postgresql15")
def test_a_view_of_somebody_else(project: Project, engine: sa.Engine) -> None:
    add(engine, "CREATE VIEW theirs AS SELECT 1 AS a")
    more = VIEWS + 'View("another", "SELECT 2 AS a").attach(metadata)\n'
    project.models(MODELS.format(columns="") + more)
    assert "view theirs" in project.run("revision", "--autogenerate", "-m", "first").stderr
    project.ok("upgrade", "head")
    project.models(MODELS.format(columns="") + VIEWS)
    project.ok("revision", "--autogenerate", "-m", "second")
    project.ok("upgrade", "head")
    assert set(sa.inspect(engine).get_view_names()) == {"mine", "theirs"}
    assert project.ok("check") == "No new upgrade operations detected.\n"


@pytest.mark.databases("sqlite")
def test_a_file_of_alembics_drops_what_alembic_drops(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/test.db")
    add(engine, "CREATE TABLE legacy (id INTEGER PRIMARY KEY)")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        found = compare_metadata(context, sa.MetaData())
    assert [each[0] for each in found] == ["remove_table"]


@pytest.mark.parametrize("option", ["--drop-unowned", "--fill=t.a=0", "--no-fill=t.a"])
def test_the_command_alembic_has_no_such_options(option: str) -> None:
    with pytest.raises(SystemExit):
        CommandLine().parser.parse_args(["revision", option])
