"""Cases that mean the same on SQLite and MariaDB."""

# ruff: noqa: E501 - a case is a line, and lines are compared at a glance

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa

from tests.compare.runner import Case, Models, same

COMMENT = "it's 100 % ; a \\ and\na second line"


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


def table(*items: Any, name: str = "t", **options: Any) -> Models:
    """Models of one table with an id and the ``items``."""
    made = sa.Table(
        name, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *items, **options
    )
    return made.to_metadata


def column(*words: Any, **options: Any) -> Models:
    """Models of one table with one column ``a`` beside the id and a number ``n``."""
    return table(sa.Column("a", *words, **options), sa.Column("n", sa.Integer))


def columns(*types: Any) -> Models:
    """Models of one table with a column of each type."""
    return table(*(sa.Column(f"c{n}", kind) for n, kind in enumerate(types)))


def defaults(kind: Any, *texts: Any) -> Models:
    """Models of one table with a column of type ``kind`` for each server default."""
    return table(*(sa.Column(f"c{n}", kind, server_default=text) for n, text in enumerate(texts)))


def with_parent(*items: Any, **options: Any) -> Models:
    """Models of a parent, and of a child ``t`` with columns ``p``, ``q`` and the ``items``."""
    own = sa.MetaData()
    sa.Table(
        "parent",
        own,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer, nullable=False),
        sa.Column("y", sa.Integer, nullable=False),
        sa.UniqueConstraint("x", "y", name="uq_parent"),
    )
    sa.Table(
        "t",
        own,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("p", sa.Integer),
        sa.Column("q", sa.Integer),
        *items,
        **options,
    )

    def build(metadata: sa.MetaData) -> None:
        for each in own.sorted_tables:
            each.to_metadata(metadata)

    return build


def key(*local: str, to: tuple[str, ...] = ("parent.id",), **options: Any) -> Any:
    """A foreign key to the parent."""
    return sa.ForeignKeyConstraint(local or ("p",), to, **options)


def everything(metadata: sa.MetaData) -> None:
    """One of each, as people write it."""
    sa.Table(
        "kinds",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(30), nullable=False, unique=True),
        sa.Column("state", sa.Enum("new", "old", name="state")),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("made", sa.DateTime, server_default=sa.func.now()),
        sa.Column("price", sa.Numeric(10, 2), server_default="0.00"),
    )
    sa.Table(
        "Items",
        metadata,
        sa.Column("kind_id", sa.ForeignKey("kinds.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("label", sa.Unicode(20), index=True),
        sa.Column("double", sa.Integer, sa.Computed("number * 2", persisted=True)),
        sa.CheckConstraint("number > 0 AND label <> 'x'", name="ck_items"),
        sa.UniqueConstraint("number", "label", name="uq_items"),
    )


SAME = (
    same("one of each", everything),
    same("no table", lambda metadata: None),
    same("numbers", columns(sa.Integer(), sa.BigInteger(), sa.SmallInteger())),
    same("decimals", columns(sa.Numeric(), sa.Numeric(10), sa.Numeric(10, 2), sa.DECIMAL(5, 1))),
    same("floats", columns(sa.Float(), sa.Float(20), sa.Float(53), sa.Double(), sa.REAL())),
    same("texts", columns(sa.String(1), sa.Text(), sa.Unicode(5), sa.CHAR(3), sa.UnicodeText())),
    same("bytes", columns(sa.LargeBinary(), sa.LargeBinary(100), sa.BINARY(16), sa.VARBINARY(9))),
    same("times", columns(sa.Date(), sa.Time(), sa.DateTime(), sa.TIMESTAMP(), sa.Interval())),
    same("other types", columns(sa.JSON(), sa.Uuid(), sa.Boolean(), sa.PickleType(), sa.Enum(Mood))),
    same("a type with a variant", columns(sa.String(9).with_variant(sa.Text(), "sqlite", "mariadb"))),
    same("enums as text", columns(sa.Enum("a", "b'c", name="e", native_enum=False))),
    same(
        "enums and booleans with checks",
        columns(
            sa.Enum("a", "b'c", name="e", native_enum=False, create_constraint=True),
            sa.Boolean(create_constraint=True, name="is_b"),
            sa.Boolean(create_constraint=True),
        ),
    ),
    same("numeric defaults", defaults(sa.Integer, "0", sa.text("1"), "-1", sa.text("-2"), sa.text("(3)"))),
    same("decimal defaults", defaults(sa.Numeric(10, 2), "0", "0.0", sa.text("1.5"), "-1.50")),
    same("boolean defaults", defaults(sa.Boolean, sa.true(), sa.false(), "1", sa.text("0"))),
    same("text defaults", defaults(sa.String(20), "", "x'y", "100%", "a:b", "0", sa.text("NULL"), 'a"b')),
    same("times by default", defaults(sa.DateTime, sa.func.now(), sa.text("CURRENT_TIMESTAMP"), sa.func.current_timestamp())),
    same("computed", table(sa.Column("n", sa.Integer), sa.Column("a", sa.Integer, sa.Computed("n+1")), sa.Column("b", sa.Integer, sa.Computed("( n  *  2 )", persisted=True)))),
    same("words that are reserved", table(sa.Column("select", sa.Integer), sa.Column("a b", sa.Integer), sa.Column("Case", sa.Integer), sa.Index("order", "select", "a b", "Case"), name="group")),
    same("check of a column", table(sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")))),
    same("unnamed checks", table(sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0"), sa.CheckConstraint("a < 9 or a = 10"), sa.CheckConstraint("a IN (1,2,   3)"))),
    same("check with percent sign", table(sa.Column("a", sa.String(9)), sa.CheckConstraint("a LIKE 'x%'", name="ck"))),
    same("check of functions", table(sa.Column("a", sa.String(9)), sa.CheckConstraint("LENGTH(a) BETWEEN 1 AND 5 OR NOT (a IS NULL)", name="ck"))),
    same("unnamed unique", table(sa.Column("a", sa.Integer, unique=True), sa.Column("b", sa.Integer), sa.UniqueConstraint("a", "b"), sa.UniqueConstraint("b", "a"))),
    same("unique index", table(sa.Column("a", sa.Integer, unique=True, index=True), sa.Column("b", sa.Integer), sa.Index("ux", "b", "a", unique=True))),
    same("no primary key", lambda metadata: sa.Table("t", metadata, sa.Column("a", sa.Integer))),
    same("text primary key", lambda metadata: sa.Table("t", metadata, sa.Column("a", sa.String(9), primary_key=True))),
    same("named keys", lambda metadata: sa.Table("t", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.PrimaryKeyConstraint("b", "a", name="pk_t"))),
    same("foreign key", with_parent(key())),
    same("foreign key of two columns", with_parent(key("p", "q", to=("parent.x", "parent.y"), name="fk_pq"))),
    same("foreign key with an index", with_parent(key(name="fk"), sa.Index("ix_p", "p"))),
    same("foreign key with an index of more", with_parent(key(name="fk"), sa.Index("ix_pq", "p", "q"))),
    same("foreign key with a unique", with_parent(key(name="fk"), sa.UniqueConstraint("p", name="uq_p"))),
    same("foreign key with actions", with_parent(key(ondelete="CASCADE", onupdate="SET NULL"))),
    same("foreign key to itself", table(sa.Column("up", sa.Integer), sa.ForeignKeyConstraint(["up"], ["t.id"], ondelete="SET NULL"))),
    Case("restrict is no action", with_parent(key(ondelete="NO ACTION")), with_parent(key())),
    Case("columns in another order", table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)), table(sa.Column("b", sa.Integer), sa.Column("a", sa.Integer))),
    Case("check in other words", table(sa.Column("a", sa.Integer), sa.CheckConstraint("a>0 and a != 5", name="ck")), table(sa.Column("a", sa.Integer), sa.CheckConstraint("(a > 0 AND  a <> 5)", name="ck"))),
)  # fmt: skip

CHANGES = (
    Case("add and remove table", table(name="old"), table(name="new"), ("add table new", "remove table old")),
    Case("add and remove column", column(sa.Integer), table(sa.Column("b", sa.Text), sa.Column("n", sa.Integer)), ("add column t.b", "remove column t.a")),
    Case("length", column(sa.String(20)), column(sa.String(30)), ("change column t.a: type",)),
    Case("text to varchar", column(sa.Text), column(sa.String(30)), ("change column t.a: type",)),
    Case("wider number", column(sa.Integer), column(sa.BigInteger), ("change column t.a: type",)),
    Case("precision", column(sa.Numeric(10, 2)), column(sa.Numeric(12, 2)), ("change column t.a: type",)),
    Case("scale", column(sa.Numeric(10, 2)), column(sa.Numeric(10, 3)), ("change column t.a: type",)),
    Case("nullable", column(sa.Integer), column(sa.Integer, nullable=False), ("change column t.a: nullable",)),
    Case("add default", column(sa.Integer), column(sa.Integer, server_default="5"), ("change column t.a: default",)),
    Case("change default", column(sa.Integer, server_default="4"), column(sa.Integer, server_default="5"), ("change column t.a: default",)),
    Case("remove default", column(sa.String(9), server_default="x"), column(sa.String(9)), ("change column t.a: default",)),
    Case("case of a default", column(sa.String(9), server_default="x"), column(sa.String(9), server_default="X"), ("change column t.a: default",)),
    Case("default of a time", column(sa.DateTime), column(sa.DateTime, server_default=sa.func.now()), ("change column t.a: default",)),
    Case("type and nullable", column(sa.String(9)), column(sa.Integer, nullable=False), ("change column t.a: type, nullable",)),
    Case("computed", column(sa.Integer, sa.Computed("n + 1")), column(sa.Integer, sa.Computed("n + 2")), ("change column t.a: computed",)),
    Case("stored", column(sa.Integer, sa.Computed("n + 1")), column(sa.Integer, sa.Computed("n + 1", persisted=True)), ("change column t.a: computed",)),
    Case("add check", column(sa.Integer), table(sa.Column("a", sa.Integer), sa.Column("n", sa.Integer), sa.CheckConstraint("a > 0", name="ck")), ("add check t.ck",)),
    Case("change check", table(sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0", name="ck")), table(sa.Column("a", sa.Integer), sa.CheckConstraint("a > 1", name="ck")), ("change check t.ck: condition",)),
    Case("words of an enum as text", column(sa.Enum("a", "b", name="e", native_enum=False, create_constraint=True)), column(sa.Enum("a", "b", "c", name="e", native_enum=False, create_constraint=True)), ("change check t.e: condition",)),
    Case("add unique", column(sa.Integer), table(sa.Column("a", sa.Integer), sa.Column("n", sa.Integer), sa.UniqueConstraint("a", "n", name="uq")), ("add unique t.uq",)),
    Case("columns of a unique", table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.UniqueConstraint("a", name="uq")), table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.UniqueConstraint("a", "b", name="uq")), ("change unique t.uq: columns",)),
    Case("remove unnamed unique", column(sa.Integer, unique=True), column(sa.Integer), ("remove unique t.{unnamed}",)),
    Case("add index", column(sa.Integer), column(sa.Integer, index=True), ("add index t.ix_t_a",)),
    Case("index becomes unique", column(sa.Integer, index=True), column(sa.Integer, index=True, unique=True), ("change index t.ix_t_a: unique",)),
    Case("columns of an index", table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Index("ix", "a", "b")), table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Index("ix", "b", "a")), ("change index t.ix: elements",)),
    Case("index goes down", table(sa.Column("a", sa.Integer), sa.Index("ix", "a")), table(sa.Column("a", sa.Integer), sa.Index("ix", sa.text("a DESC"))), ("change index t.ix: elements",)),
    Case("primary key", lambda m: sa.Table("t", m, sa.Column("a", sa.Integer, primary_key=True, autoincrement=False), sa.Column("b", sa.Integer, nullable=False)), lambda m: sa.Table("t", m, sa.Column("a", sa.Integer, primary_key=True, autoincrement=False), sa.Column("b", sa.Integer, primary_key=True, autoincrement=False)), ("change primary_key t.(a, b): columns",)),
    Case("add foreign key", with_parent(), with_parent(key(name="fk")), ("add foreign_key t.fk",)),
    Case("remove foreign key", with_parent(key(name="fk"), sa.Index("ix", "p")), with_parent(sa.Index("ix", "p")), ("remove foreign_key t.fk",)),
    Case("action of a foreign key", with_parent(key(name="fk")), with_parent(key(name="fk", ondelete="CASCADE")), ("change foreign_key t.fk: ondelete",)),
    Case("target of a foreign key", with_parent(key("p", "q", to=("parent.x", "parent.y"), name="fk")), with_parent(key("q", "p", to=("parent.x", "parent.y"), name="fk")), ("change foreign_key t.fk: columns",)),
)  # fmt: skip
