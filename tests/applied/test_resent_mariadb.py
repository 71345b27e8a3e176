"""MariaDB: a revision that is sent again leaves its journal as the usual road would have left it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError
from limbeck.runtime.resent import journalled
from limbeck.workflow.upgrade import upgrade
from tests.applied.projects import Project
from tests.applied.test_resent import anew, next_process, sent  # noqa: F401  # a fixture

pytestmark = pytest.mark.databases("mariadb")

_MANY = tuple(f"r{number:02}" for number in range(1, 13))
_UP = [
    'op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", sa.Integer, sa.ForeignKey("t_r01.id")), sa.Column("n", sa.String(9), index=True))',
    'op.add_column("b", sa.Column("x", sa.String(20), server_default="it\'s"))',
    'op.execute("ALTER TABLE b MODIFY n VARCHAR(40) NOT NULL COMMENT \'50 `b`\' -- longer")',
    'op.create_index("ix_x", "b", ["x"])',
    'op.add_column("t_r02", sa.Column("y", sa.Integer))',
    'op.drop_column("b", "x")',
    'op.drop_table("t_r03")',
]


@pytest.fixture
def twelve(project: Project) -> Project:
    """A database without tables, and twelve revisions that have been seen."""
    for number, revision in enumerate(_MANY):
        body = "\n    ".join(_UP) if revision == "r11" else None
        if revision == "r01":
            body = 'op.create_table("t_r01", sa.Column("id", sa.Integer, primary_key=True))'
        project.write(revision, _MANY[number - 1] if number else None, body, "pass")
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
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
        self.moment = moment
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
                said.insert(place, "KILL CONNECTION_ID()")
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
