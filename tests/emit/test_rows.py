"""Rows and the user's own statements, sent and on paper."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from limbeck.operations.ops import BulkInsertOp, CreateTableOp, ExecuteSQLOp
from tests.emit.emitting import offline, run, text_of


def table() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("label", sa.String(40), default="made up"),
        sa.Column("data", sa.JSON),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("day", sa.Date),
        sa.Column("price", sa.Numeric(8, 2)),
        sa.Column("flag", sa.Boolean),
        sa.Column("key", sa.Uuid),
    )


ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "label": 'it\'s 5% :x \\ "q"',
        "data": {"a": ["it's", "5%", ":x"]},
        "raw": b"a\x00'%\xff",
        "day": datetime.date(2020, 1, 2),
        "price": decimal.Decimal("5.50"),
        "flag": True,
        "key": uuid.UUID(int=7),
    },
    {
        "id": 2,
        "label": "%s %(x)s",
        "data": [1],
        "raw": b"",
        "day": None,
        "price": None,
        "flag": False,
        "key": uuid.UUID(int=8),
    },
]


def make(connection: sa.Connection) -> sa.Table:
    found = table()
    run(connection, CreateTableOp.from_table(found))
    return found


def stored(connection: sa.Connection, found: sa.Table) -> list[dict[str, Any]]:
    rows = connection.execute(sa.select(found).order_by(found.c.id))
    return [dict(row._mapping) for row in rows]


@pytest.mark.parametrize("multiinsert", [True, False])
def test_rows_are_sent(engine: sa.Engine, multiinsert: bool) -> None:
    with engine.begin() as connection:
        found = make(connection)
        run(connection, BulkInsertOp(found, ROWS, multiinsert=multiinsert))
        assert stored(connection, found) == ROWS


def test_rows_are_sent_at_once(engine: sa.Engine) -> None:
    calls = []
    with engine.begin() as connection:
        found = make(connection)

        @event.listens_for(connection, "before_cursor_execute")
        def count(*arguments: Any) -> None:
            calls.append(arguments[2])

        rows = [{"id": number, "label": str(number)} for number in range(1, 501)]
        run(connection, BulkInsertOp(found, rows))
        assert len(stored(connection, found)) == 500
    assert len([words for words in calls if words.startswith("INSERT")]) == 1


def test_rows_with_expressions_are_sent_one_by_one(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        found = make(connection)
        rows = [{"id": 1, "label": sa.func.lower("ABC")}, {"id": 2, "label": "x"}]
        run(connection, BulkInsertOp(found, rows))
        assert [row["label"] for row in stored(connection, found)] == ["abc", "x"]


def test_a_script_inserts_the_same_rows(engine: sa.Engine, database_name: str) -> None:
    with engine.begin() as connection:
        found = make(connection)
        target = offline(connection.dialect.name)
        for words in text_of(BulkInsertOp(found, ROWS), target):
            # The text is for a reader that knows no parameters: the driver gets none.
            connection.connection.cursor().execute(words)
        assert stored(connection, found) == ROWS


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"x": 1}, "List expected"),
        ([1], "List of dictionaries expected"),
    ],
)
def test_rows_must_be_rows(rows: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        text_of(BulkInsertOp(table(), rows), offline("sqlite"))


def test_columns_of_unknown_type() -> None:
    unknown = sa.table("t", sa.column("a"), sa.column("b"), sa.column("c"))
    op = BulkInsertOp(unknown, [{"a": 1, "b": "it's", "c": None}])
    assert text_of(op, offline("postgresql")) == [
        "INSERT INTO t (a, b, c) VALUES (1, 'it''s', NULL)"
    ]


WORDS = [
    # what is written, what is stored
    ("it''s 5% :x", "it's 5% :x"),
    ("10:30 a::b", "10:30 a::b"),
    ("%s %(x)s %%", "%s %(x)s %%"),
    (r"\:escaped", ":escaped"),
]


@pytest.mark.parametrize(("written", "kept"), WORDS)
def test_words_mean_what_they_say(engine: sa.Engine, written: str, kept: str) -> None:
    with engine.begin() as connection:
        found = make(connection)
        said = run(connection, ExecuteSQLOp(f"INSERT INTO t (id, label) VALUES (1, '{written}')"))
        assert stored(connection, found)[0]["label"] == kept
        assert said == [f"INSERT INTO t (id, label) VALUES (1, '{written.replace(chr(92), '')}')"]


def test_execution_options_reach_the_statement(engine: sa.Engine) -> None:
    seen = []
    with engine.begin() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def keep(*arguments: Any) -> None:
            seen.append(arguments[4].execution_options.get("note"))

        run(connection, ExecuteSQLOp("SELECT 1", execution_options={"note": "mine"}))
    assert seen == ["mine"]
