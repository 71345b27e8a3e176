"""Tables that people and other tools made on PostgreSQL, and models that mean the same."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.compare.postgresql_same import table
from tests.compare.runner import Models, compared, told

pytestmark = pytest.mark.databases("postgresql")


def column(kind: object, *items: object, **options: object) -> Models:
    return table(sa.Column("a", kind, *items, **options))


CASES: dict[str, tuple[str, Models]] = {
    "identity for a number": ("id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY", table()),
    "bigserial": (
        "id bigserial PRIMARY KEY",
        lambda metadata: sa.Table(
            "t", metadata, sa.Column("id", sa.BigInteger, primary_key=True)
        ),
    ),
    "quoted number": ("id serial PRIMARY KEY, a bigint DEFAULT '0'",
                      column(sa.BigInteger, server_default=sa.text("0"))),
    "negative number": ("id serial PRIMARY KEY, a int DEFAULT (-1)",
                        column(sa.Integer, server_default="-1")),
    "cast of a text": ("id serial PRIMARY KEY, a varchar(9) DEFAULT 'x'::text",
                       column(sa.String(9), server_default=sa.text("'x'::text"))),
    "the time": ("id serial PRIMARY KEY, a timestamptz DEFAULT CURRENT_TIMESTAMP",
                 column(sa.DateTime(True), server_default=sa.func.now())),
    "null": ("id serial PRIMARY KEY, a varchar(9) DEFAULT NULL", column(sa.String(9))),
    "names of its own": (
        "id serial CONSTRAINT my_key PRIMARY KEY, a int CONSTRAINT mine UNIQUE"
        " CONSTRAINT positive CHECK (a > 0) CONSTRAINT self REFERENCES t (id)",
        column(
            sa.Integer, sa.ForeignKey("t.id"), sa.CheckConstraint("a > 0"), unique=True
        ),
    ),
    "a check in other words": (
        "id serial PRIMARY KEY, a varchar(5) CONSTRAINT c CHECK (a IN ('x', 'y'))",
        table(sa.Column("a", sa.String(5)), sa.CheckConstraint("(a in ('x','y'))", name="c")),
    ),
    "an array in other words": ("id serial PRIMARY KEY, a int ARRAY", column(pg.ARRAY(sa.Integer))),
    "a comment taken back": ("id serial PRIMARY KEY, a int", column(sa.Integer, comment="")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_same_in_other_words_is_equal(emptied: sa.Engine, name: str) -> None:
    columns, models = CASES[name]
    with emptied.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE t ({columns})")
    found = compared(emptied, models)
    assert [told(change) for change in found.changes] == []


def test_a_type_in_a_schema_of_the_search_path_needs_no_schema(emptied: sa.Engine) -> None:
    with emptied.begin() as connection:
        connection.exec_driver_sql("CREATE DOMAIN posint AS int CHECK (VALUE > 0)")
        connection.exec_driver_sql("CREATE TABLE t (id serial PRIMARY KEY, a posint)")
    assert compared(emptied, column(pg.DOMAIN("posint", sa.Integer))).changes == ()
    assert compared(emptied, column(pg.DOMAIN("posint", sa.Integer, schema="public"))).changes == ()
    # The domain goes with its last column, where no history says whose it is.
    changes = [told(change) for change in compared(emptied, column(sa.Integer)).changes]
    assert changes == ["change column t.a: type", "remove domain posint"]


def test_the_value_of_a_not_valid_check_counts(emptied: sa.Engine) -> None:
    with emptied.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id serial PRIMARY KEY, a int)")
        connection.exec_driver_sql("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 5) NOT VALID")
    right = table(sa.Column("a", sa.Integer), sa.CheckConstraint("a>5", name="c"))
    wrong = table(sa.Column("a", sa.Integer), sa.CheckConstraint("a>6", name="c"))
    content = table(
        sa.Column("a", sa.Integer),
        sa.CheckConstraint("a>5", name="c", postgresql_not_valid=True),
    )
    assert compared(emptied, content).changes == ()
    assert [told(c) for c in compared(emptied, right).changes] == ["change check t.c: options"]
    (change,) = compared(emptied, wrong).changes
    assert told(change).startswith("change check t.c: condition")


def test_what_a_table_has_of_its_new_parent_too_is_the_parent_s(emptied: sa.Engine) -> None:
    def models(m: sa.MetaData, **options: str) -> None:
        for name in ("p", "q"):
            sa.Table(name, m, sa.Column("a", sa.Integer), sa.Column("b", sa.String(5)))
        sa.Table("c", m, sa.Column("own", sa.Integer), **options or {"postgresql_inherits": "q"})

    def silent(m: sa.MetaData) -> None:
        models(m, comment="")

    with emptied.begin() as connection:
        for name in ("p", "q"):
            connection.exec_driver_sql(f"CREATE TABLE {name} (a int, b varchar(5))")
        connection.exec_driver_sql("CREATE TABLE c (own int) INHERITS (p)")
    (change,) = compared(emptied, models).changes
    assert told(change) == "change table c: options"
    assert compared(emptied, silent).changes == ()
    with emptied.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE c NO INHERIT p")
        connection.exec_driver_sql("ALTER TABLE c INHERIT q")
    assert compared(emptied, models).changes == ()
    with emptied.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE c ADD more int")
    (change,) = compared(emptied, models).changes
    assert told(change) == "remove column c.more"


def test_an_index_that_is_redundant_is_still_one(emptied: sa.Engine) -> None:
    with emptied.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id serial PRIMARY KEY, a int UNIQUE)")
        connection.exec_driver_sql("CREATE UNIQUE INDEX again ON t (a)")
    found = compared(emptied, column(sa.Integer, unique=True))
    assert [told(change) for change in found.changes] == ["remove index t.again"]


@pytest.mark.databases("postgresql18")
def test_what_came_with_18(emptied: sa.Engine) -> None:
    with emptied.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE t (id serial PRIMARY KEY, a int NOT NULL,"
            " b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c int CONSTRAINT n NOT NULL,"
            " d int GENERATED ALWAYS AS (a * 2) STORED,"
            " CONSTRAINT loose CHECK (a > 5) NOT ENFORCED)"
        )
    computed = sa.Computed("a * 2")
    found = compared(
        emptied,
        table(
            sa.Column("a", sa.Integer, nullable=False),
            sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=False)),
            sa.Column("c", sa.Integer, nullable=False),
            sa.Column("d", sa.Integer, computed),
            sa.CheckConstraint("a > 5", name="loose"),
        ),
    )
    assert [told(change) for change in found.changes] == [
        "change column t.d: computed",
        "change check t.loose: options",
    ]
