"""What the text of a statement shows of what it writes."""

from __future__ import annotations

import pytest

from limbeck.database.data_statements import Write, writes_of

ALL = None
NONE: frozenset[str] = frozenset()

READ = {
    "UPDATE users SET name = 'x' WHERE name = '1'": ("users", {"name"}, "", ""),
    'UPDATE "a"."Users" AS u SET u.name = (SELECT x FROM y WHERE a = 1), b = 2 FROM z': (
        "users", {"name", "b"}, "", "",
    ),
    "UPDATE users SET (a, b) = (1, 2)": ("users", {"a", "b"}, "", ""),
    "UPDATE users SET a[1] = 2, point.x = 3": ("users", {"a", "point"}, "", ""),
    "UPDATE ONLY `users` SET a = CASE WHEN x = 1 THEN 2 END, b = 'c=d,e'": (
        "users", {"a", "b"}, "", "",
    ),
    "UPDATE users SET name = %(name)s WHERE id = ?": ("users", {"name"}, "", ""),
    "/* , */ UPDATE users -- SET q = 1\nSET a = 1": ("users", {"a"}, "", ""),
    "INSERT INTO users (a) VALUES (:a)": ("users", NONE, "adds", ""),
    "INSERT OR IGNORE INTO users VALUES (1)": ("users", NONE, "adds", ""),
    "INSERT INTO users VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1": (
        "users", ALL, "adds", "removes",
    ),
    "INSERT OR REPLACE INTO users VALUES (1)": ("users", ALL, "adds", "removes"),
    "DELETE FROM users WHERE a = 1": ("users", NONE, "", "removes"),
    "DELETE FROM ONLY users USING more WHERE true": ("users", NONE, "", "removes"),
    "WITH more AS (SELECT 1) DELETE FROM users": ("users", NONE, "", "removes"),
    "CREATE TABLE IF NOT EXISTS copied AS SELECT * FROM users": (
        "copied", ALL, "adds", "removes",
    ),
}  # fmt: skip

UNKNOWN = (
    "UPDATE users u JOIN more m ON m.id = u.id SET u.a = 1",
    "DELETE users FROM users JOIN more",
    "DELETE FROM users, more USING users JOIN more",
    "REPLACE INTO users VALUES (1)",
    "WITH gone AS (DELETE FROM users RETURNING a) INSERT INTO more SELECT a FROM gone",
    "MERGE INTO users USING more ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE users",
    "DO $$ BEGIN UPDATE users SET a = 1; END $$",
    "CALL tidy('users')",
    "COPY users FROM stdin",
    "ALTER TABLE users ALTER COLUMN a TYPE integer USING a::integer",
    "SELECT * INTO copied FROM users",
)

NO_WRITE = (
    "",
    "SELECT 1",
    "SELECT 'UPDATE users SET a = 1'",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "ALTER TABLE users DROP COLUMN a",
    "CREATE INDEX a ON users (b)",
    "CREATE FUNCTION f() RETURNS integer AS $$ UPDATE users SET a = 1; SELECT 1 $$ LANGUAGE sql",
    "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE users SET a = 1; DELETE FROM b; END",
)


@pytest.mark.parametrize("sql", READ)
def test_what_is_understood(sql: str) -> None:
    table, columns, adds, removes = READ[sql]
    (write,) = writes_of(sql)
    assert write.tables == {table}
    assert write.columns == columns
    assert (write.adds_rows, write.removes_rows) == (bool(adds), bool(removes))


@pytest.mark.parametrize("sql", UNKNOWN)
def test_what_is_not_understood_is_known_by_its_words(sql: str) -> None:
    (write,) = writes_of(sql)
    assert write.tables is None and write.columns is None
    assert write.adds_rows and write.removes_rows and "users" in write.words


@pytest.mark.parametrize("sql", NO_WRITE)
def test_what_writes_nothing(sql: str) -> None:
    assert writes_of(sql) == ()


def test_a_call_may_write() -> None:
    assert writes_of("SELECT tidy(1)") == (Write(NONE, NONE, False, False, frozenset({"tidy"})),)


def test_several_statements() -> None:
    found = writes_of("UPDATE a SET x = ';'; DELETE FROM b;")
    assert [write.tables for write in found] == [{"a"}, {"b"}]
