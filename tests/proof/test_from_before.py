"""What the database had before the migrations is on no scratch database, and refutes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.project.proof_stamp import stamps_of
from tests.cli.project import Project

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
old = sa.Table(
    "old", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False){columns}
)
"""
NEW = """\
sa.Table("new", metadata, sa.Column("id", sa.Integer, primary_key=True){columns})
"""


@pytest.fixture
def project(tmp_path: Path, database_url: str, engine: sa.Engine) -> Project:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(database_url, models="shop.models:metadata")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE old (id INTEGER PRIMARY KEY)")
    return project


def stamp(project: Project) -> str | None:
    """What the stamp in the newest file says of its limits, None where it has none."""
    paths = (project.folder / "migrations" / "versions").glob("*.py")
    newest = max(paths, key=lambda path: path.stat().st_mtime_ns)
    stamps = stamps_of(newest.read_text(encoding="utf-8"))
    return stamps[0].remark if stamps else None


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_table_from_before_is_let_be_and_named(project: Project) -> None:
    project.models(MODELS.format(columns="") + NEW.format(columns=""))
    told = project.run("revision", "--autogenerate", "-m", "one")
    assert told.code == 0, told
    assert "Proved on" in told.stderr
    assert "as no revision creates it: table old" in told.stderr
    assert stamp(project) == "without what no revision creates"
    proved = project.run("prove")
    assert proved.code == 0 and "as no revision creates it: table old" in proved.stdout, proved
    project.ok("upgrade", "head")
    assert project.run("prove").code == 0
    # a question about the history is answered by what it makes; why it differs is said
    asked = project.run("check", "--models")
    assert asked.code == 9 and "table" in asked.stdout, asked
    assert "The database has table old, and no revision creates it" in asked.stderr
    answer = json.loads(project.run("--json", "check", "--models").stdout)
    assert "table old" in str(answer)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_column_from_before_takes_its_index_along(project: Project, engine: sa.Engine) -> None:
    project.models(MODELS.format(columns="") + NEW.format(columns=""))
    project.ok("revision", "--autogenerate", "-m", "one")
    project.ok("upgrade", "head")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE new ADD COLUMN fax INTEGER")
        connection.exec_driver_sql("CREATE INDEX ix_new_fax ON new (fax)")
    columns = ', sa.Column("fax", sa.Integer, index=True), sa.Column("more", sa.Integer)'
    project.models(MODELS.format(columns="") + NEW.format(columns=columns))
    told = project.run("revision", "--autogenerate", "-m", "two")
    assert told.code == 0 and "table old, column new.fax" in told.stderr, told


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_what_builds_on_a_table_from_before_is_not_proved(project: Project) -> None:
    project.models(MODELS.format(columns=', sa.Column("more", sa.Integer)'))
    told = project.run("revision", "--autogenerate", "-m", "one")
    assert told.code == 0, told
    assert "Not proved: it builds on old, which the database had before" in told.stderr
    assert stamp(project) is None
    assert project.run("prove").code == 11
    project.ok("upgrade", "head")
    project.ok("check")


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_a_reference_to_a_table_from_before(project: Project) -> None:
    of_old = ', sa.Column("old_id", sa.ForeignKey("old.id"))'
    project.models(MODELS.format(columns="") + NEW.format(columns=of_old))
    told = project.run("revision", "--autogenerate", "-m", "one")
    # SQLite takes a reference to a table that is not there, the others do not
    assert told.code == 0 and "no revision creates" in told.stderr, told
    project.ok("upgrade", "head")
    project.ok("check")


@pytest.mark.databases("sqlite", "postgresql15")
def test_what_is_forgotten_is_refuted_all_the_same(project: Project) -> None:
    project.models(MODELS.format(columns="") + NEW.format(columns=""))
    project.revision("one", None)
    proved = project.run("prove")
    assert proved.code == 1 and "new" in proved.stdout, proved
    assert "old: table" not in proved.stdout
