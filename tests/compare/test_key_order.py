"""The order of the columns of a key that the models give column by column."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.database.compare import CompareOptions, compare_database

pytestmark = pytest.mark.databases("postgresql15", "mariadb")


@pytest.mark.parametrize(
    ("order", "differs"), [("id, team", False), ("team, id", False), ("id, kind", True)]
)
def test_models_are_content_with_either_order(engine: sa.Engine, order: str, differs: bool) -> None:
    models = sa.MetaData()
    sa.Table(
        "t",
        models,
        sa.Column("team", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Integer, nullable=False),
        *([sa.Index("numbers", "id")] if engine.name == "mariadb" else []),
    )
    models.create_all(engine)
    with engine.begin() as connection:
        first = "DROP CONSTRAINT t_pkey" if engine.name == "postgresql" else "DROP PRIMARY KEY"
        connection.exec_driver_sql(f"ALTER TABLE t {first}, ADD PRIMARY KEY ({order})")
    with engine.connect() as connection:
        found = compare_database(connection, [models], CompareOptions()).changes
    assert [change.kind for change in found] == (["primary_key"] if differs else [])
