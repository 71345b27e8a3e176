"""Each mistake gets one line and a hint, its exit code, and changes nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.bad_input import (
    cases,
    cases_commands,
    cases_environment,
    cases_revisions,
    cases_settings,
    cases_toml,
    cases_versions,
)
from tests.bad_input.case import SECRET, Case, Fine
from tests.cli.project import Answer, Project

_GROUPS = (cases_commands, cases_environment, cases_revisions, cases_settings, cases_versions)
CASES: tuple[Case, ...] = sum((group.CASES for group in (*_GROUPS, cases_toml)), cases.CASES)
FINE: tuple[Fine, ...] = sum((group.FINE for group in _GROUPS), ())
_NOT_FOR_EYES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _name(case: Case | Fine) -> str:
    return case.name.replace(" ", "-")


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_is_told_kindly(case: Case, tmp_path: Path) -> None:
    project = Project(tmp_path)
    case.setup(project)
    before = project.contents()

    answer = project.run(*case.words)

    _is_kind(answer, case.code)
    told = answer.stdout + answer.stderr
    for words in case.says:
        assert words in told, told
    after = project.contents()
    if case.at is not None:
        assert versions_of(project) == [case.at]
        before.pop("test.db", None)
        del after["test.db"]
    assert after == before


@pytest.mark.parametrize("case", CASES[::6], ids=_name)
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


@pytest.mark.parametrize("case", FINE, ids=_name)
def test_is_no_mistake(case: Fine, tmp_path: Path) -> None:
    project = Project(tmp_path)
    case.setup(project)

    answer = project.run(*case.words)

    told = answer.stdout + answer.stderr
    assert answer.code == 0, told
    assert not _NOT_FOR_EYES.search(told), repr(told)
    if case.at is not None:
        assert versions_of(project) == [case.at]
    if case.words[0:1] in (("revision",), ("merge",)):
        assert project.run("upgrade", "head").code == 0
        (new,) = versions_of(project)
        assert new != case.at


def _is_kind(answer: Answer, code: int) -> None:
    told = answer.stdout + answer.stderr
    assert answer.code == code, told
    assert "Traceback" not in told
    assert SECRET not in told
    assert not _NOT_FOR_EYES.search(told), repr(told)
    lines = answer.stderr.splitlines()
    assert len(lines) <= 12, told
    assert sum(line.startswith("error: ") for line in lines) == 1, told
    assert sum(line.startswith("hint: ") for line in lines) <= 1, told


def versions_of(project: Project) -> list[str]:
    """What the version table of the project's SQLite database holds."""
    connection = sqlite3.connect(project.folder / "test.db")
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    finally:
        connection.close()
    return [version for (version,) in rows]
