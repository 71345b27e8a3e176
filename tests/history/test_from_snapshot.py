"""A revision is generated from the last snapshot, and is the one that the history gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.project import Project
from tests.history.schemas import FIRST, SECOND, THIRD, remove, shop, written
from tests.history.test_from_history import AUTOGENERATE, absent

TAKEN = "is taken from"


def snapshot_file(project: Project) -> Path:
    """The file of the only snapshot."""
    [path] = (project.folder / "migrations" / "snapshots").glob("*.json")
    return path


def statements(project: Project) -> list[str]:
    """The SQL in the snapshot."""
    found: list[str] = json.loads(snapshot_file(project).read_text(encoding="utf-8"))["statements"]
    return found


def test_it_is_the_same_file(tmp_path: Path, database_url: str) -> None:
    project = shop(tmp_path / "project", database_url)
    project.models(THIRD)
    project.ok(*AUTOGENERATE, "--from-history")
    expected = written(project, "r3")
    remove(project, "r3")
    project.ok("snapshot")
    assert any("price_is_positive" in each for each in statements(project))

    told = project.run(*AUTOGENERATE, "--from-history")
    assert told.code == 0 and TAKEN in told.stderr, told
    assert written(project, "r3") == expected
    remove(project, "r3")

    # also where there is no database, and of models whose texts differ
    told = project.run(*AUTOGENERATE, DATABASE_URL=absent(database_url))
    assert told.code == 0 and TAKEN in told.stderr, told
    assert written(project, "r3") == expected
    remove(project, "r3")
    told = project.run("check", "--models")
    assert told.code == 9 and TAKEN in told.stderr, told
    project.models(SECOND.replace("price >= 0.5", "price  >=0.5"))
    told = project.run("check", "--models")
    assert told.code == 0, told


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project on SQLite with a snapshot of its only revision."""
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(models="shop.models:metadata")
    project.models(FIRST)
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    project.ok("snapshot")
    project.models(THIRD)
    return project


def without_statements(text: str) -> str:
    """The snapshot of an older limbeck."""
    data = json.loads(text)
    del data["statements"]
    return json.dumps(data)


@pytest.mark.parametrize(
    "edited",
    [
        lambda text: text.replace("VARCHAR(40)", "VARCHAR(41)", 1),
        lambda text: text.replace('"CREATE TABLE shop', '"CREATE TABLE IF shop'),
        lambda text: text.replace('"CREATE TABLE shop', '"CREATE VIEW v AS SELECT 1; --'),
        lambda text: text.replace('"CREATE TABLE old', '"ATTACH \'x.db\' AS x", "CREATE TABLE old'),
        without_statements,
    ],
)
def test_one_that_does_not_make_what_it_says_is_not_used(project: Project, edited: object) -> None:
    project.ok(*AUTOGENERATE)
    expected = written(project, "r3")
    remove(project, "r3")
    path = snapshot_file(project)
    text = path.read_text(encoding="utf-8")
    assert callable(edited) and edited(text) != text
    path.write_text(edited(text), encoding="utf-8")
    told = project.run(*AUTOGENERATE)
    assert told.code == 0 and TAKEN not in told.stderr, told
    assert written(project, "r3") == expected
    assert not (project.folder / "x.db").exists()


def test_one_of_an_edited_history_is_not_used(project: Project) -> None:
    [path] = (project.folder / "migrations" / "versions").glob("*.py")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("length=60", "length=50") + "\nNUMBER = 1\n", encoding="utf-8")
    told = project.run(*AUTOGENERATE)
    assert told.code == 0 and TAKEN not in told.stderr, told


def test_sqlite_keeps_what_no_fact_says(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(models="shop.models:metadata")
    project.models(FIRST)
    project.revision(
        "r1",
        None,
        "op.execute('CREATE TABLE shop (id INTEGER PRIMARY KEY, /* 5 % */ name TEXT)')"
        "; op.execute('CREATE TRIGGER t AFTER INSERT ON shop BEGIN SELECT 1; SELECT 2; END')"
        "; op.execute('CREATE INDEX i ON shop (name DESC)')",
    )
    project.ok("snapshot")
    assert statements(project) == [
        "CREATE TABLE shop (id INTEGER PRIMARY KEY, /* 5 % */ name TEXT)",
        "CREATE TRIGGER t AFTER INSERT ON shop BEGIN SELECT 1; SELECT 2; END",
        "CREATE INDEX i ON shop (name DESC)",
    ]
    told = project.run("check", "--models")
    assert told.code == 9 and TAKEN in told.stderr, told
