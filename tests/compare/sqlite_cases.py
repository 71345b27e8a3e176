"""Models that SQLite keeps in words of its own, and changes that only SQLite has."""

# ruff: noqa: E501 - a case is a line, and lines are compared at a glance

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tests.compare.common_cases import column, columns, defaults, key, table, with_parent
from tests.compare.runner import Case, Models, same


def table_of_spellings(metadata: sa.MetaData) -> None:
    """What ``other spellings`` means."""
    sa.Table(
        "t",
        metadata,
        sa.Column("ID", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0"), server_default="7"),
        sa.Column("b", sa.String(30, collation="NOCASE"), server_default="x", unique=True),
    )


def parent_and_child(metadata: sa.MetaData) -> None:
    """A parent and a child that refers to its primary key."""
    sa.Table("Parent", metadata, sa.Column("Id", sa.Integer, primary_key=True))
    table(sa.Column("p", sa.Integer))(metadata)
    child = metadata.tables["t"]
    child.append_constraint(sa.ForeignKeyConstraint(["p"], ["Parent.Id"]))


SAME = (
    same("text without a length", columns(sa.String(), sa.Unicode(), sa.VARCHAR())),
    same("expressions as defaults", defaults(sa.DateTime, sa.text("(datetime('now', '+1 day'))"), sa.text("(1 || ':x')"))),
    same("collations", columns(sa.String(9, collation="NOCASE"), sa.Text(collation="RTRIM"), sa.String(9, collation="BINARY"))),
    same("deferred foreign key", with_parent(key(deferrable=True, initially="DEFERRED"))),
    same("restricting foreign key", with_parent(key(ondelete="RESTRICT"))),
    same("conflicts", table(sa.Column("a", sa.Integer, unique=True, sqlite_on_conflict_unique="IGNORE"), sa.Column("b", sa.Integer), sa.UniqueConstraint("a", "b", name="uq", sqlite_on_conflict="REPLACE"), sa.UniqueConstraint("b", sqlite_on_conflict="ABORT"))),
    same("autoincrement", table(sqlite_autoincrement=True)),
    same("without rowid", table(sqlite_with_rowid=False)),
    same("big primary key", lambda m: sa.Table("t", m, sa.Column("id", sa.BigInteger, primary_key=True))),
    same("partial index", table(sa.Column("name", sa.String(9)), sa.Index("ix", "name", sqlite_where=sa.text("name IS NOT NULL and name<>'x'")))),
    same("index of an expression", lambda m: sa.Index("ix", sa.func.lower(sa.Table("t", m, sa.Column("n", sa.Integer), sa.Column("name", sa.String(9))).c.name).desc(), sa.text("n + 1"))),
    same("index with a collation", lambda m: sa.Index("ix", sa.Table("t", m, sa.Column("name", sa.String(9))).c.name.collate("NOCASE"))),
)  # fmt: skip

CHANGES = (
    Case("length appears", column(sa.String), column(sa.String(30)), ("change column t.a: type",)),
    Case("length disappears", column(sa.String(30)), column(sa.String), ("change column t.a: type",)),
    Case("collation", column(sa.String(9)), column(sa.String(9, collation="NOCASE")), ("change column t.a: collation",)),
    Case("condition of an index", table(sa.Column("a", sa.Integer), sa.Index("ix", "a", sqlite_where=sa.text("a > 1"))), table(sa.Column("a", sa.Integer), sa.Index("ix", "a", sqlite_where=sa.text("a > 2"))), ("change index t.ix: where",)),
    Case("condition of an index goes", table(sa.Column("a", sa.Integer), sa.Index("ix", "a", sqlite_where=sa.text("a > 1"))), table(sa.Column("a", sa.Integer), sa.Index("ix", "a")), ("change index t.ix: where",)),
    Case("expression of an index", table(sa.Column("a", sa.String(9)), sa.Index("ix", sa.text("lower(a)"))), table(sa.Column("a", sa.String(9)), sa.Index("ix", sa.text("upper(a)"))), ("change index t.ix: elements",)),
    Case("deferred foreign key", with_parent(key(name="fk")), with_parent(key(name="fk", deferrable=True, initially="DEFERRED")), ("change foreign_key t.fk: deferrable, initially",)),
    Case("conflict", table(sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq")), table(sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq", sqlite_on_conflict="IGNORE")), ("change unique t.uq: options",)),
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """Tables as somebody wrote them by hand, and models that find nothing to change, or this."""

    name: str
    sql: tuple[str, ...]
    models: Models
    expected: tuple[str, ...] = ()


WRITTEN = (
    Written("other spellings", ("create table t (ID integer not null primary key, [a] Int DEFAULT ('7') check( a>0 ), 'b' varchar ( 30 ) collate nocase default \"x\" unique)",), table_of_spellings),
    Written("a comment in the text", ("CREATE TABLE t (id INTEGER PRIMARY KEY, -- the key, of course\n a INTEGER /* never ) NULL */ NOT NULL)",), table(sa.Column("a", sa.Integer, nullable=False))),
    Written("a table renamed", ("CREATE TABLE old (id INTEGER PRIMARY KEY, b INTEGER CHECK (b > 0))", "ALTER TABLE old RENAME TO t", "ALTER TABLE t RENAME COLUMN b TO a"), table(sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")))),
    Written("a column added", ("CREATE TABLE t (id INTEGER PRIMARY KEY)", "ALTER TABLE t ADD COLUMN a VARCHAR(9) DEFAULT 'x' NOT NULL"), table(sa.Column("a", sa.String(9), server_default="x", nullable=False))),
    Written("views, triggers and virtual tables", ("CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE VIEW v AS SELECT id FROM t", "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "CREATE VIRTUAL TABLE docs USING fts5(body)", "ANALYZE"), table()),
    Written("a foreign key without columns", ("CREATE TABLE Parent (Id INTEGER PRIMARY KEY)", "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent)"), parent_and_child),
    Written("strict", ("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT",), table(sa.Column("a", sa.Text), sqlite_strict=True)),
    Written("strict by hand", ("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT",), table(sa.Column("a", sa.Text)), ("change table t: options",)),
    Written("autoincrement by hand", ("CREATE TABLE t (id INTEGER CONSTRAINT own PRIMARY KEY AUTOINCREMENT)",), table(), ("change table t: options",)),
    Written("a string that counts in the models", ("CREATE TABLE t (id VARCHAR(9) NOT NULL PRIMARY KEY)",), lambda m: sa.Table("t", m, sa.Column("id", sa.String(9), primary_key=True), sqlite_autoincrement=True)),
    Written("a text of strange names", ('CREATE TABLE "t" ("id" INTEGER PRIMARY KEY, "a""b, c" INTEGER, CONSTRAINT "ck ""1" CHECK ("a""b, c" > 0))',), table(sa.Column('a"b, c', sa.Integer), sa.CheckConstraint('"a""b, c" > 0', name='ck "1'))),
    Written("an index in other words", ("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "create index if not exists ix on t (LOWER( a ) asc) where A is  not null"), table(sa.Column("a", sa.Text), sa.Index("ix", sa.text("lower(a)"), sqlite_where=sa.text("a IS NOT NULL")))),
    Written("a value that differs in case", ("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> 'X'))",), table(sa.Column("a", sa.Text), sa.CheckConstraint("a <> 'x'")), ("remove check t.()", "add check t.()")),
)  # fmt: skip
