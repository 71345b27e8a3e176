"""Rows get a new value of an enumerated type, but not by the revision that adds it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.project import Project

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
mood = sa.Enum({values}, name="mood")
sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mood", mood, nullable={nullable}),
)
"""


@pytest.mark.databases("postgresql15")
def test_a_fill_with_a_new_value(database_url: str, tmp_path: Path, engine: sa.Engine) -> None:
    project = Project(tmp_path)
    project.settings(database_url, models="shop.models:metadata")
    project.models(MODELS.format(values="'old'", nullable=True))
    project.ok("revision", "--autogenerate", "-m", "one", "--no-prove")
    project.ok("upgrade", "head")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users (id, mood) VALUES (1, NULL), (2, 'old')")
    project.models(MODELS.format(values="'old', 'new'", nullable=False))
    told = project.run("revision", "--autogenerate", "-m", "two", "--fill", "users.mood='new'")
    assert told.code == 2, told
    assert "rows cannot get 'new' in users.mood from the revision that adds it" in told.stderr
    assert "generate and apply the new value first" in told.stderr
    # as the hint says
    project.models(MODELS.format(values="'old', 'new'", nullable=True))
    project.ok("revision", "--autogenerate", "-m", "two", "--no-prove")
    project.ok("upgrade", "head")
    project.models(MODELS.format(values="'old', 'new'", nullable=False))
    project.ok("revision", "--autogenerate", "-m", "three", "--fill", "users.mood='new'")
    project.ok("upgrade", "head")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT mood FROM users ORDER BY id").scalars().all()
    assert rows == ["new", "old"]
