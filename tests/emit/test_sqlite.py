"""What SQLite does natively, and what takes a copy of the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.dialects.features import features_at
from limbeck.dialects.sqlite.features import FEATURES, SINCE
from limbeck.errors import CommandError
from limbeck.operations.batch_value import BatchAlterTable, BatchOptions
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateIndexOp,
    CreateTableCommentOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    MigrateOperation,
    RenameTableOp,
)
from tests.emit.emitting import offline, run, text_of

SCRIPT = """
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  plain TEXT,
  "odd name" TEXT,
  uniq TEXT UNIQUE,
  refers INTEGER REFERENCES u (id),
  checked INTEGER CHECK (checked > 0),
  indexed TEXT,
  parted TEXT,
  seen TEXT,
  watched TEXT,
  base INTEGER,
  made INTEGER GENERATED ALWAYS AS (base + 1)
);
CREATE INDEX ix ON t (indexed) WHERE parted IS NOT NULL;
CREATE VIEW v AS SELECT seen FROM t;
CREATE TRIGGER g AFTER UPDATE OF watched ON t BEGIN SELECT 1; END;
INSERT INTO u VALUES (1);
INSERT INTO t (id, plain, refers, checked, base) VALUES (1, 'p', 1, 5, 6);
"""


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.executescript(SCRIPT)
        yield connection
    engine.dispose()


def column(type_: Any = sa.Integer, *items: Any, **keywords: Any) -> sa.Column[Any]:
    return sa.Column("x", type_, *items, **keywords)


NATIVE: list[MigrateOperation] = [
    DropColumnOp("t", "plain"),
    DropColumnOp("t", "odd name"),
    DropColumnOp("t", "made"),
    AddColumnOp("t", column()),
    AddColumnOp("t", column(sa.String, server_default="it's 5% :x", nullable=False)),
    AddColumnOp("t", column(server_default=sa.text("-1.5e3"))),
    AddColumnOp("t", column(sa.Integer, sa.ForeignKey("u.id", name="fk"))),
    AddColumnOp("t", column(sa.Integer, sa.Computed("base + 1"))),
    AddColumnOp("t", column(sa.Boolean(create_constraint=True, name="ck"))),
    AlterColumnOp("t", "plain", modify_name="other"),
    CreateIndexOp("ix2", "t", ["plain"]),
    DropIndexOp("ix"),
    RenameTableOp("t", "s"),
]

COPIED: list[MigrateOperation] = [
    DropColumnOp("t", "uniq"),
    DropColumnOp("t", "refers"),
    DropColumnOp("t", "checked"),
    DropColumnOp("t", "indexed"),
    DropColumnOp("t", "parted"),
    AddColumnOp("t", column(unique=True)),
    AddColumnOp("t", column(server_default=sa.text("(1 + 1)"))),
    AddColumnOp("t", column(sa.DateTime, server_default=sa.func.now())),
    AddColumnOp("t", column(sa.Integer, sa.ForeignKey("u.id"), server_default="1")),
    AddColumnOp("t", column(sa.Integer, sa.Computed("base + 1", persisted=True))),
    AlterColumnOp("t", "plain", modify_nullable=False),
    AlterColumnOp("t", "plain", modify_name="other", modify_type=sa.String(5)),
    CreateCheckConstraintOp("ck", "t", "id > 0"),
]


def words(operation: object) -> str:
    return operation.describe() if isinstance(operation, MigrateOperation) else ""


@pytest.mark.parametrize("operation", NATIVE, ids=words)
def test_native(connection: sa.Connection, operation: MigrateOperation) -> None:
    assert len(run(connection, operation)) == 1
    name = "s" if isinstance(operation, RenameTableOp) else "t"
    assert connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() == 1


@pytest.mark.parametrize("operation", COPIED, ids=words)
def test_copied(connection: sa.Connection, operation: MigrateOperation) -> None:
    assert any(said.startswith("INSERT INTO") for said in run(connection, operation))
    assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1


@pytest.mark.parametrize("name", ["seen", "base"])
def test_a_column_that_is_in_use_is_not_dropped(connection: sa.Connection, name: str) -> None:
    with pytest.raises(CommandError, match=name):
        run(connection, DropColumnOp("t", name))


NOTHING: list[MigrateOperation] = [
    CreateTableCommentOp("t", "c"),
    DropTableCommentOp("t"),
    AlterColumnOp("t", "plain", modify_comment="c"),
    AddColumnOp("t", sa.Column("plain", sa.Text), if_not_exists=True),
    DropColumnOp("t", "nothing", if_exists=True),
]


@pytest.mark.parametrize("operation", NOTHING, ids=words)
def test_nothing_to_do(connection: sa.Connection, operation: MigrateOperation) -> None:
    assert run(connection, operation) == []


ADD = AddColumnOp("t", column())
PLACED = AddColumnOp("t", column(), insert_after="id")
NULL = AlterColumnOp("t", "plain", modify_nullable=False)


@pytest.mark.parametrize(
    ("operations", "options", "copies"),
    [
        ([ADD, CreateIndexOp("ix2", "t", ["x"])], BatchOptions(), 0),
        ([ADD, NULL, DropConstraintOp("uniq", "t", "unique")][:2], BatchOptions(), 1),
        ([ADD], BatchOptions(recreate="always"), 1),
        ([PLACED], BatchOptions(), 1),
        ([ADD], BatchOptions(table_args=(sa.CheckConstraint("id > 0"),)), 1),
        ([ADD], BatchOptions(recreate="never"), 0),
        ([], BatchOptions(), 0),
    ],
)
def test_a_batch_copies_once_or_not_at_all(
    connection: sa.Connection,
    operations: list[MigrateOperation],
    options: BatchOptions,
    copies: int,
) -> None:
    said = run(connection, BatchAlterTable("t", operations, options=options))
    assert sum(words.startswith("INSERT INTO") for words in said) == copies


@pytest.mark.parametrize(
    ("dialect", "options", "said"),
    [
        ("sqlite", BatchOptions(recreate="never"), "Can't specify insert_before"),
        ("postgresql", BatchOptions(), "Can't specify insert_before"),
        ("postgresql", BatchOptions(recreate="always"), "requires a live database connection"),
    ],
)
def test_a_place_needs_a_copy(dialect: str, options: BatchOptions, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        text_of(BatchAlterTable("t", [PLACED], options=options), offline(dialect))


def test_elsewhere_a_batch_alters_one_by_one() -> None:
    batch = BatchAlterTable("t", [ADD, NULL])
    assert text_of(batch, offline("postgresql")) == [
        "ALTER TABLE t ADD COLUMN x INTEGER",
        "ALTER TABLE t ALTER COLUMN plain SET NOT NULL",
    ]


@pytest.mark.parametrize(
    ("version", "renames", "drops"),
    [
        ((3, 24), False, False),
        ((3, 25, 1), True, False),
        ((3, 35), True, True),
        (None, True, True),
    ],
)
def test_versions(version: Any, renames: bool, drops: bool) -> None:
    features = features_at(FEATURES, SINCE, version)
    assert (features.renames_columns, features.drops_columns) == (renames, drops)
