"""Models that MariaDB keeps in words of its own, and changes that only MariaDB has."""

# ruff: noqa: E501 - a case is a line, and lines are compared at a glance

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.sql.type_api import TypeEngine

from tests.compare.common_cases import (
    COMMENT,
    column,
    columns,
    defaults,
    key,
    table,
    with_parent,
)
from tests.compare.runner import Case, same

NOW_UPDATED = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
UNSIGNED: Any = mysql.INTEGER(unsigned=True)


def text_column(**options: Any) -> TypeEngine[str]:
    return mysql.VARCHAR(10, **options)


SAME = (
    same("integers", columns(mysql.INTEGER(11), UNSIGNED, mysql.TINYINT(), mysql.TINYINT(1), mysql.MEDIUMINT(), mysql.BIGINT(20, unsigned=True), mysql.INTEGER(5, zerofill=True))),
    same("numbers with a sign", columns(mysql.DECIMAL(10, 2, unsigned=True), mysql.DOUBLE(10, 2), mysql.FLOAT(8, 3), mysql.DOUBLE(), mysql.BIT(4), mysql.BIT())),
    same("long texts", columns(sa.Text(10), sa.Text(300), sa.Text(100000), mysql.TINYTEXT(), mysql.MEDIUMTEXT(), mysql.LONGTEXT(), mysql.LONGBLOB(), sa.LargeBinary(70000))),
    same("enums", columns(sa.Enum("a", "b'c", "d,e", "f)g", name="e"), mysql.SET("x", "y"), mysql.ENUM("a", "b"))),
    same("times of parts", columns(mysql.DATETIME(fsp=6), mysql.TIMESTAMP(fsp=3), mysql.TIME(fsp=1), mysql.YEAR(), mysql.DATETIME(fsp=0))),
    same("character sets", columns(text_column(charset="latin1"), text_column(charset="ascii", collation="ascii_bin"), text_column(collation="utf8mb4_bin"), text_column(charset="utf8mb4"), mysql.CHAR(3, charset="latin1"), sa.Unicode(9))),
    same("national", columns(mysql.NVARCHAR(9), mysql.NCHAR(3))),
    same("json", table(sa.Column("a", sa.JSON, nullable=False, server_default=sa.text("('{}')")), sa.Column("b", mysql.JSON), sa.Column("c", mysql.LONGTEXT))),
    same("expressions as defaults", defaults(sa.String(40), sa.text("(uuid())"), sa.text("(concat('a', 'B%'))"))),
    same("numbers as defaults", defaults(sa.Integer, "7", sa.text("(1+1)"), sa.text("0x10"))),
    same("bits as defaults", defaults(mysql.BIT(4), sa.text("b'101'"), sa.text("3"))),
    same("binary strings as defaults", defaults(mysql.VARBINARY(9), sa.text("x'00ff'"), sa.text("X'41'"), sa.text("0xf09f9880"), sa.text("'a?'"), sa.text("x'c3275c'"), sa.text("''"))),
    same("binary strings of a fixed length as defaults", defaults(mysql.BINARY(4), sa.text("x'ff'"), sa.text("'a'"))),
    same("expressions of binary strings as defaults", table(sa.Column("a", sa.LargeBinary, server_default=sa.text("x'00ff'")), sa.Column("b", mysql.VARBINARY(9), server_default=sa.text("(unhex('00ff'))")))),
    same("times updated", defaults(sa.DateTime, NOW_UPDATED, sa.text("NULL ON UPDATE now()"))),
    same("times updated in parts", defaults(mysql.DATETIME(fsp=6), sa.text("CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"))),
    same("timestamps that may not be null", table(sa.Column("a", sa.TIMESTAMP, nullable=False), sa.Column("b", sa.TIMESTAMP, nullable=False, server_default=sa.func.now()))),
    same("default of an enum", table(sa.Column("a", sa.Enum("x", "y"), server_default="x", nullable=False))),
    same("comments", table(sa.Column("a", sa.Integer, comment=COMMENT), sa.Column("b", sa.Integer, comment=""), comment=COMMENT)),
    same("empty comment", table(comment="")),
    same("options of a table", table(sa.Column("a", sa.String(9)), mysql_engine="InnoDB", mysql_charset="latin1", mariadb_engine="InnoDB", mariadb_charset="latin1")),
    same("an engine without transactions", table(sa.Column("a", sa.String(9)), mariadb_engine="MyISAM")),
    same("prefixes", table(sa.Column("a", sa.Text), sa.Column("b", sa.String(99)), sa.Index("ix", "a", "b", mariadb_length={"a": 10, "b": 5}), sa.Index("ix2", "b", mariadb_length=7), sa.Index("ix3", "a"))),
    same("fulltext", table(sa.Column("a", sa.Text), sa.Column("b", sa.Text), sa.Index("ft", "a", "b", mariadb_prefix="FULLTEXT"))),
    same("using", table(sa.Column("a", sa.Integer), sa.Index("ix", "a", mariadb_using="btree"), sa.Index("ix2", "a", "id", mariadb_using="hash"))),
    same("unnamed foreign keys", with_parent(key(), key("q"))),
    same("restrict", with_parent(key(name="fk", ondelete="RESTRICT", onupdate="NO ACTION"))),
    same("two foreign keys of one column", with_parent(key(name="fk"), key(name="fk2", onupdate="CASCADE"))),
    same("computed texts", table(sa.Column("s", sa.String(9)), sa.Column("a", sa.String(20), sa.Computed("concat(s, '%', upper(s))")), sa.Column("b", sa.Integer, sa.Computed("case when s = 'x' then 1 else length(s) end", persisted=True)))),
    same("checks of a column and of the table", table(sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")), sa.Column("b", sa.Integer, sa.CheckConstraint("b > 1")), sa.CheckConstraint("a > b"), sa.CheckConstraint("mod(a, 2) = 1 and not (b between 3 and 4)", name="ck"), sa.CheckConstraint("a <> 7 or b is not null"))),
    same("percent signs that go to scratch", table(sa.Column("a", sa.String(9), server_default="5%"), sa.CheckConstraint("((a LIKE 'x%') AND (a <> '%s'))", name="ck"))),
    same("a long name", table(sa.Column("a", sa.Integer), sa.Index("ix_" + "x" * 61, "a"), sa.UniqueConstraint("a", name="u" * 64))),
    same("big autoincrement", lambda m: sa.Table("t", m, sa.Column("id", sa.BigInteger, primary_key=True))),
    same("no autoincrement", lambda m: sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))),
    Case("boolean is tinyint", column(sa.Boolean), column(mysql.TINYINT)),
    Case("a collation nobody asks for", column(text_column(collation="utf8mb4_bin")), column(sa.String(10))),
)  # fmt: skip

CHANGES = (
    Case("words of an enum", column(sa.Enum("a", "b")), column(sa.Enum("a", "b", "c")), ("change column t.a: type",)),
    Case("order of an enum", column(sa.Enum("a", "b")), column(sa.Enum("b", "a")), ("change column t.a: type",)),
    Case("sign", column(sa.Integer), column(UNSIGNED), ("change column t.a: type",)),
    Case("parts of a second", column(sa.DateTime), column(mysql.DATETIME(fsp=6)), ("change column t.a: type",)),
    Case("text grows", column(sa.Text), column(mysql.LONGTEXT), ("change column t.a: type",)),
    Case("text becomes json", column(mysql.LONGTEXT), column(sa.JSON), ("change column t.a: type",)),
    Case("collation", column(sa.String(10)), column(text_column(collation="utf8mb4_bin")), ("change column t.a: collation",)),
    Case("character set", column(sa.String(10)), column(text_column(charset="latin1")), ("change column t.a: collation",)),
    Case("comment", column(sa.Integer, comment="x"), column(sa.Integer, comment="y"), ("change column t.a: comment",)),
    Case("comment goes", column(sa.Integer, comment="x"), column(sa.Integer), ("change column t.a: comment",)),
    Case("comment of a table", table(), table(comment=COMMENT), ("change table t: comment",)),
    Case("on update", column(sa.DateTime, server_default=sa.func.now()), column(sa.DateTime, server_default=NOW_UPDATED), ("change column t.a: default",)),
    Case("default that is no text", column(mysql.BINARY(2), server_default=sa.text("x'00ff'")), column(mysql.BINARY(2), server_default=sa.text("x'00fe'")), ("change column t.a: default",)),
    Case("expression of a default", column(sa.String(40), server_default=sa.text("(uuid())")), column(sa.String(40), server_default=sa.text("(concat('x'))")), ("change column t.a: default",)),
    Case("prefix", table(sa.Column("a", sa.Text), sa.Index("ix", "a", mariadb_length=10)), table(sa.Column("a", sa.Text), sa.Index("ix", "a", mariadb_length=20)), ("change index t.ix: elements",)),
    Case("fulltext", table(sa.Column("a", sa.String(9)), sa.Index("ix", "a")), table(sa.Column("a", sa.String(9)), sa.Index("ix", "a", mariadb_prefix="FULLTEXT")), ("change index t.ix: options",)),
    Case("autoincrement", lambda m: sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)), lambda m: sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True)), ("change column t.id: autoincrement",)),
    Case("foreign key and its index", with_parent(key(name="fk")), with_parent(), ("remove foreign_key t.fk", "remove index t.fk")),
    Case("index that a foreign key needs", with_parent(key(name="fk"), sa.Index("ix", "p")), with_parent(key(name="fk"))),
    Case("index that no foreign key needs", with_parent(key(name="fk"), sa.Index("ix", "p"), sa.Index("ix2", "p", "q")), with_parent(key(name="fk"), sa.Index("ix2", "p", "q")), ("remove index t.ix",)),
    Case("unique becomes index", table(sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="u")), table(sa.Column("a", sa.Integer), sa.Index("u", "a", unique=True))),
    Case("table with a foreign key", with_parent(key(name="fk"), sa.Index("ix", "q")), lambda m: None, ("remove table parent", "remove table t")),
)  # fmt: skip

WITH_INDEX = {
    "add foreign key": ("add index t.fk",),
    "target of a foreign key": ("change index t.fk: elements",),
}
"""What comes along here with changes that both databases have: an index for a foreign key."""
