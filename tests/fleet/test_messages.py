"""Many revisions in one message to PostgreSQL are many transactions still."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.fleet.quick import messages
from limbeck.fleet.quick.postgresql import PostgresqlSession
from tests.cli.test_signals import LIMBECK, as_in_a_terminal
from tests.fleet.tenants import COUNT, NAMES, REVISIONS, Tenants, environment
from tests.fleet.tenants_alike import history_of, schema_of, upgraded
from tests.fleet.test_kept import write_more

pytestmark = pytest.mark.databases("postgresql15")

_SLOW = 'op.execute("CREATE TABLE slow AS SELECT 1 AS one FROM pg_sleep({seconds})")'


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The messages that were sent: to whom, and with which revisions."""
    sent: list[tuple[str, list[str]]] = []
    usual = PostgresqlSession.carry_out

    def carry_out(self: PostgresqlSession, portion: Any, place: Any) -> Any:
        sent.append((self.tenant.name, [leg.id for leg in portion]))
        return usual(self, portion, place)

    monkeypatch.setattr(PostgresqlSession, "carry_out", carry_out)
    return sent


def test_all_of_a_tenant_is_one_message(
    tenants: Tenants, portions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["r1", *write_more(tenants)]
    assert upgraded(tenants, monkeypatch).counts == {"done": COUNT}
    assert portions == [(name, names) for name in NAMES[1:]]
    for name in NAMES[1:]:
        assert tenants.applied(name) == names
        assert history_of(tenants, name) == history_of(tenants, NAMES[0])
        assert schema_of(tenants, name) == schema_of(tenants, NAMES[0])


def test_a_long_way_is_several_messages(
    tenants: Tenants, portions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["r1", *write_more(tenants)]
    monkeypatch.setattr(messages, "_LONGEST", 8000)
    answer = upgraded(tenants, monkeypatch)
    assert all(each.ran == tuple(names) for each in answer.outcomes)
    for name in NAMES[1:]:
        sent = [ids for tenant, ids in portions if tenant == name]
        assert len(sent) > 2
        assert [id_ for ids in sent for id_ in ids] == names
        assert history_of(tenants, name) == history_of(tenants, NAMES[0])


def test_what_was_committed_before_a_failure_lasts_and_is_told(
    tenants: Tenants, portions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "op.create_table('taken', sa.Column('id', sa.Integer))"
    names = ["r1", *write_more(tenants, r7=body)]
    tenants.execute(NAMES[3], "CREATE TABLE taken (id INTEGER)")
    answer = upgraded(tenants, monkeypatch)
    assert answer.counts == {"done": COUNT - 1, "failed": 1}
    [failed] = answer.failed
    assert failed.tenant == NAMES[3]
    assert failed.ran == tuple(names[:6])
    assert failed.heads == ("r6",)
    assert failed.problem is not None
    assert failed.problem.exit_code == 6
    assert failed.problem.message.startswith("revision r7 failed")
    rows = history_of(tenants, NAMES[3])
    assert [(row.revision, row.outcome) for row in rows] == [
        *((name, "done") for name in names[:6]),
        ("r7", "failed"),
    ]
    tenants.execute(NAMES[3], "DROP TABLE taken")
    assert upgraded(tenants, monkeypatch).counts == {"nothing": COUNT - 1, "done": 1}
    assert tenants.applied(NAMES[3]) == names


def test_a_version_that_was_moved_meanwhile_ends_the_message(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upgraded(tenants, monkeypatch).counts == {"done": COUNT}
    write_more(tenants)
    before = schema_of(tenants, NAMES[2])
    usual = PostgresqlSession.carry_out

    def carry_out(self: PostgresqlSession, portion: Any, place: Any) -> Any:
        if self.tenant.name == NAMES[2]:  # by somebody who does not know of the lock
            tenants.execute(NAMES[2], "UPDATE alembic_version SET version_num = 'r2'")
        return usual(self, portion, place)

    monkeypatch.setattr(PostgresqlSession, "carry_out", carry_out)
    answer = upgraded(tenants, monkeypatch)
    assert [(each.tenant, each.heads, each.ran) for each in answer.failed] == [
        (NAMES[2], ("r2",), ())
    ]
    assert schema_of(tenants, NAMES[2]) == before
    assert tenants.applied(NAMES[2]) == list(REVISIONS)


def test_the_server_tells_how_long_each_revision_took(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_more(tenants, r7=_SLOW.format(seconds=0.2))
    before = time.time()
    assert upgraded(tenants, monkeypatch).counts == {"done": COUNT}
    with tenants.connected(NAMES[4]) as connection:
        query = "SELECT revision, started, finished, milliseconds FROM limbeck_history ORDER BY 1"
        rows = {row[0]: row for row in connection.exec_driver_sql(query)}
    form = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
    assert all(form.fullmatch(each) for row in rows.values() for each in row[1:3])
    assert 200 <= rows["r7"].milliseconds < 2000
    assert all(row.milliseconds < 200 for id_, row in rows.items() if id_ != "r7")
    ordered = sorted(rows.values(), key=lambda row: int(row.revision[1:]))
    times = [each for row in ordered for each in (row.started, row.finished)]
    assert times == sorted(times)
    assert all(before - 1 < _seconds(each) < time.time() + 1 for each in times)


def _seconds(text: str) -> float:
    return sa.DateTime().python_type.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_ends_within_a_message_leaves_whole_revisions(
    tenants: Tenants, number: signal.Signals
) -> None:
    seconds = f"CASE current_schema() WHEN '{NAMES[2]}' THEN 3 ELSE 0 END"
    names = ["r1", *write_more(tenants, r7=_SLOW.format(seconds=seconds))]
    process = subprocess.Popen(
        [LIMBECK, "upgrade", "head", *tenants.source],
        cwd=tenants.project.folder,
        env=environment(tenants.project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=as_in_a_terminal,
    )
    deadline = time.monotonic() + 60
    while not _has_begun(tenants):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    os.kill(process.pid, number)
    _, complained = process.communicate(timeout=30)
    _await_silence(tenants)
    where = tenants.heads()
    assert [where[name] for name in NAMES[:2]] == [["r12"]] * 2
    assert not any(where[name] for name in NAMES[3:])
    assert tenants.applied(NAMES[2]) == names[: names.index(where[NAMES[2]][0]) + 1]
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "revision r7 was under way: nothing of it is in the database, which is at r6" in (
            complained
        )
        assert where[NAMES[2]] == ["r6"]
    assert tenants.json("upgrade", "head")["states"] == {"nothing": 2, "done": COUNT - 2}
    for name in NAMES:
        assert tenants.applied(name) == names
        history_of(tenants, name)


def test_a_session_that_is_lost_within_a_message(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = f"CASE current_schema() WHEN '{NAMES[2]}' THEN 1 ELSE 0 END"
    names = ["r1", *write_more(tenants, r7=_SLOW.format(seconds=seconds))]
    usual = PostgresqlSession.carry_out

    def carry_out(self: PostgresqlSession, portion: Any, place: Any) -> Any:
        if self.tenant.name == NAMES[2]:
            _in_a_while(lambda: _terminate(tenants, self.driver.info.backend_pid))
        return usual(self, portion, place)

    monkeypatch.setattr(PostgresqlSession, "carry_out", carry_out)
    answer = upgraded(tenants, monkeypatch)
    assert answer.counts == {"done": COUNT}
    assert all(each.ran == tuple(names) for each in answer.outcomes)
    assert not [each for each in caplog.records if each.name.startswith("sqlalchemy.pool")]
    assert tenants.applied(NAMES[2]) == names
    history_of(tenants, NAMES[2])


def _in_a_while(action: Callable[[], None]) -> None:
    threading.Timer(0.5, action).start()


def _terminate(tenants: Tenants, pid: int) -> None:
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")


def _has_begun(tenants: Tenants) -> bool:
    """Whether the server is at the slow revision."""
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event = 'PgSleep'"
    )
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(query).scalar_one())


def _await_silence(tenants: Tenants) -> None:
    """Wait until the server has noticed that its client is gone."""
    engine = sa.create_engine(tenants.url, poolclass=sa.NullPool)
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + 30
    while True:
        with engine.connect() as connection:
            if not connection.exec_driver_sql(query).scalar_one():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)
