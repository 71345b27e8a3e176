"""What MySQL and MariaDB write, read without a server."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from limbeck.dialects.mysql.information_schema import _mysql_default, _plain
from limbeck.dialects.mysql.normalise import describe
from limbeck.dialects.mysql.rows import ColumnRow, ElementRow
from limbeck.dialects.mysql.show_create import read_table
from limbeck.dialects.mysql.sql_tokens import canonical
from limbeck.dialects.mysql.types import canonical_default, canonical_type
from limbeck.facts.objects import ForeignKeyFact, TableKey
from limbeck.facts.scope import Scope

MYSQL_8 = """CREATE TEMPORARY TABLE `scratch` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `a,b` varchar(30) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'it''s, (x) CHECK' COMMENT 'b,',
  `d` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `u` varchar(40) DEFAULT (uuid()),
  `e` enum('a','b)c') NOT NULL,
  `g` int GENERATED ALWAYS AS ((`id` + 1)) STORED,
  PRIMARY KEY (`id`),
  UNIQUE KEY `ux` (`a,b`(5),`d` DESC),
  KEY `fx` ((lower(`u`))),
  FULLTEXT KEY `ft` (`u`),
  CONSTRAINT `ck` CHECK ((`u` <> _utf8mb4'x'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"""


def test_a_table_as_mysql_writes_it() -> None:
    table = read_table(MYSQL_8)
    assert (table.name, table.engine, table.collation) == (
        "scratch",
        "InnoDB",
        "utf8mb4_0900_ai_ci",
    )
    assert table.columns == [
        ColumnRow("id", "bigint unsigned", nullable=False, auto_increment=True),
        ColumnRow(
            "a,b",
            "varchar(30)",
            nullable=True,
            default="'it''s, (x) CHECK'",
            collation="latin1_bin",
        ),
        ColumnRow(
            "d",
            "datetime(3)",
            nullable=False,
            default="CURRENT_TIMESTAMP(3)",
            on_update="CURRENT_TIMESTAMP(3)",
        ),
        ColumnRow("u", "varchar(40)", nullable=True, default="(uuid())"),
        ColumnRow("e", "enum('a','b)c')", nullable=False),
        ColumnRow("g", "int", nullable=True, generated="(`id` + 1)", stored=True),
    ]
    assert [(i.name, i.unique, i.kind, i.elements) for i in table.indexes] == [
        ("PRIMARY", True, "BTREE", (ElementRow("id"),)),
        ("ux", True, "BTREE", (ElementRow("a,b", length=5), ElementRow("d", descending=True))),
        ("fx", False, "BTREE", (ElementRow(None, "lower(`u`)"),)),
        ("ft", False, "FULLTEXT", (ElementRow("u"),)),
    ]
    (check,) = table.checks
    assert (check.name, canonical(check.condition), check.column) == ("ck", "u <> 'x'", None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INTEGER", "int(11)"),
        ("BOOL", "tinyint(1)"),
        ("NUMERIC(10, 2)", "decimal(10,2)"),
        ("DECIMAL", "decimal(10,0)"),
        ("DOUBLE PRECISION", "double"),
        ("FLOAT(30)", "double"),
        ("CHAR", "char(1)"),
        ("NATIONAL VARCHAR(9)", "varchar(9)"),
        ("VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin", "varchar(9)"),
        ("TIMESTAMP NULL", "timestamp"),
        ("INTEGER(5) ZEROFILL", "int(5) unsigned zerofill"),
        ("ENUM('a', 'b''c')", "enum('a','b''c')"),
        ("BIGINT(20) UNSIGNED", "bigint unsigned"),
        ("YEAR", "year(4)"),
        ("BIT", "bit(1)"),
    ],
)
def test_types_in_one_spelling(one: str, other: str) -> None:
    assert canonical_type(one) == canonical_type(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INTEGER", "BIGINT"),
        ("INTEGER", "INTEGER UNSIGNED"),
        ("INTEGER(5) ZEROFILL", "INTEGER(6) ZEROFILL"),
        ("DATETIME", "DATETIME(6)"),
        ("ENUM('a','b')", "ENUM('a','B')"),
        ("ENUM('a ','b')", "ENUM('a','b')"),
        ("DECIMAL(10,2)", "DECIMAL(10,3)"),
        ("BINARY(16)", "VARBINARY(16)"),
    ],
)
def test_types_that_differ(one: str, other: str) -> None:
    assert canonical_type(one) != canonical_type(other)


@pytest.mark.parametrize(
    ("text", "kind", "default"),
    [
        ("'0'", "int", "0"),
        ("'0'", "varchar(9)", "'0'"),
        ("now()", "datetime", "current_timestamp()"),
        ("CURRENT_TIMESTAMP", "datetime", "current_timestamp()"),
        ("current_timestamp(0)", "datetime", "current_timestamp()"),
        ("true", "tinyint", "1"),
        ("(uuid())", "varchar(40)", "uuid()"),
        ("NULL", "int", None),
        ("'Now()'", "varchar(9)", "'Now()'"),
        (
            "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
            "datetime(6)",
            "current_timestamp(6) on update current_timestamp(6)",
        ),
    ],
)
def test_defaults_in_one_spelling(text: str, kind: str, default: str | None) -> None:
    assert canonical_default(text, kind) == default


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("((`a` > 1))", "a > 1"),
        ("(A>1) AND (b != 'X  y')", "(a > 1) and (b <> 'X  y')"),
        ("`select` = 1", "`select` = 1"),
        ("_utf8mb4'a_b' = 'a_b'", "'a_b' = 'a_b'"),
        ("concat( a,'x' )", "concat(a, 'x')"),
        ("a IN (1,2)", "a in (1, 2)"),
    ],
)
def test_expressions_in_one_spelling(text: str, words: str) -> None:
    assert canonical(text) == words
    assert canonical(words) == words


@pytest.mark.parametrize(
    ("default", "kind", "extra", "text"),
    [
        ("it's", "varchar(9)", "", "'it''s'"),
        ("uuid()", "varchar(9)", "default_generated", "uuid()"),
        ("CURRENT_TIMESTAMP", "datetime", "", "CURRENT_TIMESTAMP"),
        ("b'101'", "bit(3)", "", "b'101'"),
        ("5", "int", "", "'5'"),
    ],
)
def test_defaults_that_mysql_keeps_without_quotes(
    default: str, kind: str, extra: str, text: str
) -> None:
    assert _mysql_default(default, kind, extra) == text


def test_quotes_that_mysql_keeps_with_backslashes() -> None:
    assert canonical(_plain("(`a` <> _utf8mb4\\'x\\')")) == "a <> 'x'"


def test_names_of_tables_in_lower_case_where_the_server_keeps_them_so() -> None:
    metadata = sa.MetaData()
    sa.Table("Up", metadata, sa.Column("Id", sa.Integer, primary_key=True))
    sa.Table("Down", metadata, sa.Column("Up", sa.ForeignKey("Up.Id")))
    dialect: Any = mysql.dialect()
    dialect._casing = 1
    down, up = describe([metadata], dialect, Scope()).tables
    assert (down.key, up.key) == (TableKey("", "down"), TableKey("", "up"))
    (key,) = down.constraints
    assert isinstance(key, ForeignKeyFact)
    assert (key.referred, key.referred_columns) == (TableKey("", "up"), ("Id",))


def test_a_dialect_that_was_never_connected_says_nothing_of_names() -> None:
    metadata = sa.MetaData()
    sa.Table("Up", metadata, sa.Column("Id", sa.Integer, primary_key=True))
    (up,) = describe([metadata], mysql.dialect(), Scope()).tables
    assert up.key == TableKey("", "Up")
