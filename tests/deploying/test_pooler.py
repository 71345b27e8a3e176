"""Behind a pooler that gives each transaction another session, no lock breaks without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.database.version_table import VersionTable
from limbeck.dialects.postgresql import lock as postgresql_lock
from limbeck.dialects.postgresql.lock import PostgresqlDeployLocks
from tests.deploying.fleet import ADVISORY_LOCKS, HALF, REVISIONS, Fleet

pytestmark = pytest.mark.databases("postgresql15")

Pooled = Callable[..., str]
CONCURRENTLY = """
with op.get_context().autocommit_block():
    op.create_index("ix", "account", ["balance"], postgresql_concurrently=True)
"""


@pytest.mark.parametrize("kind", ["ddl", "both"])
@pytest.mark.parametrize("size", [1, 3])
def test_each_revision_runs_once(
    tmp_path: Path, database_url: str, pooled: Pooled, kind: str, size: int
) -> None:
    fleet = Fleet(tmp_path, pooled(database_url, size=size))
    fleet.revisions(kind)
    if size == 3:
        assert fleet.deploy(1, "upgrade", f"r{HALF}")[0].code == 0
    answers = fleet.deploy(6)
    assert [answer.code for answer in answers] == [0] * 6, answers
    fleet.expect_all_applied(kind)
    assert fleet.ask(ADVISORY_LOCKS) == [0]


def test_in_one_transaction(tmp_path: Path, database_url: str, pooled: Pooled) -> None:
    fleet = Fleet(tmp_path, pooled(database_url, size=3), {"transaction_per_migration": "false"})
    fleet.revisions("both")
    assert [answer.code for answer in fleet.deploy(4)] == [0] * 4
    fleet.expect_all_applied("both")


def test_what_gives_the_lock_up_is_refused(
    tmp_path: Path, database_url: str, pooled: Pooled
) -> None:
    fleet = Fleet(tmp_path, pooled(database_url))
    fleet.revisions("ddl")
    fleet.revision(REVISIONS + 1, CONCURRENTLY)
    refused = fleet.deploy(1)[0]
    assert refused.code == 6
    assert "autocommit_block() would give up the deploy lock: a pooler stands" in refused.stderr
    assert 'hint: connect to the server itself; or set deploy_lock = "session"' in refused.stderr
    fleet.expect_at(REVISIONS)


def test_a_project_of_alembics_goes_on_without_the_lock(
    tmp_path: Path, database_url: str, pooled: Pooled
) -> None:
    fleet = Fleet(tmp_path, pooled(database_url))
    fleet.as_alembics()
    fleet.revisions("ddl")
    fleet.revision(REVISIONS + 1, CONCURRENTLY)
    went_on = fleet.deploy(1)[0]
    assert went_on.code == 0
    assert "Without the deploy lock in autocommit_block(): a pooler stands" in went_on.stderr
    fleet.expect_at(REVISIONS + 1)


def test_a_pooler_that_leaves_each_client_its_session(
    tmp_path: Path, database_url: str, pooled: Pooled
) -> None:
    fleet = Fleet(tmp_path, pooled(database_url, mode="session"), {"deploy_lock": '"session"'})
    fleet.revisions("concurrently")
    assert [answer.code for answer in fleet.deploy(4)] == [0] * 4
    fleet.expect_all_applied("concurrently")


def test_a_driver_that_does_not_tell(
    database_url: str, pooled: Pooled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the greeting is not to be had, sessions that change give the pooler away."""
    monkeypatch.setattr(postgresql_lock, "told_pid", lambda connection: None)
    url = pooled(database_url, size=4)
    locks, table = PostgresqlDeployLocks(), VersionTable().table
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    direct = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as ours, engine.connect() as other, direct.connect() as straight:
        seen = locks.find(straight, table)
        assert seen is not None
        assert (seen.of_session, seen.is_certain) == (True, False)
        taken = iter(range(10))

        def take_a_session(*_: object) -> None:
            """Between two of our transactions, somebody else is given the session we had."""
            if next(taken) == 1:
                other.exec_driver_sql("SELECT 1")

        sa.event.listen(ours, "begin", take_a_session)
        found = locks.find(ours, table)
        assert found is not None
        assert not found.of_session
        assert found.why_not == "a pooler gives each transaction another session"
