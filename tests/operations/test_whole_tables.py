"""Tables that operations hold are not copied for who only reads them, and made once to be run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from limbeck.autogenerate import produce_migrations, render_python_code
from limbeck.operations import ops
from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext


def a_table() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(20), unique=True),
        sa.Column("parent", sa.ForeignKey("other.id")),
        sa.CheckConstraint("id > 0", name="ck"),
    )


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def test_an_operation_knows_the_table_that_it_was_made_from() -> None:
    table = a_table()
    assert ops.CreateTableOp.from_table(table).whole_table() is table


@pytest.mark.parametrize("what", ["removed", "added", "replaced", "by hand", "within a column"])
def test_columns_that_are_no_whole_table_are_none(what: str) -> None:
    table = a_table()
    if what == "within a column":
        check = sa.CheckConstraint("x > 0")
        table.append_column(sa.Column("x", sa.Integer, check))
    operation = ops.CreateTableOp.from_table(table)
    items = list(operation.columns)
    if what == "removed":
        items = items[:-1]
    elif what == "added":
        items.append(sa.Column("more", sa.Integer))
    elif what == "replaced":
        items[1] = sa.Column("code", sa.String(30))
    operation.columns = items
    if what == "by hand":
        operation = ops.CreateTableOp("t", [sa.Column("id", sa.Integer)])
    assert operation.whole_table() is None


def test_a_column_that_a_hook_adds_is_written() -> None:
    operation = ops.CreateTableOp.from_table(a_table())
    operation.columns = [*operation.columns, sa.Column("more", sa.Integer)]
    assert '"more"' in render_python_code(ops.UpgradeOps([operation]))


def test_a_table_to_drop_can_be_created_again(connection: sa.Connection) -> None:
    models = sa.MetaData()
    sa.Table("t", models, sa.Column("id", sa.Integer, primary_key=True), info={"a": 1})
    script = produce_migrations(MigrationContext.configure(connection), models)
    assert script.downgrade_ops is not None
    drop = script.downgrade_ops.ops[0]
    assert isinstance(drop, ops.DropTableOp)
    again = drop.reverse()
    assert [item.name for item in again.columns if isinstance(item, sa.Column)] == ["id"]
    assert drop.to_table().c.id.primary_key
    assert again.info == drop.info == {"a": 1}


def test_the_reverse_of_a_drop_is_made_once() -> None:
    made: list[ops.CreateTableOp] = []

    def reverse() -> ops.CreateTableOp:
        made.append(ops.CreateTableOp.from_table(a_table()))
        return made[-1]

    drop = ops.DropTableOp("t", _reverse=reverse)
    assert not made
    assert drop._reverse is drop._reverse is made[0]
    assert len(made) == 1


def test_the_table_that_listeners_see_is_the_one_that_is_returned(
    connection: sa.Connection,
) -> None:
    seen: list[sa.Table] = []

    def listen(table: sa.Table, *_: Any, **__: Any) -> None:
        seen.append(table)

    operations = Operations(MigrationContext.configure(connection))
    sa.event.listen(sa.Table, "before_create", listen)
    try:
        made = operations.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
    finally:
        sa.event.remove(sa.Table, "before_create", listen)
    assert [id(table) for table in seen] == [id(made)]
    connection.execute(made.insert(), {"id": 3})
    assert connection.scalar(sa.select(made.c.id)) == 3


def test_an_operation_that_is_carried_out_twice_makes_two_tables(
    connection: sa.Connection,
) -> None:
    operations = Operations(MigrationContext.configure(connection))
    operation = ops.CreateTableOp("t", [sa.Column("id", sa.Integer)], if_not_exists=True)
    first, second = operations.invoke(operation), operations.invoke(operation)
    assert first is not second
    assert second.c.keys() == ["id"]


@pytest.mark.parametrize(
    ("kind", "is_itself"),
    [
        (sa.Boolean(), True),
        (sa.Integer(), True),
        (sa.Boolean(create_constraint=True, name="ck"), False),
        (sa.Boolean().with_variant(sa.Boolean(create_constraint=True, name="v"), "sqlite"), False),
        (sa.Enum("a", "b", name="e", create_constraint=True), False),
    ],
)
def test_a_column_whose_type_does_nothing_is_not_copied(kind: Any, is_itself: bool) -> None:
    column = sa.Column("flag", kind)
    operation = ops.CreateTableOp("t", [sa.Column("id", sa.Integer), column])
    tables = [operation.to_table(), operation.to_table()]
    assert (tables[0].c.flag is column) is is_itself
    assert tables[1].c.flag is not column
    texts = [
        str(sa.schema.CreateTable(table).compile(dialect=sqlite.dialect())) for table in tables
    ]
    assert texts[0] == texts[1]
    assert ("CHECK" in texts[0]) is (not is_itself)
