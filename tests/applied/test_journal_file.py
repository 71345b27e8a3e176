"""A long run on SQLite keeps the file of SQLite's journal between its commits, and leaves none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from limbeck.runtime.resent.sessions import SqliteSession
from tests.applied.resent import anew
from tests.applied.test_resent import write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.applied.projects import Project

pytestmark = pytest.mark.usefixtures("sent")


def _journal(project: Project) -> Path:
    database = sa.make_url(project.url).database
    assert database is not None
    return project.folder / f"{database}-journal"


@pytest.fixture
def seen(small: Project, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether there was a journal each time before a revision was sent."""
    found: list[bool] = []
    usual = SqliteSession._send

    def send(self: SqliteSession, *of: Any) -> None:
        found.append(_journal(small).exists())
        usual(self, *of)

    monkeypatch.setattr(SqliteSession, "_send", send)
    return found


def _mode(project: Project) -> Any:
    with project.connect() as connection:
        return connection.exec_driver_sql("PRAGMA journal_mode").scalar()


def test_the_file_is_kept_from_the_second_commit_on(small: Project, seen: list[bool]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    small.upgrade()
    # r05 and r08 have to run, and what is sent around them begins anew each time
    assert (seen.count(True), seen[:3]) == (3, [False, False, True]), seen
    assert not _journal(small).exists()
    assert _mode(small) == "delete"


def test_another_mode_stays(small: Project, seen: list[bool]) -> None:
    write(small)
    small.upgrade()
    anew(small)
    with small.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    small.upgrade()
    assert seen
    assert True not in seen
    assert _mode(small) == "wal"
