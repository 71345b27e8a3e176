"""Changes of views, and of tables under them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, String, Table

from limbeck.schema import SchemaObject, View
from tests.loop.case import Build, Case, nothing, on

HAS_SQLALCHEMY_VIEWS = hasattr(sa.schema, "CreateView")

LONG = """
SELECT id, name, ':word' AS colon, '100%' AS percent,
    'it''s \\ "quoted"' AS quotes -- a comment; with a semicolon
FROM users
WHERE name LIKE 'a%' OR name = ':name'
"""


def shop(
    *objects: SchemaObject,
    name: sa.types.TypeEngine[str] | None = None,
    more: tuple[str, ...] = (),
) -> Build:
    """Users and their orders, and what is declared beside them."""

    def build(m: MetaData) -> None:
        Table(
            "users",
            m,
            Column("id", Integer, primary_key=True),
            Column("name", name or String(50), nullable=False),
            *(Column(each, Integer) for each in more),
        )
        Table(
            "orders",
            m,
            Column("id", Integer, primary_key=True),
            Column("user_id", Integer),
            Column("total", Integer),
        )
        for item in objects:
            item.attach(m)

    return build


def sqlalchemy_views(*names: str, least: int = 0, kept: bool = False) -> Build:
    """Views of SQLAlchemy's own."""

    def build(m: MetaData) -> None:
        shop()(m)
        orders = m.tables["orders"]
        for name in names:
            query = sa.select(orders.c.id, orders.c.total).where(orders.c.total > least)
            view = sa.schema.CreateView(query, name, metadata=m, materialized=kept)
            if kept:
                sa.Index(f"ix_{name}", view.table.c.id, unique=True)

    return build


def rich(least: int) -> View:
    """A view that has a number in it."""
    return View("rich", f"SELECT id, total FROM orders WHERE total > {least}")


def selected(m: MetaData) -> None:
    """A view whose query is SQLAlchemy's."""
    shop()(m)
    orders = m.tables["orders"]
    View("big", sa.select(orders.c.id).where(orders.c.total > 7)).attach(m)


def selected_more(m: MetaData) -> None:
    """The same with another column."""
    shop()(m)
    orders = m.tables["orders"]
    View("big", sa.select(orders.c.id, orders.c.user_id).where(orders.c.total > 8)).attach(m)


EVERYWHERE = (
    Case("add a view", shop(), shop(rich(10)), expected=("op.create_view(", "op.drop_view(")),
    Case("drop a view", shop(rich(10)), shop(), compares=("view",)),
    Case(
        "a view with a percent sign in its name",
        shop(rich(10)),
        shop(rich(10), View("of 5%", "SELECT id FROM orders WHERE total > 5")),
    ),
    Case("drop one of two views", shop(rich(10), View("a", "SELECT 1 AS n")), shop(rich(10))),
    Case("views of new tables", nothing, shop(rich(10), View("all_rich", "SELECT id FROM rich"))),
    Case("change the condition of a view", shop(rich(10)), shop(rich(20))),
    Case(
        "a column less in a view",
        shop(rich(10)),
        shop(View("rich", "SELECT id FROM orders WHERE total > 10")),
    ),
    Case(
        "a column more in a view",
        shop(rich(10)),
        shop(View("rich", "SELECT id, total, user_id FROM orders WHERE total > 10")),
    ),
    Case("a text full of traps", shop(), shop(View("traps", LONG)), expected=('"""',)),
    Case(
        "a view on a view on a view",
        shop(rich(10)),
        shop(
            rich(10),
            View("a_third", "SELECT id FROM second"),
            View("second", "SELECT id FROM rich"),
        ),
    ),
    Case(
        "change a view under another one",
        shop(rich(10), View("a", "SELECT id FROM rich"), View("z", "SELECT id FROM a")),
        shop(
            View("rich", "SELECT total AS id, id AS ident FROM orders"),
            View("a", "SELECT id FROM rich"),
            View("z", "SELECT id FROM a"),
        ),
    ),
    Case(
        "a new column in a view",
        shop(rich(10)),
        shop(View("rich", "SELECT id, age FROM users"), more=("age",)),
    ),
    Case(
        "drop a column that a view had",
        shop(View("old", "SELECT id, age FROM users"), more=("age",)),
        shop(View("old", "SELECT id FROM users")),
    ),
    Case(
        "drop a view with its table",
        shop(View("recent", "SELECT t.id FROM orders AS t")),
        lambda m: Table("users", m, Column("id", Integer, primary_key=True)),
        compares=("view",),
    ),
    Case(
        "a table becomes a view",
        lambda m: Table("t", m, Column("id", Integer, primary_key=True)),
        shop(View("t", "SELECT id FROM users")),
    ),
    Case(
        "alter a column under a view",
        shop(View("names", "SELECT id, name FROM users")),
        shop(View("names", "SELECT id, name FROM users"), name=String(99)),
    ),
    Case(
        "all columns of a table that gets one",
        shop(View("every", "SELECT * FROM users"), View("names", "SELECT name FROM every")),
        shop(
            View("every", "SELECT * FROM users"),
            View("names", "SELECT name FROM every"),
            more=("age",),
        ),
    ),
    Case("a view as a select", selected, selected_more),
)

SQLALCHEMY = (
    Case("a view of SQLAlchemy's", shop(), sqlalchemy_views("v")),
    Case(
        "change a view of SQLAlchemy's", sqlalchemy_views("v", "w"), sqlalchemy_views("v", least=3)
    ),
    Case("drop a view of SQLAlchemy's", sqlalchemy_views("v"), shop(), compares=("view",)),
    Case(
        "a materialised view of SQLAlchemy's",
        sqlalchemy_views("v", kept=True),
        sqlalchemy_views("v", least=7, kept=True),
        databases=on("postgresql"),
    ),
)

CASES = (*EVERYWHERE, *(SQLALCHEMY if HAS_SQLALCHEMY_VIEWS else ()))
