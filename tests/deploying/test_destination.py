"""What a relative name means where somebody else has moved the database during the wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import HistoryError
from limbeck.revisions.step import PlanStep
from limbeck.script import ScriptDirectory
from limbeck.workflow.destination import Destination
from tests.applied.projects import Project


@pytest.fixture
def script(tmp_path: Path) -> ScriptDirectory:
    project = Project(tmp_path, "sqlite://")
    project.line("r1", "r2", "r3", "r4", "r5")
    return ScriptDirectory(tmp_path / "migrations")


def ids(steps: list[PlanStep]) -> list[str | None]:
    return [step.id for step in steps]


def test_what_others_have_done_of_it_is_not_done_again(script: ScriptDirectory) -> None:
    down = Destination("-1", script._downgrade_revs)
    assert ids(down.steps(["r3"], 0)) == ["r3"]
    assert ids(down.steps(["r2"], 0)) == []
    up = Destination("+2", script._upgrade_revs)
    assert ids(up.steps(["r1"], 0)) == ["r2", "r3"]
    assert ids(up.steps(["r2"], 0)) == ["r3"]


def test_what_was_applied_meanwhile_is_not_taken_back(script: ScriptDirectory) -> None:
    down = Destination("-1", script._downgrade_revs)
    assert ids(down.steps(["r3"], 0)) == ["r3"]
    with pytest.raises(HistoryError, match="'-1' would do more than was asked for now"):
        down.steps(["r4"], 0)
    up = Destination("+1", script._upgrade_revs)
    assert ids(up.steps(["r3"], 0)) == ["r4"]
    with pytest.raises(HistoryError, match=r"'\+1' would do more"):
        up.steps(["r2"], 0)
