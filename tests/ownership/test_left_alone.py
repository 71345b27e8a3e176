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
    """What the database has, but for the tool's own tables."""
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version", "limbeck_history"}


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


PARTS = MODELS.format(
    columns=""", sa.Column("n", sa.Integer{n}), sa.Column("m", sa.Integer),
    sa.Column("u", sa.Integer){more}"""
)


def parts(engine: sa.Engine) -> set[str | None]:
    """The names of a table's constraints and indexes."""
    inspector = sa.inspect(engine)
    found = [
        *inspector.get_indexes("a"),
        *inspector.get_unique_constraints("a"),
        *inspector.get_check_constraints("a"),
        *inspector.get_foreign_keys("a"),
    ]
    return {each["name"] for each in found}


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_indexes_and_constraints_made_by_hand(project: Project, engine: sa.Engine) -> None:
    of_theirs = """
    , sa.Index("mine", "n"), sa.UniqueConstraint("n", "m", name="mine_u")
    , sa.CheckConstraint("n > 0", name="mine_c")"""
    project.models(PARTS.format(n=", index=True", more=of_theirs))
    project.ok("revision", "--autogenerate", "-m", "first", "--no-prove")
    project.ok("upgrade", "head")
    add(engine, "CREATE INDEX hand ON a (n, id)", "CREATE UNIQUE INDEX hand_u ON a (m)")
    strange = {"hand", "hand_u"}
    if engine.dialect.name != "sqlite":
        add(
            engine,
            "ALTER TABLE a ADD CONSTRAINT hand_c CHECK (m > 1)",
            "ALTER TABLE a ADD CONSTRAINT hand_f FOREIGN KEY (u) REFERENCES a (id)",
        )
        strange |= {"hand_c", "hand_f"}
    assert project.run("check").code == 0
    project.models(PARTS.format(n="", more=""))
    assert project.run("check").code == 1
    told = project.run("revision", "--autogenerate", "-m", "second", "--no-prove")
    for name in strange:
        assert f" {name} on a" in told.stderr, told
    project.ok("upgrade", "head")
    left = parts(engine)
    assert strange <= left
    assert not {"mine", "mine_u", "mine_c", "ix_a_n"} & left
    checked = project.run("check")
    assert (checked.code, checked.stdout) == (0, "No new upgrade operations detected.\n")
    assert "index hand on a" in checked.stderr
    assert project.run("check", "--drop-unowned").code == 1
    project.ok("revision", "--autogenerate", "-m", "third", "--no-prove", "--drop-unowned")
    project.ok("upgrade", "head")
    assert not strange & parts(engine)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_what_stands_in_the_way_goes_along(project: Project, engine: sa.Engine) -> None:
    project.models(PARTS.format(n="", more=""))
    project.ok("revision", "--autogenerate", "-m", "first", "--no-prove")
    project.ok("upgrade", "head")
    add(engine, "CREATE INDEX hand ON a (n, id)", "CREATE UNIQUE INDEX later ON a (m)")
    more = ', sa.UniqueConstraint("m", name="later")'
    project.models(
        MODELS.format(columns=', sa.Column("m", sa.Integer), sa.Column("u", sa.Integer)' + more)
    )
    project.ok("revision", "--autogenerate", "-m", "second", "--no-prove")
    project.ok("upgrade", "head")
    assert "hand" not in parts(engine)
    assert "later" in parts(engine)
    assert project.ok("check") == "No new upgrade operations detected.\n"


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize("kinds", ["", "view"])
def test_a_view_made_by_hand_stands_in_the_way(
    kinds: str, project: Project, engine: sa.Engine
) -> None:
    project.settings(project.environment["DATABASE_URL"], models="shop.models:metadata")
    project.models(MODELS.format(columns=', sa.Column("n", sa.Integer)'))
    project.ok("revision", "--autogenerate", "-m", "first", "--no-prove")
    project.ok("upgrade", "head")
    view = "CREATE VIEW hand AS SELECT n, ':x' AS words FROM a"
    add(engine, view, "CREATE VIEW hand_2 AS SELECT n FROM hand", "COMMENT ON VIEW hand IS 'it''s'")
    if kinds:
        project.edit("limbeck.toml", "models =", f'compare_objects = "{kinds}"\nmodels =')
    project.models(MODELS.format(columns=', sa.Column("n", sa.BigInteger)'))
    project.ok("revision", "--autogenerate", "-m", "second", "--no-prove")
    for way in (("upgrade", "head"), ("downgrade", "-1"), ("upgrade", "head")):
        project.ok(*way)
        assert set(sa.inspect(engine).get_view_names()) == {"hand", "hand_2"}
        with engine.connect() as connection:
            comment = connection.scalar(sa.text("SELECT obj_description('hand'::regclass)"))
        assert comment == "it's"
    add(engine, "DROP VIEW hand_2")
    project.ok("downgrade", "-1")
    assert sa.inspect(engine).get_view_names() == ["hand"]
    add(engine, "DROP VIEW hand")
    for way in (("upgrade", "head"), ("downgrade", "-1")):
        project.ok(*way)
        assert sa.inspect(engine).get_view_names() == []


@pytest.mark.databases("sqlite", "postgresql15")
def test_a_table_made_by_hand_comes_into_the_models(project: Project, engine: sa.Engine) -> None:
    project.models(MODELS.format(columns=""))
    project.ok("revision", "--autogenerate", "-m", "first", "--no-prove")
    project.ok("upgrade", "head")
    number = "SERIAL" if engine.dialect.name == "postgresql" else "INTEGER"
    add(engine, f"CREATE TABLE b (id {number} NOT NULL PRIMARY KEY)")
    project.models(MORE.format(columns=""))
    told = project.run("revision", "--autogenerate", "-m", "second", "--no-prove")
    assert "No revision creates the table b: a database without it does not get it" in told.stderr
    assert "no file was written" in told.stderr
    wanted = ("revision", "--autogenerate", "--from-history", "-m", "third", "--no-prove")
    told = project.run(*wanted)
    assert (told.code, "create table b" in told.stderr) == (0, True), told
    assert "No revision creates" not in told.stderr
    project.ok("stamp", "head")
    assert project.ok("check") == "No new upgrade operations detected.\n"
    add(engine, "DROP TABLE a", "DROP TABLE b", "DELETE FROM alembic_version")
    project.ok("upgrade", "head")
    assert tables(engine) == {"a", "b"}
    told = project.run("revision", "--autogenerate", "-m", "fourth", "--no-prove")
    assert "No revision creates" not in told.stderr
