"""Each mistake gets one line and a hint, its exit code, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad_input.cases import CASES, SECRET, Case
from tests.cli.project import Project

_BY_NAME = {case.name.replace(" ", "-"): case for case in CASES}


@pytest.fixture(params=_BY_NAME.values(), ids=_BY_NAME.keys())
def case(request: pytest.FixtureRequest) -> Case:
    """One mistake."""
    found = request.param
    assert isinstance(found, Case)
    return found


def test_is_told_kindly(case: Case, tmp_path: Path) -> None:
    project = Project(tmp_path)
    case.setup(project)
    before = project.contents()

    answer = project.run(*case.words)

    told = answer.stdout + answer.stderr
    assert answer.code == case.code, told
    assert "Traceback" not in told
    assert SECRET not in told
    lines = answer.stderr.splitlines()
    assert len(lines) <= 12, told
    assert sum(line.startswith("error: ") for line in lines) == 1, told
    assert sum(line.startswith("hint: ") for line in lines) <= 1, told
    for words in case.says:
        assert words in told
    assert project.contents() == before


@pytest.mark.parametrize("case", CASES[::4], ids=list(_BY_NAME)[::4])
def test_is_told_to_programs(case: Case, tmp_path: Path) -> None:
    project = Project(tmp_path)
    case.setup(project)

    answer = project.run("--json", *case.words)

    assert answer.code == case.code, answer
    error = json.loads(answer.stdout)
    assert set(error) == {"error"}
    assert error["error"]["exit_code"] == case.code
    assert error["error"]["code"]
    assert error["error"]["message"]
    assert SECRET not in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr
