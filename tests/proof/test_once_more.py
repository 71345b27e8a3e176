"""The second upgrade of a proof sends what the first has sent, where it would send just that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from limbeck.runtime.resent.once_more import OnceMore
from limbeck.workflow.prove import lines_of, prove
from tests.proof.hand_written import Written

WHERE_IT_IS_SENT = pytest.mark.databases("sqlite", "postgresql15", "mariadb")

PURE = {
    "a table": (
        "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True))",
        "op.drop_table('t')",
    ),
    "SQL": ("op.execute('CREATE VIEW v AS SELECT 1 AS one')", "op.execute('DROP VIEW v')"),
}
IMPURE = {
    "a condition": (f"if True: {PURE['a table'][0]}", PURE["a table"][1]),
    "a question": (f"op.get_bind().exec_driver_sql('SELECT 1'); {PURE['SQL'][0]}", PURE["SQL"][1]),
    "rows": (f"{PURE['a table'][0]}; op.execute('INSERT INTO t VALUES (1)')", PURE["a table"][1]),
}


@pytest.fixture
def was_sent(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each run that may be one more, whether the revision was sent and not run."""
    # Where a test has imported Alembic, that compiles it otherwise for MySQL and MariaDB.
    compiled = vars(sa.schema.DropConstraint).get("_compiler_dispatcher")
    for name in ("mysql", "mariadb") if compiled is not None else ():
        monkeypatch.delitem(compiled.specs, name, raising=False)
    found: list[bool] = []
    sent_within = OnceMore.sent_within

    def listened(self: OnceMore, step: Any) -> bool:
        found.append(True)  # and so it stays where the driver raises
        found[-1] = sent_within(self, step)
        return found[-1]

    monkeypatch.setattr(OnceMore, "sent_within", listened)
    return found


@WHERE_IT_IS_SENT
@pytest.mark.parametrize("name", [*PURE, *IMPURE])
def test_what_says_alone_what_it_sends_is_run_once(
    written: Written, was_sent: list[bool], name: str
) -> None:
    written.add("second", *(PURE | IMPURE)[name])
    written.add("third", "pass", "pass")  # so that the second is not compared with the models
    (found,) = prove(written.config, ["second"])
    assert found.proof.outcome == "proved", lines_of(found)
    assert was_sent == [False, name in PURE]


@WHERE_IT_IS_SENT
def test_all_revisions_are_at_their_places_afterwards(
    written: Written, was_sent: list[bool]
) -> None:
    written.add("second", *PURE["a table"])
    written.add(
        "third", "op.add_column('t', sa.Column('n', sa.Integer()))", "op.drop_column('t', 'n')"
    )
    written.add(
        "fourth",
        "op.drop_table('t')",
        f"{PURE['a table'][0]}; op.add_column('t', sa.Column('n', sa.Integer()))",
    )
    found = prove(written.config, all_revisions=True)
    assert [each.proof.outcome for each in found] == ["proved"] * 4, [*map(lines_of, found)]
    assert True in was_sent


@pytest.mark.databases("postgresql15")
def test_what_stops_the_second_upgrade_is_said_as_ever(
    written: Written, was_sent: list[bool]
) -> None:
    made = "op.execute('CREATE TEXT SEARCH CONFIGURATION c (COPY = simple)')"
    written.add("second", made, "op.execute('SELECT 1')")
    written.add("third", "pass", "pass")
    (found,) = prove(written.config, ["second"])
    assert found.proof.outcome == "refuted"
    (finding,) = found.proof.findings
    assert finding.stage == "the second upgrade"
    assert finding.words[0].startswith("revision second failed: duplicate key")
    assert was_sent == [False, True, False]  # and then it ran


@pytest.mark.databases("mariadb")
def test_where_nothing_is_taken_back_all_begins_anew(
    written: Written, was_sent: list[bool]
) -> None:
    made = "op.execute('CREATE TABLE s (a int)'); op.execute('CREATE TEMPORARY TABLE c (a int)')"
    written.add("second", made, "op.execute('DROP TABLE s')")
    written.add("third", "pass", "pass")
    (found,) = prove(written.config, ["second"])
    assert found.proof.outcome == "refuted"
    (finding,) = found.proof.findings
    assert finding.stage == "the second upgrade"
    assert finding.words[0].startswith("revision second failed")
    assert "Table 'c' already exists" in finding.words[0]
    assert was_sent == [False, True]  # and then it ran, on a new database


@WHERE_IT_IS_SENT
def test_where_somebody_listens_it_runs(written: Written, was_sent: list[bool]) -> None:
    heard: list[str] = []
    written.add("second", *PURE["a table"])
    written.add("third", "pass", "pass")
    with listened(heard):
        prove(written.config, ["second"])
    assert was_sent == [False, False]
    assert sum("CREATE TABLE t " in each for each in heard) == 2


@contextmanager
def listened(heard: list[str]) -> Iterator[None]:
    """Within, somebody hears all that SQLAlchemy sends."""

    def hear(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        heard.append(sql)

    event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(sa.Engine, "before_cursor_execute", hear)
