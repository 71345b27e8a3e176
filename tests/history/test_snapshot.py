"""A snapshot says what the history makes, and is known to be wrong where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from limbeck.project.snapshot import history_digest, read_snapshot
from tests.cli.project import Project
from tests.history.schemas import FIRST, SECOND, shop


def snapshot_file(project: Project, heads: str) -> Path:
    """The file of a snapshot."""
    [path] = (project.folder / "migrations" / "snapshots").glob(f"{heads}.*.json")
    return path


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_it_is_written_read_and_checked(tmp_path: Path, database_url: str) -> None:
    project = shop(tmp_path / "project", database_url)
    told = project.run("snapshot", "--check")
    assert told.code == 1
    assert "error: there is no snapshot of r2 on" in told.stderr
    answer = json.loads(project.ok("--json", "snapshot"))
    path = snapshot_file(project, "r2")
    assert (answer["is_new"], answer["tables"], answer["revisions"]) == (True, 3, ["r2"])
    assert (project.folder / answer["path"]).samefile(path)
    snapshot = read_snapshot(path)
    assert snapshot.dialect == answer["dialect"] == path.name.split(".")[1]
    assert [str(table.key) for table in snapshot.schema.tables] == ["item", "old", "shop"]
    written = path.read_bytes()
    assert json.loads(project.ok("--json", "snapshot"))["is_new"] is False
    assert path.read_bytes() == written
    assert project.run("snapshot", "--check").code == 0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.settings(models="shop.models:metadata")
    project.models(FIRST)
    project.ok("revision", "--autogenerate", "-m", "first", "--rev-id", "r1", "--no-prove")
    project.ok("snapshot")
    return project


def test_an_edited_history_is_another_one(project: Project) -> None:
    [revision] = (project.folder / "migrations" / "versions").glob("*.py")
    text = revision.read_text(encoding="utf-8")
    revision.write_text(text.replace("def upgrade", "# a remark\ndef upgrade"), encoding="utf-8")
    assert project.run("snapshot", "--check").code == 0

    revision.write_text(text.replace("length=20", "length=21"), encoding="utf-8")
    told = project.run("snapshot", "--check")
    assert told.code == 1, told
    assert "does not say what the history makes" in told.stderr
    assert "shop: column fax changes type VARCHAR(20) -> VARCHAR(21)" in told.stderr

    done = text.replace("def upgrade() -> None:", "def upgrade() -> None:\n    print()")
    assert done != text
    revision.write_text(done, encoding="utf-8")
    told = project.run("snapshot", "--check")
    assert told.code == 1, told
    assert "is of a history that was edited since" in told.stderr


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "is cut off, or no JSON"),
        (lambda text: text.replace('"format": 1', '"format": 99'), "has the form 99"),
        (lambda text: text.replace('"nullable"', '"nullible"'), "is damaged: not a schema"),
        (lambda text: '{"a": 1}', "is no snapshot"),
        (lambda text: "[]", "is no snapshot"),
        (lambda text: '{"format": 1}', "is damaged"),
    ],
)
def test_a_damaged_file_is_one_line(
    project: Project, damage: Callable[[str], str], words: str
) -> None:
    path = snapshot_file(project, "r1")
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    told = project.run("snapshot", "--check")
    assert told.code == 2, told
    first, hint = told.stderr.splitlines()
    assert first.startswith("error: ")
    assert words in first
    assert "`limbeck snapshot`" in hint
    project.ok("snapshot")
    project.ok("snapshot", "--check")


def test_a_new_head_has_a_file_of_its_own(project: Project) -> None:
    project.models(SECOND)
    project.ok("revision", "--autogenerate", "-m", "second", "--rev-id", "r2", "--no-prove")
    assert project.run("snapshot", "--check").code == 1
    project.ok("snapshot")
    assert snapshot_file(project, "r1") != snapshot_file(project, "r2")


def test_the_number_is_over_what_revisions_do() -> None:
    source = 'revision = "a"\ndown_revision = None\n\n\ndef upgrade():\n    op.f(1)\n'
    number = history_digest([("a", source)])
    assert history_digest([("a", '"""Words."""\n' + source + "# remark\n")]) == number
    assert history_digest([("a", source.replace("1", "2"))]) != number
    assert history_digest([("b", source)]) != number
    other = ("c", source)
    assert history_digest([("a", source), other]) == history_digest([other, ("a", source)])
