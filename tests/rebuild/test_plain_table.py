"""Pieces that were read before are those that are read anew."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from limbeck.dialects.sqlite.plain_table import plain_table, read_any_table
from limbeck.dialects.sqlite.schema_reader import SchemaTextError, read_table
from limbeck.dialects.sqlite.schema_text import TableText

PARTS = (
    "a", "b", '"a b"', '"a""b"', "[a]", "`a`", "'a'", "''", "'it''s, (x'", " ", "\n\t", ", ", ",",
    "(", ")", "()", "(1)", "(a, b)", "((a), (b))", "(((a)))", "((((a))))", "INTEGER",
    "VARCHAR(20)", "NUMERIC(10, 2)", " NOT NULL", " NULL", " PRIMARY KEY", " DEFAULT ", "-1", "- 1",
    "--", "-- c\n", "/* c */", "/", "1/2", " CHECK (a > 1)", " CHECK (a IN ('x', ')'))",
    " CONSTRAINT c", " UNIQUE (a)", " UNIQUE", " COLLATE NOCASE", " AUTOINCREMENT", ";", "ж",
    " REFERENCES t (a) ON DELETE CASCADE", " FOREIGN KEY(a)", " DEFERRABLE INITIALLY DEFERRED",
    " GENERATED ALWAYS AS (a * 2) STORED", "0x1F", "X'41'", " STRICT", " WITHOUT ROWID",
    "a INTEGER", "b TEXT", "c", "UNIQUE (a)", "PRIMARY KEY (a, b)", "CHECK (b <> '')",
)  # fmt: skip
HEADS = ("CREATE TABLE t (", 'CREATE TABLE "t u" (', "CREATE TABLE t(", "CREATE TEMP TABLE t (")
HEADS += ("create table t (", "CREATE TABLE main.t (", "CREATE TABLE IF NOT EXISTS t (")


def thorough(sql: str) -> TableText | None:
    """The table as every token of its text says it, None where it is none."""
    try:
        return replace(read_table(sql), name="t")
    except SchemaTextError:
        return None


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(PARTS), max_size=14).map("".join),
    st.sampled_from((")", "\n)", " ) STRICT", ") -- c", "", "))")),
)
@example("CREATE TABLE t (", "a INTEGER, UNIQUE (a), UNIQUE (a)", ")")
@example("CREATE TABLE t (", "a INTEGER, CHECK (a > 1) CHECK (a > 1)", "\n)")
@example("CREATE TABLE t (", "a INTEGER CONSTRAINT x, b", ")")
@example("CREATE TABLE t (", "a INTEGER, UNIQUE (a), b TEXT", ")")
@example("CREATE TABLE t (", "a INTEGER DEFAULT (-1), b TEXT -- it ends here\n", ")")
def test_any_text(head: str, body: str, end: str) -> None:
    sql = head + body + end
    known, wanted = plain_table(sql, "t"), thorough(sql)
    if known is not None:
        assert known == wanted
        assert known.text == sql


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), st.sampled_from(PARTS))
def test_what_the_database_takes(body: str, column: str) -> None:
    """A text that SQLite has taken is read either way."""
    sql = f"CREATE TABLE t (x {body}, y {column})"
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(sql)
        stored = connection.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()[0]
    except sqlite3.Error:
        return
    finally:
        connection.close()
    assert read_any_table(stored, "t") == thorough(stored)


def test_usual_tables_are_read_that_way() -> None:
    """Else it would be for nothing."""
    sql = """CREATE TABLE "order line" (
        id INTEGER NOT NULL,
        name VARCHAR(20) DEFAULT 'a, (b' NOT NULL,
        price NUMERIC(10, 2) CHECK (price > (1 + (2))),
        PRIMARY KEY (id),
        CONSTRAINT fk FOREIGN KEY(name) REFERENCES other (name) ON DELETE CASCADE,
        UNIQUE (name)
    )"""
    first, again = plain_table(sql, "order line"), plain_table(sql, "order line")
    assert first is not None
    assert first == again == replace(read_table(sql), name="order line")
    assert again is not None
    assert again.columns[1] is first.columns[1]
    assert [one.kind for one in first.constraints] == ["primary key", "foreign key", "unique"]


def test_a_table_that_is_none() -> None:
    with pytest.raises(SchemaTextError):
        read_any_table("CREATE VIRTUAL TABLE t USING fts5(a)", "t")
