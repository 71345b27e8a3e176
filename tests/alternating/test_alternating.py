"""Alembic and limbeck take turns on one database, revision by revision."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.alternating.dump import dump
from tests.alternating.history import FORGETFUL, WALK, carry_out, write

TURNS = {
    "alembic": ("alembic",),
    "limbeck": ("limbeck",),
    "in turns": ("alembic", "limbeck"),
    "in turns, limbeck first": ("limbeck", "alembic"),
}


def walk(tools: tuple[str, ...], scripts: Path, url: str) -> list[dict[str, list[str]]]:
    """Carry out the walk, and dump the database after each of its steps."""
    found = []
    for tool, (command, revision) in zip(itertools.cycle(tools), WALK, strict=False):
        carry_out(tool, scripts, url, command, revision)
        found.append(dump(url))
    return found


def clear(url: str) -> None:
    """Remove what the walk has left, but for the types that go with their tables."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        metadata.drop_all(connection)
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP TYPE IF EXISTS pet_kind")
    engine.dispose()


def test_whoever_takes_the_step_the_database_is_the_same(database_url: str, tmp_path: Path) -> None:
    scripts = write(tmp_path)
    found = {}
    for name, tools in TURNS.items():
        found[name] = walk(tools, scripts, database_url)
        clear(database_url)
    expected = found.pop("alembic")
    assert [sorted(step) for step in expected if "rows of owner" in step], "nothing was dumped"
    for name, steps in found.items():
        for (command, revision), step, wanted in zip(WALK, steps, expected, strict=True):
            assert step == wanted, f"{name}: {command} {revision}"


@pytest.mark.databases("mariadb")
def test_a_column_becomes_what_the_revision_says_of_it(database_url: str, tmp_path: Path) -> None:
    """MySQL says an altered column anew: what Alembic's revisions leave out is gone."""
    scripts = write(tmp_path, FORGETFUL)
    found: dict[str, list[dict[str, list[str]]]] = {}
    for tool in ("alembic", "limbeck"):
        found[tool] = []
        for command, revision in (("upgrade", "b1"), ("downgrade", "a1"), ("upgrade", "b1")):
            carry_out(tool, scripts, database_url, command, revision)
            found[tool].append(dump(database_url))
        clear(database_url)
    assert found["limbeck"] == found["alembic"]
    assert "varchar(50)" in found["limbeck"][0]["t"][0]


@pytest.mark.databases("sqlite")
def test_the_dump_sees_a_difference(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
    before = dump(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    assert dump(database_url) != before
    engine.dispose()
