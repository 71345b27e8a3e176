"""A file that was edited after its proof is told of wherever its revision is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.project import BEFORE, Project

WORDS = "dited since proved: "


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of one generated revision, with its stamp."""
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings("sqlite:///shop.db")
    project.ok("revision", "--autogenerate", "-m", "one")
    return project


def file_of(project: Project) -> Path:
    """The only revision file."""
    (path,) = (project.folder / "migrations" / "versions").glob("*.py")
    return path


def edit(project: Project) -> str:
    """Edit the revision; its id."""
    path = file_of(project)
    text = path.read_text(encoding="utf-8")
    assert "# Proved: " in text
    path.write_text(text.replace("length=50", "length=51"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    return next(
        line.split("=")[1].strip(' "') for line in text.splitlines() if line.startswith("revision")
    )


def test_it_is_told_by_every_command_that_tells_of_the_revision(project: Project) -> None:
    id_ = edit(project)
    status = project.run()
    assert f"proof      edited since proved: {id_} (`limbeck prove {id_}`" in status.stdout
    assert json.loads(project.ok("--json"))["edited_since_proved"] == [id_]
    shown = project.run("show", "head")
    assert WORDS + id_ in shown.stderr and WORDS not in shown.stdout
    (entry,) = json.loads(project.ok("show", "head", "--json"))["revisions"]
    assert entry["is_edited_since_proved"] is True
    assert WORDS + id_ in project.run("history", "-v").stderr
    assert WORDS not in str(project.run("history"))
    assert WORDS not in str(project.run("heads"))
    upgraded = project.run("upgrade", "head")
    assert upgraded.code == 0 and WORDS + id_ in upgraded.stderr
    assert WORDS not in str(project.run("upgrade", "head"))
    assert WORDS + id_ in project.run().stdout


def test_a_stamp_that_fits_and_no_stamp_are_not_told_of(project: Project) -> None:
    commands = [[], ["show", "head"], ["history", "-v"]]
    for words in commands:
        assert WORDS not in str(project.run(*words))
    path = file_of(project)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if "Proved" not in x), encoding="utf-8")
    for words in [*commands, ["upgrade", "head"]]:
        assert WORDS not in str(project.run(*words))
