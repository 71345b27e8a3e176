"""Every command that tells something tells it to programs as one JSON object."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from limbeck.cli.progress import Progress
from limbeck.runtime.events import DoneByAnother
from tests.cli.project import AFTER, BEFORE, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose database is at its one revision."""
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings()
    return project


def ask(project: Project, *words: str, code: int = 0) -> Any:
    """Run a command with ``--json``."""
    answer = project.run(*words, "--json")
    assert answer.code == code, answer
    return json.loads(answer.stdout)


def test_the_whole_flow(project: Project) -> None:
    written = ask(project, "revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa1111")
    [revision] = written["revisions"]
    assert revision["revision"] == "aaaa1111"
    assert revision["message"] == "first"
    assert any("customer" in change for change in revision["changes"])

    sql = ask(project, "upgrade", "head", "--sql")["sql"]
    assert "CREATE TABLE customer" in sql

    [ran] = ask(project, "upgrade", "head")["ran"]
    assert (ran["direction"], ran["revision"]) == ("upgrade", "aaaa1111")
    assert ran["seconds"] >= 0
    assert ask(project, "upgrade", "head") == {
        "ran": [],
        "done_by_others": [],
        "notices": [],
    }

    [database] = ask(project, "current")["databases"]
    assert database["is_at_heads"] is True
    assert [each["revision"] for each in database["revisions"]] == ["aaaa1111"]

    assert ask(project, "check") == {
        "is_up_to_date": True,
        "differences": [],
        "left_alone": [],
        "history": [],
    }
    project.models(AFTER)
    differs = ask(project, "check", code=1)
    assert differs["is_up_to_date"] is False
    added = [each for each in differs["differences"] if each["change"] == "added"]
    assert {each["table"] for each in added} >= {"orders", "customer"}
    assert all(each["words"] and each["kind"] and each["after"] for each in added)

    [entry] = ask(project, "history", "-i")["revisions"]
    assert entry["is_current"] is True
    assert ask(project, "history")["revisions"][0]["is_current"] is None
    assert [each["revision"] for each in ask(project, "heads")["heads"]] == ["aaaa1111"]
    assert ask(project, "show", "head")["revisions"][0]["message"] == "first"
    assert ask(project, "branches") == {"branch_points": []}
    assert {each["name"] for each in ask(project, "list_templates")["templates"]} == {
        "async",
        "generic",
        "multidb",
        "pyproject",
        "pyproject_async",
    }
    [ran] = ask(project, "downgrade", "base")["ran"]
    assert ran["direction"] == "downgrade"
    [ran] = ask(project, "stamp", "head")["ran"]
    assert ran["direction"] == "stamp"
    assert ask(project, "current", "--check-heads")["databases"][0]["is_at_heads"] is True


def test_a_database_behind_is_told(project: Project) -> None:
    project.revision("aaaa1111", None)
    told = ask(project, "current", "--check-heads", code=1)
    assert told["databases"][0]["is_at_heads"] is False


def test_merge_and_branches(project: Project) -> None:
    project.revision("aaaa1111", None)
    project.revision("bbbb2222", "aaaa1111")
    project.revision("cccc3333", "aaaa1111")
    [point] = ask(project, "branches")["branch_points"]
    assert [child["revision"] for child in point["children"]] == ["bbbb2222", "cccc3333"]
    [merged] = ask(project, "merge", "heads", "-m", "both")["revisions"]
    assert merged["parents"] == ["bbbb2222", "cccc3333"]
    assert merged["is_merge_point"] is True


def test_init_tells_what_it_found(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    told = ask(project, "init")
    assert told["models"] == ["shop.models:Base.metadata"]
    assert told["tables"] == ["customer"]
    assert Path(told["settings_file"]).name == "limbeck.toml"


def test_errors_are_told_too(project: Project) -> None:
    project.ok("revision", "-m", "first")
    told = ask(project, "upgrade", "nope", code=8)
    assert set(told["error"]) == {"code", "exit_code", "message", "hint", "details"}
    assert "nope" in told["error"]["message"]


def test_what_another_deployer_has_done() -> None:
    progress = Progress()
    progress(DoneByAnother("upgrade", 2, 0))
    assert progress.others() == [{"direction": "upgrade", "revisions": 2, "left": 0}]
    assert progress.facts() == []
