"""What ``check`` says of a database that is ahead of the files: that it is, and by what."""

from __future__ import annotations

import pytest

from limbeck import command
from limbeck.errors import HistoryError
from limbeck.workflow.question import DATABASE, DRIFT, HISTORY
from limbeck.workflow.questions import ask
from tests.applied.projects import Project
from tests.applied.test_ahead import make_ahead

AHEAD = "the database is ahead: it has 2 revisions that these files do not know"


@pytest.fixture
def ahead(project: Project) -> Project:
    return make_ahead(project)


@pytest.mark.databases("sqlite", "postgresql18", "mariadb")
def test_check_names_what_it_does_not_know(ahead: Project) -> None:
    with pytest.raises(HistoryError, match=AHEAD) as raised:
        command.check(ahead.config)
    assert raised.value.exit_code == 8
    assert [line[:12] for line in raised.value.details] == ["c3, applied ", "d4, applied "]
    with pytest.raises(HistoryError, match=AHEAD):
        command.revision(ahead.config, "more", autogenerate=True)


@pytest.mark.databases("sqlite")
def test_each_question_says_it(ahead: Project) -> None:
    history, drift, database = sorted(
        ask(ahead.config, (HISTORY, DRIFT, DATABASE)),
        key=lambda each: (HISTORY, DRIFT, DATABASE).index(each.question),
    )
    assert history.is_alike
    assert history.notes[0] == AHEAD
    for each in (drift, database):
        assert each.problem is not None
        assert each.problem.message == AHEAD


@pytest.mark.databases("sqlite")
def test_one_that_no_history_explains_is_unknown_as_ever(ahead: Project) -> None:
    ahead.settings["history"] = False
    with pytest.raises(HistoryError, match="Can't locate revision identified by 'd4'"):
        command.check(ahead.config)
