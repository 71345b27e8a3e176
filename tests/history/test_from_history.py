"""A revision that is generated from the history is the one that a database at head gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.project import Project
from tests.history.schemas import FIRST, START, THIRD, remove, shop, written

AUTOGENERATE = ("revision", "--autogenerate", "-m", "third", "--rev-id", "r3", "--no-prove")


def absent(url: str) -> str:
    """The address of a database on the same server that there is not."""
    here = sa.make_url(url)
    name = here.database if here.get_backend_name() != "sqlite" else here.database[:-3]
    return here.set(database=f"{name}_absent").render_as_string(hide_password=False)


def test_it_is_the_same_file(tmp_path: Path, database_url: str, engine: sa.Engine) -> None:
    project = shop(tmp_path / "project", database_url)
    project.models(THIRD)
    project.ok(*AUTOGENERATE)
    expected = written(project, "r3")
    remove(project, "r3")
    assert "op." in expected

    project.ok(*AUTOGENERATE, "--from-history")
    assert written(project, "r3") == expected
    remove(project, "r3")

    # whatever somebody has done to the database
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item ADD COLUMN secret INTEGER")
        connection.exec_driver_sql("DROP TABLE old")
    project.ok(*AUTOGENERATE, "--from-history")
    assert written(project, "r3") == expected
    remove(project, "r3")

    # and by itself, where the database is behind,
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r1'")
    told = project.run(*AUTOGENERATE)
    assert told.code == 0, told
    assert "The database is behind the history" in told.stderr
    assert written(project, "r3") == expected
    remove(project, "r3")

    # or absent
    told = project.run(*AUTOGENERATE, DATABASE_URL=absent(database_url))
    assert told.code == 0, told
    assert "The database is " in told.stderr
    assert written(project, "r3") == expected


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(models="shop.models:metadata")
    project.models(FIRST)
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    return project


def test_two_revisions_in_a_row_without_an_upgrade(project: Project) -> None:
    project.models(THIRD)
    answer = json.loads(project.ok("--json", *AUTOGENERATE))
    assert any("shop.web" in line for line in answer["revisions"][0]["changes"])
    assert not any("create table shop" in line for line in answer["revisions"][0]["changes"])
    assert "behind the history" in answer["notes"][0]
    project.ok("upgrade", "head")
    project.ok("check")


def test_nothing_to_write(project: Project) -> None:
    told = project.run("revision", "--autogenerate", "-m", "none", "--from-history")
    assert told.code == 0
    assert "no file was written" in told.stderr


def test_the_refusal_can_be_had(project: Project) -> None:
    project.models(THIRD)
    before = project.contents()
    told = project.run(*AUTOGENERATE, "--no-from-history")
    assert (told.code, told.stdout) == (2, "")
    assert told.stderr.startswith("error: Target database is not up to date.")
    assert project.contents() == before


def test_models_without_tables_are_refused_there_too(project: Project) -> None:
    project.models(START)
    before = project.contents()
    told = project.run(*AUTOGENERATE, "--from-history")
    assert told.code == 2
    assert "define no tables" in told.stderr
    assert project.contents() == before


def test_only_with_autogenerate(project: Project) -> None:
    told = project.run("revision", "-m", "by hand", "--from-history")
    assert told.code == 2
    assert "--from-history is for what --autogenerate writes" in told.stderr


def test_a_revision_that_fails_is_named(project: Project) -> None:
    project.revision("r2", "r1", "op.drop_table('never_made')")
    project.models(THIRD)
    before = project.contents()
    told = project.run(*AUTOGENERATE)
    assert told.code == 6, told
    assert "r2" in told.stderr
    assert project.contents() == before


def test_an_alembic_project_only_when_asked(tmp_path: Path) -> None:
    project = Project(tmp_path / "classic")
    project.folder.mkdir()
    project.ok("init", "migrations")
    project.models(FIRST)
    project.edit("limbeck.ini", "driver://user:pass@localhost/dbname", "sqlite:///test.db")
    project.edit(
        "migrations/env.py",
        "target_metadata = None",
        "from shop.models import metadata as target_metadata",
    )
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    project.models(THIRD)
    told = project.run(*AUTOGENERATE)
    assert told.code == 2
    assert "Target database is not up to date." in told.stderr
    project.ok(*AUTOGENERATE, "--from-history")
    assert "web" in written(project, "r3")
    assert "price_is_positive" in written(project, "r3")
