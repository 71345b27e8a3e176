"""``compare="alembic"``: only what Alembic compares is told."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import compare_metadata
from limbeck.errors import ConfigurationError
from limbeck.runtime.migration import MigrationContext

DATABASE = """
CREATE TABLE t (
    id INTEGER NOT NULL, a VARCHAR(10) DEFAULT 'x', b INTEGER NOT NULL, c INTEGER,
    PRIMARY KEY (id), CONSTRAINT b_min CHECK (b > 0)
)
"""


def differences(**opts: Any) -> list[Any]:
    """What differs of a table whose every kind of part is another in the models."""
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20), server_default="y"),
        sa.Column("b", sa.Integer),
        sa.Column("d", sa.Integer),
        sa.CheckConstraint("b > 1", name="b_min"),
        sa.CheckConstraint("b < 9", name="b_max"),
        sa.Index("of_a", "a", sqlite_where=sa.text("b > 0")),
    )
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text(DATABASE))
        connection.execute(sa.text("CREATE INDEX of_a ON t (a)"))
        found = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)
    engine.dispose()
    return [one[0][0] if isinstance(one, list) else one[0] for one in flat(found)]


def flat(found: list[Any]) -> list[Any]:
    """Each difference of a column by itself."""
    return [each for one in found for each in (one if isinstance(one, list) else [one])]


def test_everything_is_told_if_nothing_is_said() -> None:
    told = differences()
    assert {"modify_type", "modify_default", "modify_nullable", "add_constraint"} <= set(told)
    assert {"add_index", "remove_index", "remove_constraint"} <= set(told)


def test_what_alembic_compares() -> None:
    told = ["add_column", "modify_nullable", "modify_type", "remove_column"]
    assert sorted(differences(compare="alembic")) == told


def test_another_word_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'all' is not a value of compare"):
        differences(compare="all")
