"""Two applications that share a database, each with a version table of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import RevisionPartlyApplied
from limbeck.workflow import repair
from limbeck.workflow.downgrade import downgrade
from limbeck.workflow.upgrade import upgrade
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("postgresql15", "mariadb")

BAD = 'op.execute("ALTER TABLE nowhere ADD COLUMN x INTEGER")'
APART = """
with context.get_context().autocommit_block():
    op.create_table("{0}2", sa.Column("id", sa.Integer))
    {1}
"""
LONG = "versions_" + 45 * "x"


@pytest.mark.parametrize("other", ["their_version", LONG], ids=["short", "long"])
def test_one_that_was_interrupted_does_not_stop_the_other(
    tmp_path: Path, database_url: str, other: str
) -> None:
    ours = _project(tmp_path / "ours", database_url, "alembic_version", "a")
    theirs = _project(tmp_path / "theirs", database_url, other, "b")
    upgrade(theirs.config, "b1")
    with pytest.raises(RevisionPartlyApplied):
        ours.upgrade()
    upgrade(theirs.config, "b1")  # nothing to do
    assert repair.interrupted(theirs.config) == ()
    with pytest.raises(RevisionPartlyApplied):
        theirs.upgrade()
    (half,) = repair.interrupted(ours.config)
    assert half.revision == "a2"
    assert repair.undo(theirs.config) == ("b2",)
    downgrade(theirs.config, "base")
    assert repair.undo(ours.config) == ("a2",)
    assert ours.tables() == {"alembic_version", other, "a"}


def _project(folder: Path, url: str, version_table: str, name: str) -> Project:
    project = Project(folder, url)
    project.env(options=repr({"version_table": version_table}))
    project.revision(f"{name}1", create(name), f'op.drop_table("{name}")')
    project.revision(f"{name}2", "from limbeck import context" + APART.format(name, BAD))
    return project
