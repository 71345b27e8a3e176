"""A snapshot answers in the place of a run of the history, as far as text can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.project import Project
from tests.history.schemas import SECOND, THIRD, shop

USED = "Answered by the snapshot"


def nowhere(url: str) -> str:
    """The address of a database that cannot be reached."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return "sqlite:////nowhere/at/all.db"
    return parsed.set(host="127.0.0.1", port=9).render_as_string(hide_password=False)


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_models_are_compared_with_a_snapshot(tmp_path: Path, database_url: str) -> None:
    project = shop(tmp_path / "project", database_url)
    project.ok("snapshot")
    project.settings(nowhere(database_url), models="shop.models:metadata")
    told = project.run("check", "--models")
    assert (told.code, told.stdout) == (0, "models and history (at r2): alike\n"), told
    assert USED in told.stderr
    if database_url.startswith("sqlite"):
        return
    # what differs is told for sure, and what may be another spelling is told to be open
    project.models(THIRD)
    told = project.run("check", "--models")
    assert told.code == 9 and USED in told.stderr, told
    assert "shop: column web " in told.stdout
    assert "price_is_positive" not in told.stdout
    assert "Unsure, as there is no database to ask: item: check constraint" in told.stderr
    project.models(SECOND.replace("price >= 0.5", "0.5 <= price"))
    told = project.run("check", "--models")
    assert told.code == 11, told
    assert "error: there is no database to ask whether other words mean the same" in told.stderr
    assert "item: check constraint price_is_positive" in told.stderr
    answer = json.loads(project.run("check", "--models", "--drift", "--json").stdout)
    found = {each["question"]: each for each in answer["questions"]}
    assert found["models"]["is_alike"] is None
    assert "0.5 <= price" in str(found["models"]["notes"])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project on SQLite with a snapshot of its heads."""
    project = shop(tmp_path / "project", f"sqlite:///{tmp_path}/shop.db")
    project.ok("snapshot")
    return project


def test_a_difference_is_left_to_the_history(project: Project) -> None:
    project.models(SECOND.replace("price >= 0.5", "0.5 <= price"))
    told = project.run("check", "--models")
    assert told.code == 9 and USED not in told.stderr, told
    assert "item: check constraint price_is_positive" in told.stdout
    # another spelling is none to the database
    project.models(SECOND.replace("price >= 0.5", "(price)  >=  0.5"))
    told = project.run("check", "--models")
    assert told.code in (0, 9) and USED not in told.stderr, told


def test_a_snapshot_that_does_not_fit_is_not_used(project: Project) -> None:
    folder = project.folder / "migrations"
    newest = max((folder / "versions").glob("*.py"), key=lambda path: path.stat().st_mtime_ns)
    text = newest.read_text(encoding="utf-8")
    newest.write_text(text + "\n# a remark\n", encoding="utf-8")
    assert USED in project.run("check", "--models").stderr
    newest.write_text(text + "\nNUMBER = 1\n", encoding="utf-8")
    told = project.run("check", "--models")
    assert told.code == 0 and USED not in told.stderr, told
    newest.write_text(text, encoding="utf-8")
    [path] = (folder / "snapshots").glob("*.json")
    path.write_text("{", encoding="utf-8")
    told = project.run("check", "--models")
    assert told.code == 0 and USED not in told.stderr, told
