"""``batch="alembic"``: a batch does to the table what Alembic does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from limbeck.errors import CommandError
from limbeck.operations import Operations
from limbeck.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from tests.rebuild.live import Live


def operations(connection: sa.Connection, **options: Any) -> Operations:
    opts = {"batch": "alembic", **options}
    return Operations(MigrationContext.configure(connection, opts=opts))


@pytest.mark.parametrize(
    ("before", "after", "stored", "copied"),
    [
        ("VARCHAR(9)", sa.Integer(), ["d1", "8.5", "22"], [0, 8, 22]),
        ("INTEGER", sa.String(9), [1], ["1"]),
        ("TEXT", sa.DateTime(), ["2024-05-18"], ["2024-05-18"]),
        ("TEXT", sa.JSON(), ["[1]"], ["[1]"]),
        ("INTEGER", sa.BigInteger(), [1], [1]),
    ],
    ids=["text-integer", "integer-text", "text-date", "text-json", "integer-bigint"],
)
def test_values_are_cast_to_a_type_of_another_kind(
    live: Live, before: str, after: Any, stored: list[Any], copied: list[Any]
) -> None:
    live.execute(f"CREATE TABLE t (a {before})")
    with live.engine.begin() as connection:
        for value in stored:
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", (value,))
        with operations(connection).batch_alter_table("t") as batch:
            batch.alter_column("a", type_=after)
    assert [row[0] for row in live.rows("SELECT a FROM t")] == copied


def test_a_column_may_have_its_new_name_in_the_copy(live: Live) -> None:
    live.execute(
        "CREATE TABLE t (a INTEGER, b INTEGER, CONSTRAINT big CHECK (b > 1))",
        "INSERT INTO t VALUES (1, 2)",
    )
    with live.engine.begin() as connection:
        sent: list[str] = []

        @sa.event.listens_for(connection, "before_cursor_execute")
        def record(_: Any, __: Any, statement: str, *___: Any) -> None:
            sent.append(statement)

        with operations(connection).batch_alter_table("t") as batch:
            batch.alter_column("a", new_column_name="c")
            batch.create_index("ix_c", ["c"])
        assert not [each for each in sent if "RENAME COLUMN" in each]
        with operations(connection).batch_alter_table("t") as batch:
            batch.alter_column("b", new_column_name="d")
        assert [each for each in sent if "RENAME COLUMN b TO d" in each]
    assert live.rows("SELECT c, d FROM t") == [(1, 2)]
    assert (
        live.schema()["t"] == "CREATE TABLE t (c INTEGER, d INTEGER, CONSTRAINT big CHECK (d > 1))"
    )


def test_a_place_for_a_column_needs_a_copy(live: Live) -> None:
    live.execute("CREATE TABLE t (a INTEGER)")
    with live.engine.begin() as connection:
        op = operations(connection)
        with (
            pytest.raises(CommandError, match="insert_before or insert_after when using ALTER"),
            op.batch_alter_table("t") as batch,
        ):
            batch.add_column(sa.Column("b", sa.Integer), insert_before="a")
        with op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("b", sa.Integer), insert_before="a")
            batch.alter_column("a", nullable=False)
    assert live.schema()["t"] == "CREATE TABLE t (b INTEGER, a INTEGER NOT NULL)"


def test_a_naming_convention_names_what_has_no_name(live: Live) -> None:
    live.execute("CREATE TABLE t (a INTEGER CHECK (a > 0), UNIQUE (a))")
    convention = {"ck": "ck_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
    with (
        live.engine.begin() as connection,
        operations(connection).batch_alter_table(
            "t", recreate="always", naming_convention=convention
        ),
    ):
        pass
    assert live.schema()["t"] == (
        "CREATE TABLE t (a INTEGER CONSTRAINT ck_t CHECK (a > 0), CONSTRAINT uq_t_a UNIQUE (a))"
    )


def test_who_restates_a_check_is_not_warned(live: Live) -> None:
    live.execute("CREATE TABLE t (a INTEGER, CHECK (a > 0))")
    with live.engine.begin() as connection, warnings.catch_warnings():
        warnings.simplefilter("error")
        with operations(connection).batch_alter_table(
            "t", recreate="always", table_args=[sa.CheckConstraint("a > 1")]
        ):
            pass
    assert live.schema()["t"] == "CREATE TABLE t (a INTEGER, CHECK (a > 1))"


def test_a_given_table_may_have_a_check_that_no_convention_can_name(live: Live) -> None:
    live.execute("CREATE TABLE t (id INTEGER, a BOOLEAN, CHECK (a IN (0, 1)))")
    metadata = sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer),
        sa.Column("a", sa.Boolean(create_constraint=True)),
    )
    with live.engine.begin() as connection:
        op = operations(connection, target_metadata=metadata)
        with (
            pytest.warns(UserWarning, match="type of column 't.a' has no name"),
            op.batch_alter_table("t", copy_from=table, recreate="always"),
        ):
            pass
        checks = sa.inspect(connection).get_check_constraints("t")
    assert [(each["name"], each["sqltext"]) for each in checks] == [(None, "a IN (0, 1)")]


def test_a_batch_outside_of_a_transaction_has_its_own(live: Live) -> None:
    live.execute("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)")
    with live.engine.connect() as connection:
        with operations(connection).batch_alter_table("t") as batch:
            batch.alter_column("a", nullable=False)
        assert not connection.in_transaction()
        connection.rollback()
    assert live.schema()["t"] == "CREATE TABLE t (a INTEGER NOT NULL)"
    assert live.rows("SELECT a FROM t") == [(1,)]
