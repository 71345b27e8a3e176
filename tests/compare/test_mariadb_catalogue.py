"""What is read of MariaDB's catalogue, whatever is in it and however it is asked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from limbeck.dialects.mysql.information_schema import read_catalogue
from limbeck.dialects.mysql.quoted_rows import values_of
from limbeck.dialects.mysql.rows import CheckRow, ForeignKeyRow

ODD = """CREATE TABLE `p'a\\nb"` (
    id INT PRIMARY KEY,
    `we\nird''n\\me` VARCHAR(30) DEFAULT 'a\\\\b''c\nd\\0e\\Z' COMMENT 'x\n''y\\\\z',
    word TEXT NULL DEFAULT NULL,
    kind ENUM('a,''b', 'NULL', 'c\n'),
    UNIQUE `u\nq` (word(10), kind),
    CONSTRAINT `ck''2` CHECK (id > 0 AND word <> '\\\\')
) COMMENT 'hi\n\\\\'"""
OTHER = """CREATE TABLE other (
    a INT, b INT, KEY (a DESC), KEY (b, a),
    CONSTRAINT `f'k` FOREIGN KEY (b) REFERENCES `p'a\\nb"` (id) ON DELETE CASCADE
)"""
PARTS = """CREATE TABLE parts (a INT) PARTITION BY RANGE (a) (
    PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE
)"""


@pytest.mark.databases("mariadb")
def test_odd_names_and_texts(engine: sa.Engine) -> None:
    """Rows that come together are those that come one by one, where the server cuts long texts."""
    with engine.connect() as connection:
        for statement in (ODD, OTHER, PARTS):
            connection.exec_driver_sql(statement)
        schema = connection.exec_driver_sql("SELECT database()").scalar_one()
        found = read_catalogue(connection, [schema])
        connection.exec_driver_sql("SET SESSION group_concat_max_len = 64")
        assert read_catalogue(connection, [schema]) == found
        connection.exec_driver_sql("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'")
        assert read_catalogue(connection, [schema]).keys() == found.keys()
    odd, other = found[schema, "p'a\\nb\""], found[schema, "other"]
    names = ["id", "we\nird''n\\me", "word", "kind"]
    assert [(column.name, column.comment) for column in odd.columns] == [
        (name, "x\n'y\\z" if name == names[1] else "") for name in names
    ]
    assert odd.columns[1].default == "'a\\\\b''c\\nd\\0e\x1a'"
    assert odd.columns[3].type == "enum('a,''b','NULL','c\\n')"
    assert odd.comment == "hi\n\\"
    assert odd.checks == [CheckRow("ck''2", "`id` > 0 and `word` <> '\\\\'")]
    once = next(index for index in odd.indexes if index.name == "u\nq")
    assert [(each.column, each.length) for each in once.elements] == [("word", 10), ("kind", None)]
    assert other.foreign_keys == [
        ForeignKeyRow("f'k", ("b",), schema, "p'a\\nb\"", ("id",), "RESTRICT", "CASCADE")
    ]
    assert [each.column for index in other.indexes for each in index.elements] == ["a", "b", "a"]
    assert found[schema, "parts"].options["partition_by"].count("PARTITION") == 2


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("NULL,'NULL','',NULL", [None, "NULL", "", None]),
        (r"'a\\n','b\nc','\'','\0\Z'", ["a\\n", "b\nc", "'", "\0\x1a"]),
        ("'a\nb'", ["a\nb"]),
    ],
)
def test_values(text: str, values: list[str | None]) -> None:
    assert values_of(text) == values
