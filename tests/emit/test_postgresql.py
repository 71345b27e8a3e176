"""What only PostgreSQL has, really run on it."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import CompileError

from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateExcludeConstraintOp,
    CreateIndexOp,
    CreateTableOp,
    DropConstraintOp,
    ExecuteSQLOp,
    MigrateOperation,
)
from tests.emit.emitting import look, offline, run, text_of

pytestmark = pytest.mark.databases("postgresql")

MOOD = sa.Enum("good", "100%", name="mood")


def make(connection: sa.Connection, *columns: Any, row: dict[str, Any] | None = None) -> None:
    """A table ``t`` with a row."""
    run(connection, CreateTableOp("t", [sa.Column("id", sa.Integer, primary_key=True), *columns]))
    names = ", ".join(["id", *(row or {})])
    marks = ", ".join([":id", *(f":{name}" for name in row or {})])
    statement = sa.text(f"INSERT INTO t ({names}) VALUES ({marks})")
    connection.execute(statement, {"id": 7, **(row or {})})


def value(connection: sa.Connection, column: str) -> Any:
    return connection.execute(sa.text(f'SELECT "{column}" FROM t WHERE id = 7')).scalar()


def test_a_table_creates_its_enumerations_once(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        first = run(connection, CreateTableOp("a", [sa.Column("m", MOOD), sa.Column("n", MOOD)]))
        second = run(connection, CreateTableOp("b", [sa.Column("m", postgresql.ARRAY(MOOD))]))
        assert [words for words in first if "TYPE" in words] == [
            "CREATE TYPE mood AS ENUM ('good', '100%')"
        ]
        assert not [words for words in second if "TYPE" in words]
        connection.exec_driver_sql("INSERT INTO b VALUES (ARRAY['100%%'::mood])")


def test_offline_an_enumeration_is_created_once_for_a_run() -> None:
    target = offline("postgresql")
    create = CreateTableOp("a", [sa.Column("m", MOOD)])
    drop = ExecuteSQLOp("DROP TYPE mood")
    said = [any("CREATE TYPE" in w for w in text_of(op, target)) for op in (create, create)]
    text_of(drop, target)
    assert [*said, "CREATE TYPE" in text_of(create, target)[0]] == [True, False, True]


def test_a_type_that_exists_outside_is_left_alone() -> None:
    column = sa.Column("m", postgresql.ENUM("a", name="mood", create_type=False))
    target = offline("postgresql")
    assert text_of(CreateTableOp("a", [column]), target) == ["CREATE TABLE a (\n    m mood\n)"]
    assert text_of(AddColumnOp("a", sa.Column("m", MOOD)), target) == [
        "ALTER TABLE a ADD COLUMN m mood"
    ]


CASTS: Sequence[tuple[Any, Any, Any, Any, Any]] = [
    # before, its default, after, a value before, the value after
    (sa.String(10), "12", sa.Integer(), "5", 5),
    (sa.String(10), "12", sa.Numeric(5, 2), "5.5", decimal.Decimal("5.50")),
    (sa.Integer(), "1", sa.Boolean(), 0, False),
    (sa.Boolean(), sa.true(), sa.Integer(), True, 1),
    (sa.Boolean(), sa.true(), sa.BigInteger(), True, 1),
    (sa.Integer(), "1", sa.BigInteger(), 5, 5),
    (sa.Integer(), "1", sa.String(5), 5, "5"),
    (sa.String(10), "good", MOOD, "100%", "100%"),
    (MOOD, "good", sa.String(10), "100%", "100%"),
    (MOOD, "good", sa.Enum("good", "100%", "new", name="mood2"), "100%", "100%"),
    (sa.String(30), None, sa.DateTime(), None, None),
]


@pytest.mark.parametrize("case", CASTS, ids=lambda case: f"{case[0]!r} to {case[2]!r}")
def test_a_type_is_cast_with_its_rows_and_its_default(
    engine: sa.Engine, case: tuple[Any, Any, Any, Any, Any]
) -> None:
    before, default, after, old, new = case
    with engine.begin() as connection:
        for type_ in (before, after):
            if isinstance(type_, sa.Enum):
                type_.create(connection, checkfirst=True)
        make(connection, sa.Column("x", before, server_default=default))
        statement = sa.text("UPDATE t SET x = :x").bindparams(sa.bindparam("x", type_=before))
        connection.execute(statement, {"x": old})
        run(connection, AlterColumnOp("t", "x", modify_type=after, existing_type=before))
        assert value(connection, "x") == new
        connection.exec_driver_sql("INSERT INTO t (id) VALUES (8)")
        kept = connection.exec_driver_sql("SELECT x FROM t WHERE id = 8").scalar()
        assert (kept is None) == (default is None)


def test_a_cast_of_the_authors_own(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        make(connection, sa.Column("x", sa.String(10), server_default="3"), row={"x": "5%"})
        run(
            connection,
            AlterColumnOp(
                "t",
                "x",
                modify_type=sa.Integer(),
                postgresql_using="replace(x, '%', '')::integer * 2",
            ),
        )
        assert value(connection, "x") == 10


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg"])
def test_on_paper_a_default_keeps_its_percent_signs(driver: str) -> None:
    op = AlterColumnOp(
        "t", "x", modify_type=MOOD, existing_type=sa.Text(), existing_server_default="100%"
    )
    assert text_of(op, offline(driver)) == [
        "ALTER TABLE t ALTER COLUMN x DROP DEFAULT",
        "ALTER TABLE t ALTER COLUMN x TYPE mood USING x::text::mood",
        "ALTER TABLE t ALTER COLUMN x SET DEFAULT '100%'::mood",
    ]


def test_a_cast_needs_a_type() -> None:
    with pytest.raises(CommandError, match="postgresql_using must be used with the type_"):
        text_of(AlterColumnOp("t", "x", postgresql_using="x"), offline("postgresql"))


def test_identity_comes_changes_and_goes(engine: sa.Engine) -> None:
    steps: list[tuple[Any, Any]] = [
        (sa.Identity(start=10), "5"),
        (sa.Identity(always=True, start=10, increment=5, cycle=True), sa.Identity(start=10)),
        ("9", sa.Identity(always=True)),
        (None, "9"),
    ]
    seen = []
    with engine.begin() as connection:
        make(connection, sa.Column("x", sa.Integer, server_default="5", nullable=False))
        for after, before in steps:
            run(
                connection,
                AlterColumnOp(
                    "t", "x", modify_server_default=after, existing_server_default=before
                ),
            )
            column = look(connection, "t")["columns"]["x"]
            identity = column["identity"] or {}
            seen.append((identity.get("always"), identity.get("increment"), column["default"]))
    assert seen == [(False, 1, None), (True, 5, None), (None, None, "9"), (None, None, None)]


def test_identity_options_are_taken_back_by_name() -> None:
    op = AlterColumnOp(
        "t",
        "x",
        modify_server_default=sa.Identity(),
        existing_server_default=sa.Identity(
            always=True, start=1, increment=5, minvalue=1, maxvalue=99, cycle=True, cache=1
        ),
    )
    assert text_of(op, offline("postgresql")) == [
        "ALTER TABLE t ALTER COLUMN x SET GENERATED BY DEFAULT SET NO CYCLE SET INCREMENT BY 1 "
        "SET NO MAXVALUE"
    ]


def test_a_generated_column_becomes_an_ordinary_one(engine: sa.Engine) -> None:
    generated = sa.Computed("id * 2", persisted=True)
    with engine.begin() as connection:
        make(connection, sa.Column("x", sa.Integer, generated))
        run(
            connection,
            AlterColumnOp("t", "x", modify_server_default="3", existing_server_default=generated),
        )
        column = look(connection, "t")["columns"]["x"]
        assert (column["computed"], column["default"], value(connection, "x")) == (None, "3", 14)


def test_an_expression_changes_where_it_can(engine: sa.Engine, database_name: str) -> None:
    before, after = sa.Computed("id * 2", persisted=True), sa.Computed("id % 4", persisted=True)
    op = AlterColumnOp("t", "x", modify_server_default=after, existing_server_default=before)
    with engine.begin() as connection:
        make(connection, sa.Column("x", sa.Integer, before))
        if database_name == "postgresql15":
            with pytest.raises(CompileError, match="computed"):
                run(connection, op)
            return
        run(connection, op)
        assert value(connection, "x") == 3


def test_an_ordinary_column_cannot_become_generated(engine: sa.Engine) -> None:
    op = AlterColumnOp("t", "x", modify_server_default=sa.Computed("1"))
    with engine.begin() as connection, pytest.raises(CompileError, match="computed"):
        run(connection, op)


def test_exclude(engine: sa.Engine) -> None:
    op = CreateExcludeConstraintOp(
        "ex_t",
        "t",
        [(sa.text("int4range(id, id + 2)"), "&&")],
        where=sa.text("id > 5"),
        using="gist",
    )
    with engine.begin() as connection:
        make(connection)
        run(connection, op)
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ex_t'"
        made = connection.exec_driver_sql(query).scalar()
        assert made == ("EXCLUDE USING gist (int4range(id, (id + 2)) WITH &&) WHERE ((id > 5))")
        run(connection, op.reverse(), op.reverse().reverse())
        assert connection.exec_driver_sql(query).scalar() == made


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (
            CreateIndexOp("ix", "t", ["id"], postgresql_concurrently=True, if_not_exists=True),
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (id)",
        ),
        (
            CreateIndexOp(
                "ix",
                "t",
                ["id"],
                unique=True,
                postgresql_include=["x"],
                postgresql_where=sa.text("x LIKE '5%'"),
                postgresql_with={"fillfactor": 50},
                postgresql_nulls_not_distinct=True,
            ),
            "CREATE UNIQUE INDEX ix ON t (id) INCLUDE (x) NULLS NOT DISTINCT "
            "WITH (fillfactor = 50) WHERE x LIKE '5%'",
        ),
        (
            DropConstraintOp("c", "t", if_exists=True),
            "ALTER TABLE t DROP CONSTRAINT IF EXISTS c",
        ),
    ],
)
def test_options_pass_through(operation: MigrateOperation, said: str) -> None:
    assert text_of(operation, offline("postgresql")) == [said]
