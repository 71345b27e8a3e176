"""What only MariaDB and MySQL have; on MariaDB it is really run."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from limbeck.dialects.features import Features
from limbeck.dialects.mysql import emit
from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateIndexOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    MigrateOperation,
    RenameTableOp,
)
from tests.emit.emitting import offline, run, text_of

mariadb = pytest.mark.databases("mariadb")

TABLE = """
CREATE TABLE t (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s 5%%'
    COMMENT 'a:b%%',
  changed TIMESTAMP(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  size INT INVISIBLE DEFAULT 5 CHECK (size > 1),
  data JSON,
  twice INT GENERATED ALWAYS AS (id2 * 2) STORED COMMENT 'doubled',
  id2 INT UNSIGNED DEFAULT NULL
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci
"""


def definition(connection: sa.Connection, column: str) -> str:
    """A column as ``SHOW CREATE TABLE`` has it."""
    row = connection.exec_driver_sql("SHOW CREATE TABLE t").one()
    lines = [line.strip().rstrip(",") for line in row[1].splitlines()]
    return next(line for line in lines if line.startswith(f"`{column}`"))


KEPT = [
    (
        AlterColumnOp("t", "id", modify_type=sa.BigInteger()),
        "`id` bigint(20) NOT NULL AUTO_INCREMENT",
    ),
    (
        AlterColumnOp("t", "id", modify_comment="it's 5% :x"),
        "`id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'it''s 5% :x'",
    ),
    (
        AlterColumnOp("t", "name", modify_nullable=True),
        "`name` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'it''s 5%' "
        "COMMENT 'a:b%'",
    ),
    (
        AlterColumnOp("t", "name", modify_type=sa.String(40)),
        "`name` varchar(40) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s 5%' "
        "COMMENT 'a:b%'",
    ),
    (
        AlterColumnOp("t", "name", modify_type=mysql.VARCHAR(40, collation="utf8mb4_bin")),
        "`name` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
        "DEFAULT 'it''s 5%' COMMENT 'a:b%'",
    ),
    (
        AlterColumnOp("t", "name", modify_comment=None),
        "`name` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s 5%'",
    ),
    (
        AlterColumnOp("t", "name", modify_server_default=None),
        "`name` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL COMMENT 'a:b%'",
    ),
    (
        AlterColumnOp("t", "name", modify_server_default=sa.text("concat('a', 'b%')")),
        "`name` varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL "
        "DEFAULT concat('a','b%') COMMENT 'a:b%'",
    ),
    (
        AlterColumnOp("t", "changed", modify_comment="when"),
        "`changed` timestamp(3) NOT NULL DEFAULT current_timestamp(3) "
        "ON UPDATE current_timestamp(3) COMMENT 'when'",
    ),
    (
        AlterColumnOp("t", "size", modify_nullable=False),
        "`size` int(11) NOT NULL INVISIBLE DEFAULT 5 CHECK (`size` > 1)",
    ),
    (
        AlterColumnOp("t", "size", modify_name="length", modify_server_default="7"),
        "`length` int(11) INVISIBLE DEFAULT 7 CHECK (`length` > 1)",
    ),
    (
        AlterColumnOp("t", "data", modify_nullable=False),
        "`data` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL "
        "CHECK (json_valid(`data`))",
    ),
    (
        AlterColumnOp("t", "data", modify_type=sa.Text()),
        "`data` text DEFAULT NULL",
    ),
    (
        AlterColumnOp("t", "twice", modify_type=sa.BigInteger()),
        "`twice` bigint(20) GENERATED ALWAYS AS (`id2` * 2) STORED COMMENT 'doubled'",
    ),
    (
        AlterColumnOp("t", "id2", modify_nullable=False),
        "`id2` int(10) unsigned NOT NULL",
    ),
]


@mariadb
@pytest.mark.parametrize(("operation", "expected"), KEPT, ids=lambda value: _id(value))
def test_what_is_not_modified_stays(
    engine: sa.Engine, operation: AlterColumnOp, expected: str
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(TABLE)
        run(connection, operation)
        column = operation.modify_name or operation.column_name
        assert definition(connection, column) == expected


def _id(value: object) -> str:
    if isinstance(value, MigrateOperation):
        return value.describe()
    return value if value in ("mysql", "mariadb") else ""


@mariadb
@pytest.mark.parametrize("kind", [None, "check", "unique", "foreignkey"])
@pytest.mark.parametrize("name", ["c", "u", "f", "nothing"])
def test_a_constraint_goes_if_it_exists(engine: sa.Engine, kind: str | None, name: str) -> None:
    kinds = {"c": "check", "u": "unique", "f": "foreignkey"}
    if kind is not None and kinds.get(name, kind) != kind:
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE r (id INT PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE t (a INT, b INT, CONSTRAINT c CHECK (a > 1), CONSTRAINT u UNIQUE (a), "
            "CONSTRAINT f FOREIGN KEY (b) REFERENCES r (id))"
        )
        run(connection, DropConstraintOp(name, "t", kind, if_exists=True))
        left = connection.exec_driver_sql(
            "SELECT constraint_name FROM information_schema.table_constraints "
            "WHERE table_schema = DATABASE() AND table_name = 't' ORDER BY 1"
        )
        assert {row[0] for row in left} == {"c", "u", "f"} - {name}


@mariadb
def test_a_constraint_that_is_not_there_is_not_dropped_in_silence(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
        with pytest.raises(CommandError, match="table t has no constraint nothing"):
            run(connection, DropConstraintOp("nothing", "t"))


@mariadb
def test_an_index_comes_and_goes_if_it_must(engine: sa.Engine) -> None:
    there: list[bool] = []
    create, drop = CreateIndexOp("i", "t", ["a"], if_not_exists=True), DropIndexOp("i", "t")
    drop.if_exists = True
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INT)")
        for operation in (create, create, drop, drop):
            run(connection, operation)
            there.append(bool(sa.inspect(connection).get_indexes("t")))
    assert there == [True, True, False, False]


@mariadb
def test_without_the_words_the_catalogue_is_asked(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MySQL has no IF EXISTS for columns, indexes and constraints; MariaDB plays its part."""
    monkeypatch.setattr(emit, "features_of", lambda dialect: Features())
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a))")
        operations: list[MigrateOperation] = [
            AddColumnOp("t", sa.Column("a", sa.Integer), if_not_exists=True),
            AddColumnOp("t", sa.Column("b", sa.Integer), if_not_exists=True),
            CreateIndexOp("i", "t", ["b"], if_not_exists=True),
            CreateIndexOp("i", "t", ["b"], if_not_exists=True),
            DropIndexOp("i", "t", if_exists=True),
            DropIndexOp("i", "t", if_exists=True),
            DropConstraintOp("u", "t", "unique", if_exists=True),
            DropConstraintOp("u", "t", "unique", if_exists=True),
            DropColumnOp("t", "b", if_exists=True),
            DropColumnOp("t", "b", if_exists=True),
        ]
        assert run(connection, *operations) == [
            "ALTER TABLE t ADD COLUMN b INTEGER",
            "CREATE INDEX i ON t (b)",
            "DROP INDEX i ON t",
            "ALTER TABLE t DROP INDEX u",
            "ALTER TABLE t DROP COLUMN b",
        ]


@mariadb
def test_a_primary_key_goes(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INT PRIMARY KEY)")
        run(connection, DropConstraintOp("PRIMARY", "t"))
        assert sa.inspect(connection).get_pk_constraint("t")["constrained_columns"] == []


OFFLINE: list[tuple[str, MigrateOperation, Any]] = [
    (
        "mysql",
        AlterColumnOp("t", "x", modify_server_default=sa.text("uuid()")),
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT (uuid())",
    ),
    (
        "mysql",
        AlterColumnOp("t", "x", modify_server_default=sa.text("(uuid())")),
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT (uuid())",
    ),
    (
        "mysql",
        AlterColumnOp("t", "x", modify_server_default="it's"),
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT 'it''s'",
    ),
    (
        "mysql",
        AlterColumnOp("t", "x", modify_nullable=True, existing_type=sa.Integer, schema="s"),
        "ALTER TABLE s.t MODIFY x INTEGER NULL",
    ),
    ("mysql", RenameTableOp("a", "b", schema="s"), "ALTER TABLE s.a RENAME TO s.b"),
    ("mysql", DropConstraintOp("c", "t", "check", if_exists=True), "ALTER TABLE t DROP CHECK c"),
    (
        "mariadb",
        DropConstraintOp("c", "t", "foreignkey", if_exists=True),
        "ALTER TABLE t DROP FOREIGN KEY IF EXISTS c",
    ),
    ("mysql", CreateIndexOp("i", "t", ["x"], mysql_length=5), "CREATE INDEX i ON t (x(5))"),
    ("mysql", DropIndexOp("i", "t", schema="s"), "DROP INDEX i ON s.t"),
]


@pytest.mark.parametrize(("dialect", "operation", "said"), OFFLINE, ids=lambda value: _id(value))
def test_on_paper(dialect: str, operation: MigrateOperation, said: str) -> None:
    assert text_of(operation, offline(dialect)) == [said]


REFUSED: list[tuple[MigrateOperation, type[Exception], str]] = [
    (AlterColumnOp("t", "x", modify_nullable=True), CommandError, "require the existing type"),
    (DropConstraintOp("c", "t"), NotImplementedError, "please specify constraint type"),
    (DropConstraintOp(None, "t", "check"), CommandError, "has no name"),
    (DropIndexOp("i"), CommandError, "an index belongs to its table"),
]


@pytest.mark.parametrize(("operation", "error", "said"), REFUSED, ids=lambda value: _id(value))
def test_refused_on_paper(operation: MigrateOperation, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        text_of(operation, offline("mysql"))
