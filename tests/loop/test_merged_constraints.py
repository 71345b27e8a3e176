"""Constraints that are the same but for their names, which CREATE TABLE takes for one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from tests.loop.loop import Loop

pytestmark = pytest.mark.databases("postgresql15", "postgresql18")


def names_of(engine: sa.Engine) -> set[str]:
    """The names of the constraints that have an index."""
    with engine.connect() as connection:
        of_table = "conrelid = 't'::regclass AND contype IN ('u', 'x')"
        query = f"SELECT conname FROM pg_constraint WHERE {of_table}"
        return set(connection.exec_driver_sql(query).scalars())


def models_of(*items: sa.schema.SchemaItem) -> MetaData:
    """A table with these constraints."""
    models = MetaData()
    Table("t", models, Column("a", Integer, primary_key=True), Column("b", Integer), *items)
    return models


def test_each_that_has_a_name_is_there(engine: sa.Engine, tmp_path: Path) -> None:
    models = models_of(
        *(UniqueConstraint("b", name=name) for name in ("u1", "u2")),
        UniqueConstraint("a", name="u3"),
        *(ExcludeConstraint(("b", "="), name=name, using="btree") for name in ("x1", "x2")),
    )
    loop = Loop(engine, tmp_path)
    revision = loop.revision("first", models)
    revision.run(engine, "upgrade", {"target_metadata": models})
    loop.closed(revision, models)
    assert names_of(engine) == {"u1", "u2", "u3", "x1", "x2"}
    revision.run(engine, "downgrade", {"target_metadata": models})
    loop.closed(revision, MetaData())


@pytest.mark.parametrize("by", ["create_all", "limbeck", "ALTER TABLE"])
def test_one_without_a_name_may_be_missing(engine: sa.Engine, tmp_path: Path, by: str) -> None:
    models = MetaData()
    Table("t", models, Column("a", Integer, primary_key=True, unique=True))
    loop = Loop(engine, tmp_path)
    if by == "limbeck":
        loop.revision("first", models).run(engine, "upgrade", {"target_metadata": models})
    else:
        models.create_all(engine)
    if by == "ALTER TABLE":
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE t ADD UNIQUE (a)")
    assert not loop.comparison(models).changes
    assert names_of(engine) == ({"t_a_key"} if by == "ALTER TABLE" else set())
    only_key = MetaData()
    Table("t", only_key, Column("a", Integer, primary_key=True))
    assert len(loop.comparison(only_key).changes) == (by == "ALTER TABLE")
