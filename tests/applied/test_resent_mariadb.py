"""MariaDB: a revision that is sent again leaves a journal that the usual road could have left."""

from __future__ import annotations

import itertools
import threading
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database.journal_table import JournalRow, JournalTable
from limbeck.dialects.mysql.recovery import MysqlRecovery
from limbeck.errors import CommandError
from limbeck.runtime.resent import journalled
from limbeck.workflow.repair import interrupted
from tests.applied.projects import Project
from tests.applied.resent import anew, next_process

pytestmark = [pytest.mark.databases("mariadb"), pytest.mark.usefixtures("sent")]

_MANY = tuple(f"r{number:02}" for number in range(1, 13))
_UP = [
    'op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", sa.Integer, sa.ForeignKey("t_r01.id")), '
    'sa.Column("n", sa.String(9), index=True))',
    'op.add_column("b", sa.Column("x", sa.String(20), server_default="it\'s"))',
    "op.execute(\"ALTER TABLE b MODIFY n VARCHAR(40) NOT NULL COMMENT '50 `b`' -- longer\")",
    'op.create_index("ix_x", "b", ["x"])',
    'op.add_column("t_r02", sa.Column("y", sa.Integer))',
    'op.drop_column("b", "x")',
    'op.drop_table("t_r03")',
]


def write_twelve(project: Project) -> None:
    for number, revision in enumerate(_MANY):
        body = "\n    ".join(_UP) if revision == "r11" else None
        if revision == "r01":
            body = 'op.create_table("t_r01", sa.Column("id", sa.Integer, primary_key=True))'
        project.write(revision, _MANY[number - 1] if number else None, body, "pass")


@pytest.fixture
def twelve(project: Project) -> Project:
    """A database without tables, and twelve revisions that have been seen."""
    write_twelve(project)
    project.upgrade()
    return project


def schema(project: Project) -> list[Any]:
    with project.connect() as connection:
        found: list[Any] = [
            tuple(connection.exec_driver_sql(f"SHOW CREATE TABLE {name}").one())
            for name in sorted(sa.inspect(connection).get_table_names())
            if not name.startswith("limbeck")
        ]
        found.append(connection.exec_driver_sql("SELECT * FROM alembic_version").all())
        return found


class Strike:
    """Ends the session of the server within a message of the eleventh revision.

    :param moment: before which of its statements, from 0.
    :param end: what ends it.
    """

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, moment: int, end: str = "KILL CONNECTION_ID()"
    ) -> None:
        self.moment = moment
        self.end = end
        self.seen = 0
        self.has_struck = False
        self._usual = journalled.compound
        self._is_within = False
        monkeypatch.setattr(journalled, "compound", self._compound)
        begin = journalled.JournalledSession._begin

        def begun(session: Any, step: Any, *rest: Any) -> Any:
            self._is_within = step.plan.id == "r11"
            return begin(session, step, *rest)

        monkeypatch.setattr(journalled.JournalledSession, "_begin", begun)

    def _compound(self, statements: Any) -> str:
        said = list(statements)
        place = self.moment - self.seen
        if self._is_within:
            self.seen += len(said)
            if 0 <= place < len(said):
                self.has_struck = True
                said.insert(place, self.end)
        return self._usual(said)


@pytest.mark.parametrize("start", range(6))
def test_wherever_the_session_ends_the_next_run_goes_on(
    twelve: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    expected = schema(twelve)
    for moment in range(start, 200, 6):
        anew(twelve)
        sent.clear()
        with monkeypatch.context() as patched:
            strike = Strike(patched, moment)
            try:
                twelve.upgrade()
            except CommandError as error:
                assert "connection is lost" in str(error.details), (moment, error.details)
                assert "onnection" in error.message  # why, and not that it is closed
        if not strike.has_struck:
            break
        assert "r10" in sent
        next_process()
        twelve.upgrade()
        assert schema(twelve) == expected, moment
        assert twelve.told()[-1] == ("r12", "upgrade", "done")
        assert "limbeck_journal" not in str(twelve.tables()), moment
    assert not strike.has_struck
    assert moment > 20


def test_the_journal_says_what_the_usual_road_would_have_said(
    project: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[JournalRow] = []
    usual = JournalTable.bare_put

    def bare_put(self: JournalTable, connection: Any, row: JournalRow, **more: Any) -> Any:
        written.append(row)
        return usual(self, connection, row, **more)

    write_twelve(project)
    with monkeypatch.context() as patched:
        patched.setattr(JournalTable, "bare_put", bare_put)
        project.upgrade()
    expected = [row for row in written if row.revision == "r11" and row.number]
    seen: set[int] = set()
    for moment in itertools.count(1):
        anew(project)
        with monkeypatch.context() as patched:
            strike = Strike(patched, moment, "COMMIT; KILL CONNECTION_ID()")
            with suppress(CommandError):
                project.upgrade()
        if not strike.has_struck:
            break
        with project.connect() as connection:
            rows = JournalTable("alembic_version").read(connection)
        for row in rows[1:]:
            assert row in expected, moment
            seen.add(expected.index(row))
    # that the last operation is done is not written here, as the revision's end deletes it
    assert seen == set(range(len(expected) - 1))
    assert "r10" in sent


def test_what_has_another_name_is_found_and_goes_the_usual_road(
    twelve: Project, sent: list[str]
) -> None:
    """Whatever may be there of the names of a statement, it is the server that holds it against."""
    for sql in (
        "CREATE VIEW t_r05 AS SELECT 1 AS id",
        "CREATE TABLE t_r06 (id INTEGER)",
        "CREATE TABLE `create` (id INTEGER)",  # a word of a statement, which nothing fails for
    ):
        anew(twelve)
        sent.clear()
        twelve.run(sql)
        if "create" in sql:
            twelve.upgrade()
            assert sent == []
            assert twelve.told()[-1] == ("r12", "upgrade", "done")
        else:
            with pytest.raises(CommandError, match="already exists") as raised:
                twelve.upgrade()
            failed = "r05" if "VIEW" in sql else "r06"
            assert twelve.told()[-1] == (failed, "upgrade", "failed")
            assert "nothing of it is in the database" in str(raised.value.details)
        twelve.run("DROP VIEW IF EXISTS t_r05")


def test_a_trigger_of_a_table_that_is_dropped_is_seen(twelve: Project, sent: list[str]) -> None:
    anew(twelve)
    trigger = "CREATE TRIGGER g BEFORE INSERT ON t_r03 FOR EACH ROW SET @x = 1"
    twelve.replace("r04", "op.create", f'op.execute("{trigger}")\n    op.create')
    twelve.upgrade()
    assert "r10" in sent
    assert "r11" not in sent
    assert twelve.told()[-1] == ("r12", "upgrade", "done")


def test_who_holds_a_table_is_waited_for(twelve: Project, sent: list[str]) -> None:
    expected = schema(twelve)
    anew(twelve)
    holder = sa.create_engine(twelve.url, poolclass=sa.NullPool).connect()

    begin = journalled.JournalledSession._begin
    timer: list[threading.Timer] = []

    def begun(session: Any, step: Any, *rest: Any) -> Any:
        if step.plan.id == "r11":
            holder.exec_driver_sql("SELECT * FROM t_r02")  # which gets another column
            timer.append(threading.Timer(2.5, holder.rollback))
            timer[0].start()
        return begin(session, step, *rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journalled.JournalledSession, "_begin", begun)
        twelve.settings = {"lock_timeout": 1}
        twelve.upgrade()
    timer[0].join()
    holder.close()
    assert sent[-1] == "r10"
    assert schema(twelve) == expected
    assert twelve.told()[-1] == ("r12", "upgrade", "done")


def test_odd_words_are_sent_as_they_are(project: Project, sent: list[str]) -> None:
    """Quotes, backslashes and letters of other scripts, in texts that are texts within texts."""
    words = "it''s \\\\ a \\\"quote\\\" and \\\\n, größe 字"
    for number, revision in enumerate(_MANY):
        body = (
            f"op.execute(\"ALTER TABLE t_r02 ADD COLUMN `größe{number}` INT COMMENT '{words}';\")"
        )
        project.write(revision, _MANY[number - 1] if number else None, body if number > 1 else None)
    project.upgrade()
    expected = schema(project)
    anew(project)
    project.upgrade()
    assert sent == list(_MANY[1:])
    assert schema(project) == expected


def test_branches_and_merges(project: Project, sent: list[str]) -> None:
    """The version table holds several ids at a time."""
    for number, revision in enumerate(_MANY):
        before: Any = _MANY[number - 1] if number else None
        if revision == "r06":
            before = "r03"
        if revision == "r11":
            before = ("r05", "r10")
        project.write(revision, before)
    project.upgrade()
    expected = schema(project)
    anew(project)
    project.upgrade()
    assert set(sent) == set(_MANY[1:])
    assert schema(project) == expected


@pytest.mark.parametrize("revision", ["", "r05", "r06"])
def test_what_is_made_of_the_catalogue_is_made_anew_of_another(
    project: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    """ALTER COLUMN says the whole column, with what nobody has said of it, as it is there."""
    project.line(*_MANY)
    change = 'op.alter_column("t_r03", "id", existing_type=sa.Integer, type_=sa.BigInteger)'
    project.write("r05", "r04", change)
    project.write("r06", "r05", f'op.add_column("t_r03", sa.Column("n", sa.Integer))\n    {change}')
    project.upgrade()
    expected = schema(project)
    anew(project)
    begin = journalled.JournalledSession._begin

    def begun(session: Any, step: Any, *rest: Any) -> Any:
        if step.plan.id == revision:
            session._answers, session._asked = {}, None
            project.run("ALTER TABLE t_r03 MODIFY id INTEGER COMMENT 'by hand'")
        return begin(session, step, *rest)

    monkeypatch.setattr(journalled.JournalledSession, "_begin", begun)
    project.upgrade()
    assert project.told()[-1] == ("r12", "upgrade", "done")
    if not revision:
        assert sent == list(_MANY[1:])
        assert schema(project) == expected
    else:
        assert sent[-1] == _MANY[_MANY.index(revision) - 1]
        assert "COMMENT 'by hand'" in str(schema(project))


def test_backslashes_are_as_the_session_has_them(twelve: Project, sent: list[str]) -> None:
    """A revision may change what a backslash means; the journal has to be readable all the same."""
    mode = "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'"
    twelve.replace("r05", "op.create", f'op.execute("{mode}")\n    op.create')
    anew(twelve)
    twelve.upgrade()
    expected = schema(twelve)
    for moment in (10, 20):
        anew(twelve)
        sent.clear()
        with pytest.MonkeyPatch.context() as patched:
            strike = Strike(patched, moment)
            with pytest.raises(CommandError, match="onnection"):
                twelve.upgrade()
        assert strike.has_struck
        assert "r10" in sent
        next_process()
        twelve.upgrade()
        assert schema(twelve) == expected


def test_no_message_is_longer_than_the_server_takes(
    twelve: Project, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = schema(twelve)
    anew(twelve)
    asked = journalled._ABOUT_SESSION
    monkeypatch.setattr(journalled, "_ABOUT_SESSION", asked.replace("@@max_allowed_packet", "3000"))
    twelve.upgrade()
    assert sent[-1] == "r10"
    assert schema(twelve) == expected
    assert twelve.told()[-1] == ("r12", "upgrade", "done")


def test_a_revision_that_ends_while_it_is_looked_at_was_not_interrupted(
    twelve: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends what a killed client has sent; a look at its tables waits for that."""
    anew(twelve)
    with pytest.MonkeyPatch.context() as patched:
        Strike(patched, 12)
        with pytest.raises(CommandError):
            twelve.upgrade()
    assert interrupted(twelve.config)
    usual = MysqlRecovery.objects

    def objects(self: MysqlRecovery, *rest: Any) -> Any:
        twelve.run("DELETE FROM limbeck_journal")  # as the session does at its end
        return usual(self, *rest)

    monkeypatch.setattr(MysqlRecovery, "objects", objects)
    assert interrupted(twelve.config) == ()
