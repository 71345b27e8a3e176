"""A run that has nothing to do looks whether another one was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from limbeck.errors import NotResumable, RevisionPartlyApplied
from limbeck.workflow import repair
from limbeck.workflow.stamp import stamp
from tests.crashes.statements import statements_on
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("postgresql15", "mariadb")

JOURNAL = "limbeck_journal"
CONCURRENTLY = 'op.drop_index("ix", "t", postgresql_concurrently=True)'
BAD = 'op.execute("ALTER TABLE nowhere ADD COLUMN x INTEGER")'


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A project at its only revision."""
    project = Project(tmp_path, database_url)
    up = f'{create("t")}\nop.create_index("ix", "t", ["id"])'
    project.revision("a1", up, f"{CONCURRENTLY}\n{BAD}")
    project.upgrade()
    return project


@pytest.mark.parametrize(
    "again",
    [
        lambda project: project.upgrade(),
        lambda project: project.downgrade("a1"),
        lambda project: stamp(project.config, "head"),
    ],
    ids=["upgrade", "downgrade", "stamp"],
)
def test_a_way_back_that_is_half_done_is_not_the_head(
    project: Project, again: Callable[[Project], None]
) -> None:
    with pytest.raises(RevisionPartlyApplied):
        project.downgrade("base")
    assert project.versions() == ["a1"]
    with pytest.raises(NotResumable, match=r"^the downgrade of revision a1 was interrupted"):
        again(project)
    assert JOURNAL in project.tables()
    assert repair.undo(project.config) == ("a1",)
    again(project)
    assert project.tables() == {"alembic_version", "t"}


def test_a_journal_with_nothing_in_it_goes(project: Project) -> None:
    with pytest.raises(RevisionPartlyApplied):
        project.downgrade("base")
    # A run that is killed after its version is committed has no time to drop it.
    statements_on(project.url, f"DELETE FROM {JOURNAL}")
    project.upgrade()
    assert project.tables() == {"alembic_version", "t"}
