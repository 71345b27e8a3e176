"""Identities of tables with rows: they go on behind the rows, and in their range."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Identity, Integer, MetaData, Table

from tests.loop.loop import Loop

pytestmark = pytest.mark.databases("postgresql15", "postgresql18")


def numbered(*items: Any) -> MetaData:
    """A table of a name and a number."""
    models = MetaData()
    Table("t", models, Column("name", sa.String(9)), Column("n", Integer, *items, nullable=False))
    return models


def change(engine: sa.Engine, folder: Path, before: MetaData, after: MetaData, *rows: str) -> int:
    """Change a table with some rows, and return the number that the next row gets."""
    before.create_all(engine)
    with engine.begin() as connection:
        for row in rows:
            connection.exec_driver_sql(row)
    loop = Loop(engine, folder)
    revision = loop.revision("change", after)
    revision.run(engine, "upgrade", {"target_metadata": after})
    loop.closed(revision, after)
    with engine.begin() as connection:
        query = "INSERT INTO t (name) VALUES ('new') RETURNING n"
        return int(connection.exec_driver_sql(query).scalar_one())


ROWS = "INSERT INTO t (name, n) VALUES ('a', 4), ('b', 7)"
NEW = "INSERT INTO t (name) VALUES ('a'), ('b'), ('c')"


@pytest.mark.parametrize(
    ("options", "number"),
    [
        ({}, 8),
        ({"increment": 5}, 12),
        ({"start": 20}, 20),
        ({"maxvalue": 5}, 1),
        ({"increment": -1, "minvalue": -9, "maxvalue": 9}, 3),
    ],
)
def test_a_column_becomes_an_identity(
    engine: sa.Engine, tmp_path: Path, options: dict[str, Any], number: int
) -> None:
    after = numbered(Identity(**options))
    assert change(engine, tmp_path, numbered(), after, ROWS) == number


def test_a_column_with_a_default_becomes_an_identity(engine: sa.Engine, tmp_path: Path) -> None:
    before = MetaData()
    Table(
        "t",
        before,
        Column("name", sa.String(9)),
        Column("n", sa.Text, server_default="1", nullable=False),
    )
    rows = "INSERT INTO t (name, n) VALUES ('a', '4'), ('b', '7')"
    assert change(engine, tmp_path, before, numbered(Identity()), rows) == 8


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        ({}, {"maxvalue": 99}, 4),
        ({"minvalue": -1, "start": -1}, {}, 2),
        ({"minvalue": -9, "maxvalue": -1, "start": -9}, {}, 1),
        ({"minvalue": -9, "start": -9}, {"minvalue": 6}, 6),
        ({"maxvalue": 3}, {"maxvalue": 50}, 4),
    ],
)
def test_an_identity_gets_another_range(
    engine: sa.Engine,
    tmp_path: Path,
    before: dict[str, Any],
    after: dict[str, Any],
    number: int,
) -> None:
    models = numbered(Identity(**before)), numbered(Identity(**after))
    assert change(engine, tmp_path, *models, NEW) == number


def test_an_identity_is_used_up(engine: sa.Engine, tmp_path: Path) -> None:
    models = numbered(Identity()), numbered(Identity(maxvalue=2))
    with pytest.raises(sa.exc.DBAPIError, match="reached maximum value"):
        change(engine, tmp_path, *models, NEW)
