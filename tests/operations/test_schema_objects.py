"""Schema objects that operations are made from and make."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import default
from sqlalchemy.schema import CreateIndex, CreateTable

from limbeck.operations import ops


def test_a_foreign_key_within_the_schema_that_models_have_by_default() -> None:
    metadata = sa.MetaData(schema="s")
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table(
        "c",
        metadata,
        sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id", name="fk_p")),
        sa.Column("q_id", sa.Integer, sa.ForeignKey("other.q.id", name="fk_q")),
    )
    made = ops.CreateTableOp.from_table(table).to_table()
    keys = {str(each.name): each for each in table.foreign_key_constraints}
    values = {name: ops.CreateForeignKeyOp.from_constraint(key) for name, key in keys.items()}
    assert {
        str(each.name): each.elements[0].target_fullname for each in made.foreign_key_constraints
    } == {"fk_p": "s.p.id", "fk_q": "other.q.id"}
    assert {name: value.kw["referent_schema"] for name, value in values.items()} == {
        "fk_p": "s",
        "fk_q": "other",
    }


def test_new_columns_become_the_tables_own() -> None:
    """As with Alembic they belong to what ``op.create_table()`` returns; another gets copies."""
    number, text_ = sa.Column("number", sa.Integer), sa.Column("text", sa.String(5), nullable=False)
    first = ops.CreateTableOp("a", [number, text_]).to_table()
    assert (first.c.number, first.c.text) == (number, text_)
    second = ops.CreateTableOp("b", [number, text_]).to_table()
    assert (number.table, text_.table) == (first, first)
    assert [(c.name, c.table, c.nullable) for c in second.c] == [
        ("number", second, True),
        ("text", second, False),
    ]


@pytest.mark.parametrize("taken", [True, False])
def test_what_is_made_of_columns_comes_once(taken: bool) -> None:
    """It goes to the table with them; where one of them is copied, it is added by name."""
    kind: Any = sa.Integer if taken else sa.Enum("a", "b", name="kind")
    number, other = sa.Column("number", sa.Integer), sa.Column("other", kind)
    parts = [
        sa.PrimaryKeyConstraint(number, name="pk"),
        sa.UniqueConstraint(number, other, name="uq"),
        sa.CheckConstraint(sa.and_(number > 5, other.is_not(None)), name="ck"),
        sa.ForeignKeyConstraint([number], ["others.a"], name="fk"),
        sa.Index("ix", number.desc(), other),
    ]
    operation = ops.CreateTableOp("t", [number, other, *parts])
    for _ in range(2):
        table = operation.to_table()
        names = sorted(str(one.name) for one in table.constraints)
        assert names == ["ck", "fk", "pk", "uq"]
        (index,) = table.indexes
        said = str(CreateTable(table).compile(dialect=default.DefaultDialect()))
        assert [said.count(f"CONSTRAINT {name} ") for name in ("ck", "fk", "pk", "uq")] == [1] * 4
        assert str(CreateIndex(index)) == "CREATE INDEX ix ON t (number DESC, other)"


def test_columns_that_bring_something_along_are_copied() -> None:
    """A type that creates something knows the MetaData of the models, and is not to keep it."""
    metadata = sa.MetaData()
    kind = sa.Column("kind", sa.Enum("a", "b", name="kind", metadata=metadata))
    other = sa.Column("other", sa.ForeignKey("others.id"))
    checked = sa.Column("checked", sa.Integer, sa.CheckConstraint("checked > 0"))
    table = ops.CreateTableOp("t", [kind, other, checked]).to_table()
    assert table.c.kind.type.metadata is not metadata
    for column in (kind, other, checked):
        assert column.table is None
        assert table.c[column.name] is not column


def test_threads_share_the_columns_of_a_module() -> None:
    """One of them gets the columns, and the others copies."""
    for _ in range(20):
        shared = [sa.Column(f"c{number}", sa.Integer) for number in range(30)]
        start = threading.Barrier(4)

        def build(
            shared: list[sa.Column[int]] = shared, start: threading.Barrier = start
        ) -> sa.Table:
            start.wait()
            return ops.CreateTableOp("t", shared).to_table()

        with ThreadPoolExecutor(4) as pool:
            tables = [future.result() for future in [pool.submit(build) for _ in range(4)]]
        for table in tables:
            assert [column.table for column in table.c] == [table] * 30
