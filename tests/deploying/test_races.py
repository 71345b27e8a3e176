"""However many deployers begin together, each revision runs once and every one of them succeeds.

A small part of what ``make races`` runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploying.fleet import HALF, Fleet
from tests.parts import is_everything_asked_for

DEPLOYERS = 6


CASES = [
    *(("both", start) for start in ("empty", "half")),
    *((kind, start) for kind in ("ddl", "data") for start in ("empty", "half")),
]


def expect_a_race(fleet: Fleet, kind: str, start: str) -> None:
    """Many deployers at once: each revision runs once, and all of them end well."""
    if start == "half":
        assert fleet.deploy(1, "upgrade", f"r{HALF}")[0].code == 0
    answers = fleet.deploy(DEPLOYERS)
    assert [answer.code for answer in answers] == [0] * DEPLOYERS, answers
    fleet.expect_all_applied(kind)
    fleet.expect_a_whole_history()


@pytest.mark.parametrize(("kind", "start"), CASES if is_everything_asked_for() else CASES[:2])
def test_every_deployer_ends_well(tmp_path: Path, database_url: str, kind: str, start: str) -> None:
    fleet = Fleet(tmp_path, database_url)
    fleet.revisions(kind)
    expect_a_race(fleet, kind, start)


@pytest.mark.databases("postgresql")
def test_indexes_are_created_concurrently(tmp_path: Path, database_url: str) -> None:
    fleet = Fleet(tmp_path, database_url)
    fleet.revisions("concurrently")
    expect_a_race(fleet, "concurrently", "empty")


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
@pytest.mark.parametrize("per_migration", [True, False])
def test_projects_of_alembics(tmp_path: Path, database_url: str, per_migration: bool) -> None:
    fleet = Fleet(tmp_path, database_url)
    fleet.as_alembics(f'{{"transaction_per_migration": {per_migration}}}')
    fleet.revisions("both")
    expect_a_race(fleet, "both", "empty")


@pytest.mark.databases("sqlite", "postgresql15", "mariadb")
def test_the_name_alembic(tmp_path: Path, database_url: str) -> None:
    fleet = Fleet(tmp_path, database_url)
    fleet.as_alembics()
    fleet.as_the_name_alembic()
    fleet.revisions("both")
    expect_a_race(fleet, "both", "empty")


@pytest.mark.databases("sqlite")
def test_an_engine_that_begins_by_itself(tmp_path: Path, database_url: str) -> None:
    """The recipe of SQLAlchemy's documentation begins a transaction that may not write yet."""
    fleet = Fleet(tmp_path, database_url)
    fleet.as_alembics(
        engine="""
sa.event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
"""
    )
    fleet.revisions("both")
    expect_a_race(fleet, "both", "empty")


@pytest.mark.databases("sqlite", "postgresql15")
def test_async_drivers(tmp_path: Path, database_url: str) -> None:
    url = database_url.replace("sqlite:", "sqlite+aiosqlite:").replace("psycopg:", "asyncpg:")
    fleet = Fleet(tmp_path, url)
    fleet.revisions("both")
    expect_a_race(fleet, "both", "empty")
