"""A long run on SQLite that is killed while it sends again what was sent before."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from limbeck.database import bare_statements
from limbeck.runtime.resent import sessions
from tests.applied.resent import next_process
from tests.applied.test_resent import facts, told, write
from tests.dying import AtStatement, killed_before, killed_within

if TYPE_CHECKING:
    from tests.applied.projects import Project

pytestmark = pytest.mark.usefixtures("sent")

_QUESTIONS = ("SELECT ", "PRAGMA foreign_key_check")


@pytest.fixture
def statements(small: Project) -> list[str]:
    """What is sent again of a long run, to a database like one in ``usual.db``."""
    write(small)
    small.upgrade()
    _file(small).rename(small.folder / "usual.db")
    heard = small.folder / "heard.txt"

    def before(_: int, statement: str) -> None:
        with heard.open("a") as file:
            file.write(f"{' '.join(statement.split())}\n")

    assert _ended(small, before) == 0
    found = heard.read_text().splitlines()
    assert "PRAGMA journal_mode = PERSIST" in found
    assert found.count("COMMIT") > 5
    return found


def test_before_any_statement(small: Project, statements: list[str]) -> None:
    for number, statement in enumerate(statements):
        if statement.startswith(_QUESTIONS):
            continue  # it changes nothing, so that it is as well to be killed before the next

        assert _ended(small, killed_before(number)) == -signal.SIGKILL, statement
        _assert_it_goes_on(small, statements[:number])


def test_within_a_commit(small: Project, statements: list[str]) -> None:
    """It ends where a file would be written to from some page on, the database's or its journal."""
    commits = [number for number, each in enumerate(statements) if each == "COMMIT"]
    for commit in (commits[0], commits[2], commits[-1]):
        for page in count(1):
            code = _ended(small, killed_within(commit, page))
            is_within = code == -signal.SIGXFSZ
            _assert_it_goes_on(small, statements[: commit + (not is_within)])
            if not is_within:
                assert code == -signal.SIGKILL
                break  # no file is that long
        assert page > 2, "it was not killed within the database's file"


def _assert_it_goes_on(project: Project, sent: list[str]) -> None:
    """What is in is whole, and another run brings the database to where a usual one does."""
    copy = project.folder / "copy.db"
    for ending in ("", "-journal"):
        Path(f"{copy}{ending}").unlink(missing_ok=True)
        source = Path(f"{_file(project)}{ending}")
        if source.exists():
            shutil.copy(source, f"{copy}{ending}")
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        rows = connection.exec_driver_sql(
            "SELECT revision FROM limbeck_history WHERE outcome = 'done' ORDER BY number"
        )
        history = list(rows.scalars())
        heads = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    engine.dispose()
    assert heads == [(history[-1],)]
    # those between are run, and not sent
    assert sent.count("COMMIT") <= len(history) - 1 <= sent.count("COMMIT") + 3
    project.upgrade()
    # where nothing was left to do, it stays, without any effect, to the next commit
    journal = Path(f"{_file(project)}-journal")
    assert history[-1] == "r12" or not journal.exists()
    journal.unlink(missing_ok=True)
    found = facts(project), told(project)
    _file(project).rename(project.folder / "done.db")
    (project.folder / "usual.db").rename(_file(project))
    assert found == (facts(project), told(project))
    _file(project).rename(project.folder / "usual.db")


def _file(project: Project) -> Path:
    database = sa.make_url(project.url).database
    assert database is not None
    return Path(database)


def _ended(project: Project, before: AtStatement) -> int:
    """Upgrade an empty database in a process; its code, or minus the signal that has ended it."""
    _file(project).unlink(missing_ok=True)
    next_process()
    process = os.fork()
    if process == 0:
        _be_the_command(project, before)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _be_the_command(project: Project, before: AtStatement) -> None:
    numbers = count()

    def do_execute(cursor: Any, statement: str, *parameters: Any) -> None:
        before(next(numbers), statement)
        bare_statements.do_execute(cursor, statement, *parameters)

    code = 70
    try:
        sessions.do_execute = do_execute  # type: ignore[attr-defined]  # it is imported there
        project.upgrade()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
