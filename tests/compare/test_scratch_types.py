"""Types that are new, or get other values, are no reason to compare as text."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table
from sqlalchemy.dialects.postgresql import DOMAIN

from limbeck.database.compare import compare_database

pytestmark = pytest.mark.databases("postgresql")


def moods(*values: str) -> MetaData:
    """Types of one name in two schemas, each with a check that casts to it."""
    metadata = MetaData()
    for schema in ("public", "other"):
        Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("m", sa.Enum(*values, name="mood", schema=schema), server_default="a"),
            CheckConstraint(f"m <> '{values[-1]}'::{schema}.mood", name="not_last"),
            CheckConstraint("id>0", name="positive"),
            schema=schema,
        )
    return metadata


def test_types_of_one_name_in_two_schemas_are_built(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("other"))
        moods("a", "b").create_all(connection)
    with engine.connect() as connection:
        same = compare_database(connection, [moods("a", "b")])
        more = compare_database(connection, [moods("a", "b", "c")])
    assert (same.changes, same.notes) == ((), ())
    assert more.notes == ()
    assert sorted(c.kind for c in more.changes) == ["check", "check", "enum", "enum"]


def test_a_new_domain_is_built(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id integer PRIMARY KEY, CHECK (id > 0))")
    metadata = MetaData()
    Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("mail", DOMAIN("email", sa.Text()), server_default="x"),
        CheckConstraint("id>0"),
        CheckConstraint("mail<>''", name="filled"),
    )
    with engine.connect() as connection:
        comparison = compare_database(connection, [metadata])
    assert comparison.notes == ()
    assert sorted(change.kind for change in comparison.changes) == ["check", "column", "domain"]
