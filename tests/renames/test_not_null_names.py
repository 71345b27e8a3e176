"""The names of NOT NULL: made by PostgreSQL 18 and taken along, and unknown to those before."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table

from tests.loop.loop import Loop

pytestmark = pytest.mark.databases("postgresql15", "postgresql18")

BEFORE, AFTER = "we:ird \"na'me%", "odd :name %s \\"


def models(name: str, column: str, *, parent: str = "parent") -> MetaData:
    """A table, and one that has a NOT NULL of the name of its own beside that of its parent."""
    metadata = MetaData()
    Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column(column, Integer, nullable=False),
    )
    Table(parent, metadata, Column("n", Integer, nullable=False))
    own, inherited = (Column(each, Integer, nullable=False) for each in "mn")
    Table("child", metadata, inherited, own, postgresql_inherits=parent)
    return metadata


def not_nulls(engine: sa.Engine) -> list[str]:
    """The names as the catalogue has them."""
    query = (
        "SELECT conname FROM pg_constraint WHERE contype = 'n' "
        "AND connamespace = 'public'::regnamespace ORDER BY 1"
    )
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(query).scalars())


def test_any_name_follows_there_and_back(engine: sa.Engine, tmp_path: Path) -> None:
    """Quotes, colons and percent signs. What cannot be renamed stays as it is."""
    first_models, second_models = models("t", BEFORE), models("u", AFTER, parent="elder")
    loop = Loop(engine, tmp_path)
    first = loop.revision("one", first_models)
    first.run(engine, "upgrade", {"target_metadata": first_models})
    before = not_nulls(engine)
    renames = ["t:u", f"u.{BEFORE}:{AFTER}", "parent:elder"]
    second = Loop(engine, tmp_path, renames=renames).revision("two", second_models)
    second.run(engine, "upgrade", {"target_metadata": second_models})
    after = not_nulls(engine)
    second.run(engine, "downgrade", {"target_metadata": second_models})
    assert not_nulls(engine) == before
    if engine.dialect.server_version_info < (18,):
        assert before == after == []
        assert "not_null" not in second.text
    else:
        assert f"u_{AFTER}_not_null" in after
        assert "parent_n_not_null" in after  # for its child says child_n_not_null
        assert not [name for name in after if name.startswith("t_")]


def test_a_file_for_the_newer_server_runs_on_the_older(engine: sa.Engine, tmp_path: Path) -> None:
    """Nothing is renamed where there is nothing, or where somebody has chosen another name."""
    from limbeck.plan.not_null_names import renaming_not_null

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a integer CONSTRAINT mine NOT NULL)")
        connection.execute(sa.text(renaming_not_null("t", [("t_a_not_null", "t_b_not_null")])))
    newer = engine.dialect.server_version_info >= (18,)
    assert not_nulls(engine) == (["mine"] if newer else [])
