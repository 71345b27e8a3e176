"""What the models say of a column's value, as SQL."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from limbeck.autogenerate.fill_values import fill_of

DIALECTS = {
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "sqlite": sqlite.dialect(),
}


def sql(database: str, type_: Any, **given: Any) -> str | None:
    """What rows get in a column."""
    table = sa.Table("t", sa.MetaData(), sa.Column("c", type_, **given), sa.Column("d", sa.Text))
    fill = fill_of(table.c.c, DIALECTS[database])
    return None if fill is None else fill.sql


@pytest.mark.parametrize("database", DIALECTS)
def test_what_is_the_same_everywhere(database: str) -> None:
    assert sql(database, sa.Integer, default=5) == "5"
    assert sql(database, sa.String(9), default="it's") == "'it''s'"
    assert sql(database, sa.Text, server_default="x") == "'x'"
    assert sql(database, sa.Integer, server_default=sa.text("7")) == "7"
    assert sql(database, sa.DateTime, default=sa.func.now()) in ("now()", "CURRENT_TIMESTAMP")
    assert sql(database, sa.DateTime, default=datetime.datetime.now) == "CURRENT_TIMESTAMP"
    assert sql(database, sa.Date, default=datetime.date.today) == "CURRENT_DATE"
    assert sql(database, sa.JSON, default=list) == "'[]'"


def test_what_is_not_known() -> None:
    assert sql("postgresql", sa.Integer) is None
    assert sql("postgresql", sa.Integer, default=lambda: 5) is None
    assert sql("postgresql", sa.Integer, default=sa.Sequence("s")) is None
    assert sql("postgresql", sa.String(36), default=uuid.uuid4) is None
    assert sql("postgresql", sa.DateTime, default=lambda: print("now")) is None
    assert sql("postgresql", sa.Integer, default=datetime.datetime.now) is None


def test_one_value_does_not_do_where_each_row_needs_its_own() -> None:
    assert sql("postgresql", sa.Integer, default=5, unique=True) is None
    assert sql("postgresql", sa.Integer, default=5, primary_key=True) is None
    assert sql("postgresql", sa.Uuid, default=uuid.uuid4, unique=True) == "gen_random_uuid()"


def test_uuids() -> None:
    assert sql("postgresql", sa.Uuid, default=uuid.uuid4) == "gen_random_uuid()"
    assert sql("postgresql", sa.Uuid(native_uuid=False), default=uuid.uuid4) == (
        "replace(gen_random_uuid()::text, '-', '')"
    )
    assert sql("mysql", sa.Uuid, default=lambda: uuid.uuid4()) == "replace(uuid(), '-', '')"


def test_arrays_have_the_type_of_the_column() -> None:
    assert sql("postgresql", sa.ARRAY(sa.Integer), default=list) == "CAST(ARRAY[] AS INTEGER[])"
    assert sql("postgresql", postgresql.ARRAY(sa.Text), default=["a"]) == (
        "CAST(ARRAY['a'] AS TEXT[])"
    )


def test_the_time_in_utc() -> None:
    now = sql("postgresql", sa.DateTime, default=lambda: datetime.datetime.now(datetime.UTC))
    assert now == "timezone('utc', now())"
    zoned = sa.DateTime(timezone=True)
    assert sql("postgresql", zoned, default=datetime.datetime.utcnow) == "CURRENT_TIMESTAMP"
    assert sql("mysql", zoned, default=datetime.datetime.utcnow) == "utc_timestamp()"
