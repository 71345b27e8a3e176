"""Revisions that end their transaction by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import RevisionFailed, RevisionPartlyApplied
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("sqlite", "postgresql15", "mariadb")

ROW = 'op.execute("INSERT INTO a VALUES (1)")'


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A project with one revision that is applied."""
    project = Project(tmp_path, database_url)
    project.env(options=repr({"refusals": "limbeck"}))
    project.revision("a1", create("a"))
    project.upgrade()
    return project


@pytest.mark.parametrize(
    "word",
    [
        'op.execute("ROLLBACK")',
        'op.execute("/* all */ rollback work")',
        "op.get_bind().rollback()",
    ],
)
def test_what_was_done_may_not_be_lost(project: Project, word: str) -> None:
    project.revision("a2", f"{ROW}\n{word}\nop.get_bind().exec_driver_sql('SELECT 1')")
    with pytest.raises(RevisionFailed, match="it rolls back what it has done, and goes on"):
        project.upgrade()
    assert project.versions() == ["a1"]
    assert project.ask("SELECT id FROM a") == []


@pytest.mark.databases("sqlite")
def test_with_alembic_it_may(project: Project) -> None:
    project.env()
    project.revision("a2", f'{ROW}\nop.execute("ROLLBACK")')
    project.upgrade()
    assert project.versions() == ["a2"]


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ROLLBACK")\n' + ROW,
        ROW + '\nop.execute("SAVEPOINT s")\nop.execute("ROLLBACK TO SAVEPOINT s")',
    ],
    ids=["nothing before", "savepoint"],
)
def test_a_rollback_that_loses_nothing_goes(project: Project, body: str) -> None:
    project.revision("a2", body)
    project.upgrade()
    assert project.versions() == ["a2"]
    assert project.ask("SELECT id FROM a") == [1]


def test_what_it_commits_is_said_and_gone_on_from(project: Project) -> None:
    body = [create("b"), ROW, 'op.execute("COMMIT")', create("c")]
    project.revision("a2", "\n".join([*body, 'op.execute("INSERT INTO nowhere VALUES (1)")']))
    with pytest.raises(RevisionPartlyApplied):
        project.upgrade()
    assert project.versions() == ["a1"]
    project.last = "a1"
    project.revision("a2", "\n".join([*body, 'op.execute("INSERT INTO c VALUES (1)")']))
    project.upgrade()
    assert project.tables() == {"alembic_version", "a", "b", "c"}
    assert project.ask("SELECT id FROM a") == project.ask("SELECT id FROM c") == [1]
