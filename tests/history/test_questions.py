"""`check` answers three questions apart: models, history and database, two at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.project import Project
from tests.history.schemas import FIRST, SECOND, THIRD, shop


def questions(project: Project, *words: str) -> dict[str, dict[str, Any]]:
    """The answers to the questions, by their names."""
    answer = json.loads(project.run("--json", "check", *words).stdout)
    return {each["question"]: each for each in answer["questions"]}


def words(finding: dict[str, Any]) -> str:
    """All differences of one answer."""
    return "\n".join(each["words"] for each in finding["differences"])


def test_each_question_has_its_answer(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = shop(tmp_path / "project", database_url)
    told = project.run("check", "--all")
    assert told.code == 0, told
    assert told.stdout == (
        "models and history (at r2): alike\n"
        "history and database (at r2): alike\n"
        "models and database: alike\n"
        "revision files and what was applied: alike\n"
    )

    # a change of the models that no revision knows is between them and both others
    project.models(THIRD)
    told = project.run("check", "--models", DATABASE_URL=database_url)
    assert told.code == 9, told
    assert "shop: column web" in told.stdout
    assert "is missing in the history" in told.stdout
    assert "error: the models and the history differ in" in told.stderr
    assert "--from-history" in told.stderr
    assert project.run("check", "--drift").code == 0
    project.models(SECOND)

    # a change of the database by hand is between it and both others
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item ADD COLUMN secret INTEGER")
        connection.exec_driver_sql("CREATE INDEX by_hand ON shop (name)")
        connection.exec_driver_sql("CREATE TABLE stranger (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE VIEW glance AS SELECT id FROM shop")
    told = project.run("check", "--drift")
    assert told.code == 10, told
    lines = told.stdout.splitlines()
    assert lines[0] == "history and database (at r2): 2 differences"
    assert lines[1].startswith("  item: column secret ")
    assert lines[2].startswith("  shop: index by_hand ")
    assert all(line.endswith("is in the database, but not in the history") for line in lines[1:])
    assert "Left alone, as no revision has created it: table stranger, view glance" in told.stderr
    assert "error: the history and the database differ in 2 places" in told.stderr
    found = questions(project, "--drift", "--drop-unowned")
    assert {"table", "view"} <= {each["kind"] for each in found["drift"]["differences"]}
    assert project.run("check", "--models").code == 0
    project.models(THIRD)
    assert project.run("check", "--all").code == 12


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_drift_is_told_where_the_database_is(
    tmp_path: Path, database_url: str, engine: sa.Engine
) -> None:
    project = shop(tmp_path / "project", database_url)
    project.models(THIRD)
    project.ok("revision", "--autogenerate", "-m", "third", "--rev-id", "r3", "--no-prove")
    found = questions(project, "--models", "--drift")
    assert found["drift"]["revisions"] == ["r2"]
    assert found["models"]["revisions"] == ["r3"]
    assert (found["drift"]["is_alike"], found["models"]["is_alike"]) == (True, True)
    assert project.run("check", "--models", "--drift").code == 0

    # what a plain check cannot tell here is said, and keeps its exit code
    told = project.run("check", "--all")
    assert told.code == 2
    assert "models and database: no answer" in told.stdout
    assert "error: models and database: Target database is not up to date." in told.stderr

    project.ok("downgrade", "r1")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE old")
        connection.exec_driver_sql("INSERT INTO shop (name, fax) VALUES ('a', 'b')")
    found = questions(project, "--drift")
    assert found["drift"]["revisions"] == ["r1"]
    assert words(found["drift"]) == "old: table is missing in the database (1 column)"
    project.models(FIRST)
    assert project.run("check", "--all").code == 12


@pytest.mark.databases("sqlite")
def test_drift_and_snapshots_need_no_models(tmp_path: Path, database_url: str) -> None:
    project = shop(tmp_path / "project", database_url)
    project.models("import a_package_that_is_not_there")
    told = project.run("check", "--drift")
    assert told.code == 0 and "history and database (at r2): alike" in told.stdout, told
    assert "naming convention does not hold here: the models in `shop.models`" in told.stderr
    told = project.run("snapshot")
    assert told.code == 0 and "naming convention does not hold here" in told.stderr, told
    assert project.run("check", "--models").code == 2


@pytest.mark.databases("postgresql15")
def test_changes_of_everything_else_by_hand(
    tmp_path: Path, database_url: str, engine: sa.Engine
) -> None:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(database_url, models="shop.models:metadata")
    project.models(FIRST)
    project.revision(
        "r1",
        None,
        "op.execute('CREATE SCHEMA own'); "
        "op.execute('CREATE TABLE own.t (id integer PRIMARY KEY, a integer DEFAULT 1)'); "
        "op.execute('CREATE VIEW own.v AS SELECT id FROM own.t'); "
        "op.execute('CREATE SEQUENCE s'); "
        "op.execute(\"CREATE TYPE mood AS ENUM ('a')\"); "
        "op.execute('CREATE TABLE plain (id integer PRIMARY KEY, c text CHECK (c > 1::text))')",
    )
    project.ok("upgrade", "head")
    told = project.run("check", "--drift")
    assert (told.code, told.stderr) == (0, "")
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE own.t ALTER a SET DEFAULT 2",
            "ALTER TABLE own.t ALTER a TYPE bigint",
            "CREATE OR REPLACE VIEW own.v AS SELECT id FROM own.t WHERE a > 1",
            "ALTER SEQUENCE s INCREMENT 5",
            "ALTER TYPE mood ADD VALUE 'b'",
            "ALTER TABLE plain DROP CONSTRAINT plain_c_check",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER t BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION f()",
            "CREATE SCHEMA others",
            "CREATE TABLE others.o (id integer)",
            "CREATE TABLE own.x (id integer)",
        ):
            connection.exec_driver_sql(statement)
    found = questions(project, "--drift")["drift"]
    said = words(found)
    for word in ("default", "bigint", "own.v", "s: sequence", "mood", "plain_c_check", "trigger"):
        assert word in said, said
    assert len(found["differences"]) == 6, said
    assert found["left_alone"] == ["table own.x", "function f()"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(models="shop.models:metadata")
    project.models(FIRST)
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    return project


def test_models_need_no_database(project: Project) -> None:
    before = project.contents()
    told = project.run("check", "--models", DATABASE_URL="sqlite:////nowhere/at/all.db")
    assert (told.code, told.stdout) == (0, "models and history (at r1): alike\n")
    assert project.contents() == before


def test_an_empty_database_is_compared_with_nothing(project: Project) -> None:
    told = project.run("check", "--drift")
    assert (told.code, told.stdout) == (0, "history and database (at base): alike\n")


def test_a_database_that_does_not_answer(project: Project) -> None:
    nowhere = "sqlite:////nowhere/at/all.db"
    told = project.run("check", "--drift", DATABASE_URL=nowhere)
    assert told.code == 4, told
    assert told.stderr.startswith("error: ")
    told = project.run("check", "--all", DATABASE_URL=nowhere)
    assert told.code == 4, told
    assert "models and history (at r1): alike" in told.stdout
    assert "history and database: no answer" in told.stdout


def test_a_revision_that_fails_is_the_reason_for_no_answer(project: Project) -> None:
    project.revision("r2", "r1", "op.drop_table('never_made')")
    told = project.run("check", "--models")
    assert told.code == 6, told
    assert "r2" in told.stderr


def test_filters_of_env_py_hold(tmp_path: Path) -> None:
    project = Project(tmp_path / "classic")
    project.folder.mkdir()
    project.ok("init", "migrations")
    project.models(FIRST)
    project.edit("limbeck.ini", "driver://user:pass@localhost/dbname", "sqlite:///test.db")
    project.edit(
        "migrations/env.py",
        "target_metadata = None",
        "from shop.models import metadata as target_metadata\n\n"
        "def by_name(name, type_, parents):\n    return name != 'hidden'\n\n"
        "def by_object(thing, name, type_, reflected, compared):\n"
        "    assert thing is not None\n    return name != 'secret'\n",
    )
    project.edit(
        "migrations/env.py",
        "connection=connection, target_metadata=target_metadata",
        "connection=connection, target_metadata=target_metadata, include_name=by_name, "
        "include_object=by_object",
    )
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    project.ok("upgrade", "head")
    engine = sa.create_engine(f"sqlite:///{project.folder}/test.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE hidden (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("ALTER TABLE item ADD COLUMN secret INTEGER")
        connection.exec_driver_sql("CREATE TABLE secret (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE INDEX extra ON item (price)")
    found = questions(project, "--drift")["drift"]
    assert [each["words"] for each in found["differences"]] == [
        "item: index extra on (price) is in the database, but not in the history"
    ]
    assert found["left_alone"] == []
