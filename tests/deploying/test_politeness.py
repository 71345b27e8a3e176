"""A migration that waits behind a long query does not stop the application."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError, RevisionFailed, RevisionPartlyApplied
from limbeck.runtime.events import Event, StatementBlocked
from limbeck.workflow import repair
from limbeck.workflow.upgrade import upgrade
from tests.deploying.fleet import Fleet
from tests.deploying.test_waiting import until
from tests.runtime.projects import Project, create

LEAST = {"postgresql15": 0.5, "postgresql18": 0.5, "mariadb": 1.0}
BLOCKED = {
    "postgresql15": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND wait_event_type = 'Lock' AND query LIKE 'ALTER%'",
    "mariadb": "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() "
    "AND state LIKE 'Waiting for table metadata lock' AND info LIKE 'ALTER%'",
}
ALTER = 'op.add_column("t", sa.Column("more", sa.Integer))'

pytestmark = pytest.mark.databases("postgresql15", "mariadb")


class Stream:
    """An application that asks one question again and again.

    :param url: the database.
    :param table: what it reads.
    """

    def __init__(self, url: str, table: str) -> None:
        self.worst, self.count = 0.0, 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(url, table))

    def _ask(self, url: str, table: str) -> None:
        engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            while not self._ends.is_set():
                clock = time.monotonic()
                connection.exec_driver_sql(f"SELECT count(*) FROM {table}").all()
                self.worst = max(self.worst, time.monotonic() - clock)
                self.count += 1
                time.sleep(0.01)

    def __enter__(self) -> Stream:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()


@contextmanager
def transaction_of(url: str, statement: str) -> Iterator[sa.Connection]:
    """A transaction of somebody else's that has read or written something."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        yield connection
        connection.rollback()


@pytest.fixture
def project(tmp_path: Path, database_url: str) -> Project:
    project = Project(tmp_path, database_url)
    project.revision("a1", f"{create('t')}\n{create('other')}")
    project.upgrade()
    project.revision("b1", ALTER)
    return project


@pytest.mark.parametrize(("seconds", "polite"), [(8.0, True), (3.0, False)])
def test_the_application_goes_on(
    tmp_path: Path, database_url: str, database_name: str, seconds: float, polite: bool
) -> None:
    fleet = Fleet(tmp_path, database_url)
    fleet.revision(1, f"{create('t')}\n{create('other')}")
    assert fleet.deploy(1)[0].code == 0
    fleet.revision(2, ALTER)
    with Stream(database_url, "t") as reading, Stream(database_url, "other") as calm:
        with transaction_of(database_url, "SELECT * FROM t"):
            process = fleet.start(*(() if polite else ("upgrade", "head", "--lock-timeout", "0")))
            until(lambda: fleet.ask(BLOCKED[database_name]) == [1])
            time.sleep(seconds)
            assert process.poll() is None
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    fleet.expect_at(2)
    assert reading.count > 20
    noise = 0.2 + calm.worst
    if polite:
        assert reading.worst < LEAST[database_name] + noise
        assert told.splitlines()[0].startswith("waiting for ")
    else:
        assert reading.worst > seconds - noise


def test_it_says_who_is_in_the_way(project: Project, database_name: str) -> None:
    told: list[Event] = []
    with (
        transaction_of(project.url, "SELECT * FROM t"),
        pytest.raises(RevisionFailed) as failed,
    ):
        upgrade(project.config, "head", lock_wait=1.5, report=told.append)
    blocked = [event for event in told if isinstance(event, StatementBlocked)]
    assert len(blocked) == 1
    known = {"postgresql15": "pid ", "mariadb": "perhaps connection "}
    assert blocked[0].blocker.startswith(known[database_name])
    assert "idle" in blocked[0].blocker
    assert blocked[0].sql.startswith("ALTER TABLE t ADD COLUMN more")
    assert any(blocked[0].blocker.split(",")[0] in line for line in failed.value.details)
    assert project.versions() == ["a1"]
    project.upgrade()
    assert project.versions() == ["b1"]


@pytest.mark.databases("postgresql15")
def test_a_whole_revision_is_run_again(project: Project) -> None:
    project.revision(
        "c1",
        """
        op.execute("INSERT INTO other VALUES (1)")
        op.add_column("t", sa.Column("again", sa.Integer))
        """,
    )
    upgrade(project.config, "b1")
    told: list[Event] = []
    with transaction_of(project.url, "SELECT * FROM t") as other:
        threading.Timer(2, other.rollback).start()
        upgrade(project.config, "head", report=told.append)
    assert any(isinstance(event, StatementBlocked) for event in told)
    assert project.ask("SELECT count(*) FROM other") == [1]
    assert project.versions() == ["c1"]


@pytest.mark.databases("postgresql15")
def test_statements_that_change_rows_wait_as_long_as_ever(project: Project) -> None:
    project.ask("SELECT 1")
    with sa.create_engine(project.url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("INSERT INTO other VALUES (1)")
    project.revision(
        "c1",
        """
        op.add_column("t", sa.Column("again", sa.Integer))
        op.execute("UPDATE other SET id = id + 1")
        assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "0"
        op.drop_column("t", "again")
        assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "500ms"
        """,
    )
    upgrade(project.config, "b1")
    told: list[Event] = []
    with transaction_of(project.url, "UPDATE other SET id = 5") as other:
        threading.Timer(1.5, other.rollback).start()
        upgrade(project.config, "head", report=told.append)
    assert not [event for event in told if isinstance(event, StatementBlocked)]
    assert project.ask("SELECT id FROM other") == [2]


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("op.execute(\"SET LOCAL lock_timeout = '7s'\")", "7s"),
        ("pass", "500ms"),
    ],
)
def test_what_a_revision_says_itself_holds(project: Project, body: str, expected: str) -> None:
    project.revision(
        "c1",
        f"""
        {body}
        op.add_column("t", sa.Column("again", sa.Integer))
        assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == {expected!r}
        """,
    )
    project.upgrade()
    assert project.versions() == ["c1"]


@pytest.mark.databases("postgresql15")
def test_what_the_session_is_set_to_holds(project: Project) -> None:
    project.env(before='connection.exec_driver_sql("SET lock_timeout = 3000"); connection.commit()')
    project.revision(
        "c1",
        """
        op.add_column("t", sa.Column("again", sa.Integer))
        assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "3s"
        """,
    )
    project.upgrade()
    assert project.versions() == ["c1"]


@pytest.mark.databases("postgresql15")
def test_all_in_one_transaction_waits_as_long_as_ever(project: Project) -> None:
    """What holds the locks of earlier revisions cannot make way by running one of them again."""
    project.env(options='{"transaction_per_migration": False}')
    project.revision(
        "c1",
        """
        op.add_column("t", sa.Column("again", sa.Integer))
        assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "0"
        """,
    )
    project.upgrade()
    assert project.versions() == ["c1"]


@pytest.mark.databases("mariadb")
def test_a_single_statement_is_run_again(project: Project, engine: sa.Engine) -> None:
    project.revision(
        "c1",
        """
        op.add_column("other", sa.Column("first", sa.Integer))
        op.add_column("t", sa.Column("again", sa.Integer))
        op.add_column("other", sa.Column("last", sa.Integer))
        """,
    )
    upgrade(project.config, "b1")
    with transaction_of(project.url, "SELECT * FROM t") as other:
        threading.Timer(2.5, other.rollback).start()
        upgrade(project.config, "head")
    assert project.versions() == ["c1"]
    names = {column["name"] for column in sa.inspect(engine).get_columns("other")}
    assert {"first", "last"} <= names


@contextmanager
def altered_meanwhile(url: str, then: str = "") -> Iterator[Callable[[Event], None]]:
    """Somebody who is in the way, and alters the table while we make way.

    :param url: the database.
    :param then: what else there is to be done by then.
    """
    with transaction_of(url, "SELECT * FROM t") as other:

        def alter(event: Event) -> None:
            if not isinstance(event, StatementBlocked):
                return
            other.commit()
            other.exec_driver_sql("ALTER TABLE t ADD COLUMN theirs INTEGER")
            if then:
                other.exec_driver_sql(other.exec_driver_sql(then).scalar_one())
            other.commit()

        yield alter


def columns_of(project: Project) -> set[str]:
    asked = (
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = 't'"
    )
    return set(project.ask(asked))


@pytest.fixture(params=["in one message", "each alone"])
def statements_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """How the statements of a revision go to MariaDB: where somebody listens, each alone."""
    listener = lambda *_: None  # noqa: E731  # it only has to be there
    if request.param == "each alone":
        sa.event.listen(sa.Engine, "before_cursor_execute", listener)
    yield
    if request.param == "each alone":
        sa.event.remove(sa.Engine, "before_cursor_execute", listener)


@pytest.mark.databases("mariadb")
@pytest.mark.usefixtures("statements_go")
def test_what_others_have_altered_meanwhile_is_not_taken_back(project: Project) -> None:
    project.revision("b1", f"{ALTER}\nop.drop_table('nowhere')", down="a1")
    with altered_meanwhile(project.url) as alter, pytest.raises(RevisionPartlyApplied):
        upgrade(project.config, "head", report=alter)
    assert columns_of(project) == {"id", "theirs", "more"}
    repair.undo(project.config)
    assert columns_of(project) == {"id", "theirs"}


@pytest.mark.databases("mariadb")
@pytest.mark.usefixtures("statements_go")
def test_what_others_have_altered_meanwhile_is_not_taken_for_ours(project: Project) -> None:
    kill = (
        "SELECT CONCAT('KILL ', id) FROM information_schema.processlist "
        "WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY time, id DESC LIMIT 1"
    )
    with altered_meanwhile(project.url, kill) as alter, pytest.raises(CommandError):
        upgrade(project.config, "head", report=alter)
    assert columns_of(project) == {"id", "theirs"}
    upgrade(project.config, "head")
    assert columns_of(project) == {"id", "theirs", "more"}
    assert project.versions() == ["b1"]


@pytest.mark.databases("postgresql15")
def test_what_runs_in_no_transaction_waits_as_long_as_ever(project: Project) -> None:
    project.revision(
        "c1",
        """
        op.add_column("t", sa.Column("again", sa.Integer))
        with op.get_context().autocommit_block():
            op.create_index("ix", "t", ["again"], postgresql_concurrently=True)
            assert op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar() == "0"
        op.drop_column("t", "again")
        """,
    )
    upgrade(project.config, "b1")
    told: list[Event] = []
    with transaction_of(project.url, "INSERT INTO other VALUES (1)") as other:
        threading.Timer(2, other.rollback).start()
        upgrade(project.config, "head", report=told.append)
    assert not [event for event in told if isinstance(event, StatementBlocked)]
    assert project.versions() == ["c1"]


def test_no_lock_is_carried_into_the_next_revision(project: Project, database_url: str) -> None:
    go = project.folder / "go"
    project.revision(
        "c1",
        f"import os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.01)",
    )
    thread = threading.Thread(target=project.upgrade)
    thread.start()
    until(lambda: project.versions() == ["b1"])
    with Stream(database_url, "t") as reading:
        time.sleep(1)
    go.touch()
    thread.join()
    assert reading.worst < 0.9
    assert project.versions() == ["c1"]
