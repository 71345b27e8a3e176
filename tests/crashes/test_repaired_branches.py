"""Ways back that were interrupted where the history branches, and what `repair` does with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import RevisionPartlyApplied
from limbeck.workflow import repair
from tests.crashes.statements import statements_on
from tests.runtime.projects import Project, create

pytestmark = pytest.mark.databases("mariadb")

BAD = 'op.drop_table("{0}")\nop.drop_table("{0}2")'


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    """A history that branches and comes together again, applied."""
    project = Project(tmp_path, database_url)
    project.revision("r0", create("r"), 'op.drop_table("r")')
    for name in "xy":
        project.revision(f"{name}1", create(name), BAD.format(name), down="r0")
    project.revision("m1", create("m"), BAD.format("m"), down=("x1", "y1"))
    return project


@pytest.mark.parametrize("way", [repair.resume, repair.mark_applied])
@pytest.mark.parametrize(
    ("at", "back", "name", "rows"),
    [("m1", "x1", "m", ["x1", "y1"]), ("heads", "x1-1", "x", ["y1"])],
    ids=["merge", "branch"],
)
def test_the_revision_is_undone_and_no_other(
    project: Project, way: object, at: str, back: str, name: str, rows: list[str]
) -> None:
    if name == "x":
        (project.folder / "versions" / "m1.py").unlink()
    project.upgrade(at)
    with pytest.raises(RevisionPartlyApplied):
        project.downgrade(back)
    statements_on(project.url, f"CREATE TABLE {name}2 (id INTEGER)")
    assert callable(way)
    assert way(project.config) == (f"{name}1",)
    assert project.versions() == rows
    assert repair.interrupted(project.config) == ()
