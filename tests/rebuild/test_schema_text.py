"""A table's text is cut into pieces, and the pieces are the text again."""

from __future__ import annotations

import sqlite3

import pytest

from limbeck.dialects.sqlite.schema_reader import SchemaTextError, read_column, read_table
from limbeck.dialects.sqlite.schema_text import ColumnText, Reference
from limbeck.dialects.sqlite.sql_tokens import meaning, mentions, text_of, tokens_of

TEXTS = [
    "CREATE TABLE t (a)",
    "CREATE TABLE t(a,b)",
    "CREATE TABLE t (\n\ta INTEGER NOT NULL, \n\tb VARCHAR(50) DEFAULT 'x, y' NOT NULL, \n"
    "\tPRIMARY KEY (a), \n\tCONSTRAINT uq UNIQUE (b)\n)",
    "CREATE TABLE t (a int, -- the a, of course\n b text /* b ) */ , c -- last\n)",
    "CREATE TABLE t (a int -- before the comma\n , b int)",
    "CREATE TABLE t (a int, constraint x unique (a) check (a > 0), unique(a))",
    "CREATE TABLE t (a int, constraint x unique (a) constraint y check (a > 0) unique(a))",
    "CREATE TABLE u (a int references t(a) not null not deferrable initially deferred"
    " collate nocase)",
    "CREATE TABLE w (a int, b int, constraint ff foreign key (a) references t(a) on delete"
    " cascade deferrable initially deferred, primary key (a desc, b collate nocase) on conflict"
    " replace) strict, without rowid",
    "CREATE TABLE y2 (a int generated always as (b+1) stored, b int, c as (a))",
    "CREATE TABLE y3 (a int, check (a>0) on conflict ignore, check (a<2))",
    "CREATE TABLE y5 (a int default +1.5 not null, b text default true, c default x'aa')",
    "CREATE TABLE y6 (a generated text, b int)",
    "CREATE TABLE y7 (a int constraint n1 constraint n2 not null)",
    "CREATE TABLE y8 (a int references t on delete set null match full on update cascade"
    " on delete no action on update restrict)",
    "CREATE TABLE y9 (a integer primary key desc on conflict abort)",
    "CREATE TABLE 'y ''10' ('a' int, [b c] \"long type\"(1, 2) default (1+2), `d``d` text, "
    '"e""e" default -1)',
    "CREATE TABLE y11 (a int, foreign key (a) references t (a) deferrable)",
    "CREATE TABLE y12 (id INTEGER PRIMARY KEY AUTOINCREMENT, größe REAL CHECK (größe>=0.5e-3))",
    "CREATE TABLE y13 (id INTEGER, PRIMARY KEY (id AUTOINCREMENT))",
    "CREATE TABLE y14 (a text default 'it''s -- no comment', b text default '\n-- x', c int)",
    "CREATE TABLE y15 (a int null on conflict fail, b text unique on conflict replace)",
    "CREATE TABLE y16 (\r\n  a int, -- windows\r\n  b int\r\n)",
]


@pytest.mark.parametrize("sql", TEXTS)
def test_the_pieces_are_the_text_again(sql: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute(sql)
    (stored,) = database.execute("SELECT sql FROM sqlite_master WHERE type = 'table'").fetchone()
    table = read_table(stored)
    assert table.text == stored
    described = database.execute("SELECT name FROM pragma_table_xinfo(?)", (table.name,))
    assert [column.name for column in table.columns] == [name for (name,) in described]


@pytest.mark.parametrize("sql", TEXTS)
def test_the_pieces_say_what_the_pragmas_say(sql: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute(sql)
    table = read_table(sql)
    described = database.execute(
        'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', (table.name,)
    ).fetchall()
    for column, (name, _, not_null, key, hidden) in zip(table.columns, described, strict=True):
        assert column.is_generated == (hidden in (2, 3)), name
        if not table.without_rowid:
            assert (column.clause("not null") is not None) == bool(not_null), name
        assert (name in table.primary_key) == bool(key), name
    indexes = database.execute(
        "SELECT count(*) FROM pragma_index_list(?) WHERE origin = 'u'", (table.name,)
    ).fetchone()
    unique = sum(c.kind == "unique" for c in table.constraints) + sum(
        clause.kind == "unique" for column in table.columns for clause in column.clauses
    )
    assert unique >= indexes[0]


def test_what_a_column_consists_of() -> None:
    column = read_column(
        "\n  total NUMERIC(10, 2) CONSTRAINT positive CHECK (total > (0)) DEFAULT -1.5"
        " REFERENCES other (x) ON DELETE SET NULL COLLATE nocase"
    )
    assert column.type == "NUMERIC ( 10 , 2 )"
    assert [(c.kind, c.name, c.expression) for c in column.clauses] == [
        ("check", "positive", "total > (0)"),
        ("default", None, "-1.5"),
        ("foreign key", None, ""),
        ("collate", None, "nocase"),
    ]
    assert column.clauses[2].reference == Reference("other", ("x",))


def test_a_removed_column_takes_no_neighbour_along() -> None:
    table = read_table("CREATE TABLE t (a int, -- of a\n b int, -- of b\n c int -- of c\n)")
    assert table.without_column("b").text == ("CREATE TABLE t (a int, -- of a\n c int -- of c\n)")
    assert table.without_column("c").text == "CREATE TABLE t (a int, -- of a\n b int -- of b\n)"


def test_what_follows_a_line_comment_is_not_swallowed() -> None:
    table = read_table("CREATE TABLE t (a int, -- of a\n b int, c int)")
    assert table.without_column("b").text == "CREATE TABLE t (a int, -- of a\n c int)"
    last = read_table("CREATE TABLE t (a int -- of a\n)")
    added = last.with_column(ColumnText("b", "b", " int"))
    assert added.text == "CREATE TABLE t (a int, -- of a\n b int\n)"


def test_a_removed_clause_leaves_the_comment_before_it() -> None:
    column = read_column("a int -- why\n not null default 1")
    clause = column.clause("not null")
    assert clause is not None
    assert column.without(clause).text == "a int -- why\n default 1"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY)", "id"),
        ("CREATE TABLE t (id INTEGER, PRIMARY KEY (id))", "id"),
        ("CREATE TABLE t (id integer, primary key (id desc))", "id"),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)", None),
        ("CREATE TABLE t (id INT PRIMARY KEY)", None),
        ("CREATE TABLE t (id BIGINT, PRIMARY KEY (id))", None),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY) WITHOUT ROWID", None),
        ("CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a, b))", None),
    ],
)
def test_which_column_is_the_rowid(sql: str, expected: str | None) -> None:
    column = read_table(sql).rowid_column
    assert (column.name if column else None) == expected
    database = sqlite3.connect(":memory:")
    database.execute(sql)
    if expected is not None:  # inserting NULL makes a rowid only where the column is the rowid
        database.execute("INSERT INTO t DEFAULT VALUES")
        assert database.execute(f"SELECT {expected} FROM t").fetchone() == (1,)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE t (a int, b (",
        "",
    ],
)
def test_other_texts_are_refused(sql: str) -> None:
    with pytest.raises(SchemaTextError):
        read_table(sql)


def test_tokens_join_to_the_text() -> None:
    sql = "a->>'$.b' || [c d] /* e */ <= x'00' -- f\n?1 .5e+10 \"g\"\"h\""
    assert text_of(tokens_of(sql)) == sql
    assert mentions(sql, 'G"H')
    assert mentions(sql, "C d")
    assert not mentions(sql, "b")
    assert meaning("A  IN ('X')") == meaning("a in('X') -- y")
