"""Changes that the drawn models of :mod:`tests.fuzz` brought to light."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.dialects import mysql, postgresql

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import CONVENTION, key, table


def counting(**options: object) -> Build:
    """A sequence."""

    def build(m: MetaData) -> None:
        sa.Sequence("numbers", metadata=m, **options)  # type: ignore[arg-type]  # a case's own

    return build


def counted(type_: sa.types.TypeEngine[int] | None = None, **options: object) -> Build:
    """A table with an identity."""
    identity = Identity(**options)  # type: ignore[arg-type]  # a case's own
    return table("t", Column("id", type_ or Integer(), identity, primary_key=True))


def percent(m: MetaData) -> None:
    """A sequence whose name a driver could take for a parameter."""
    sa.Sequence("per%cent :s", metadata=m)


def linked(type_: sa.types.TypeEngine[object]) -> Build:
    """A table that refers to itself, and one that refers to it."""

    def build(m: MetaData) -> None:
        Table("t", m, Column("id", type_, primary_key=True), Column("up", ForeignKey("t.id")))
        Table("u", m, key(), Column("t_id", ForeignKey("t.id"), nullable=False))

    return build


def constrained() -> tuple[sa.Constraint, ...]:
    """A constraint of each kind that an index serves."""
    return (
        sa.PrimaryKeyConstraint("a", name="key_of_a"),
        sa.UniqueConstraint("b", name="once"),
        postgresql.ExcludeConstraint(("a", "="), name="apart", using="btree"),
    )


def two_columns(name: str, *constraints: sa.Constraint) -> Build:
    """A table whose columns are all that it has."""
    columns = (Column(each, Integer, nullable=False) for each in "ab")
    return table(name, *columns, *constraints)


def late(m: MetaData) -> None:
    """A key that is a foreign key, which is created after its table."""
    Table("parent", m, key())
    Table("child", m, Column("id", Integer, primary_key=True))
    m.tables["child"].append_constraint(
        ForeignKeyConstraint(["id"], ["parent.id"], name="child_of", use_alter=True)
    )


def moved(name: str, *children: str) -> Build:
    """A table with a key of some name, and others that refer to it."""

    def build(m: MetaData) -> None:
        Table("parent", m, Column(name, Integer, primary_key=True))
        for child in children:
            Table(child, m, key(), Column("up", ForeignKey(f"parent.{name}")))

    return build


def retyped(type_: type[sa.types.TypeEngine[object]] | sa.types.TypeEngine[object]) -> Build:
    """A table with a key of some type; with another type than Integer there is one more."""

    def build(m: MetaData) -> None:
        Table("parent", m, Column("id", type_, primary_key=True, autoincrement=False))
        if type_ is not Integer:
            Table("child", m, key(), Column("up", ForeignKey("parent.id")))

    return build


CASES = (
    Case(
        "a new table refers to a new key of an old one",
        moved("first"),
        moved("second", "child"),
        on("postgresql", "sqlite"),
    ),
    Case("a new table refers to a key of another type", retyped(Integer), retyped(sa.Numeric(9))),
    Case(
        "a default that is an expression",
        table("t", key(), Column("n", Integer, server_default=sa.text("(1 + 2)"))),
        table("t", key(), Column("n", sa.BigInteger)),
    ),
    Case(
        "a text with a default becomes shorter",
        table("t", key(), Column("a", sa.Text, server_default="x")),
        table("t", key(), Column("a", String(30), server_default="x")),
    ),
    Case(
        "a number becomes a span of years",
        table("t", key(), Column("a", Integer)),
        table("t", key(), Column("a", postgresql.INTERVAL(fields="YEAR"))),
        on("postgresql"),
    ),
    Case(
        "an array of strings with a default",
        table("t", key(), Column("a", postgresql.ARRAY(String(9)), server_default="{}")),
        table("t", key(), Column("a", postgresql.ARRAY(Integer), server_default="{}")),
        on("postgresql"),
    ),
    Case(
        "the type of a key that others refer to",
        linked(Integer()),
        linked(sa.Uuid()),
    ),
    Case(
        "a date becomes a uuid",
        table("t", key(), Column("d", sa.Date, server_default="2020-01-01", nullable=False)),
        table("t", key(), Column("d", sa.Uuid, nullable=False)),
    ),
    Case("numbers that refer to one another", linked(sa.Numeric()), linked(sa.SmallInteger())),
    Case("a key refers to another one later", nothing, late),
    Case(
        "an identity becomes a string",
        table("t", key(), Column("n", Integer, Identity(start=5), nullable=False)),
        table("t", key(), Column("n", String(30), server_default="x")),
        on("postgresql"),
    ),
    Case(
        "a key that counts becomes an identity",
        table("t", key()),
        table("t", Column("id", Integer, Identity(start=-1, increment=-1), primary_key=True)),
        on("postgresql"),
    ),
    Case(
        "a key that counts becomes a span of time",
        table("t", key()),
        table("t", Column("id", postgresql.INTERVAL(precision=2))),
        on("postgresql"),
    ),
    Case(
        "a comment of four bytes a letter",
        nothing,
        table("t", key(), Column("a", Integer, comment="😀 é"), comment="😀"),
        on("postgresql", "mariadb"),
    ),
    Case(
        "a default of four bytes a letter",
        table("t", key(), Column("a", sa.Text), Column("b", String(9))),
        table(
            "t",
            key(),
            Column("a", sa.Text, server_default="😀"),
            Column("b", String(9), server_default="😀"),
        ),
        expected=("😀",),
    ),
    Case(
        "a question mark becomes a letter of four bytes",
        table(
            "t",
            key(),
            Column("a", String(9), server_default="?"),
            Column("b", String(9), server_default="it's 😀?\\"),
            Column("c", sa.Text, server_default="?"),
        ),
        table(
            "t",
            key(),
            Column("a", String(9), server_default="😀"),
            Column("b", String(9), server_default="it's 😁?\\"),
            Column("c", sa.Text, server_default="😀"),
        ),
        expected=("existing_server_default=sa.text(\"'?'\")", "😀", "😁"),
    ),
    Case(
        "types that nothing is cast between",
        table("t", key(), Column("a", Integer), Column("b", sa.Date), Column("c", sa.Uuid)),
        table(
            "t",
            key(),
            Column("a", postgresql.ARRAY(String(9, collation="C"))),
            Column("b", Integer),
            Column("c", postgresql.INT4RANGE),
        ),
        on("postgresql"),
    ),
    Case(
        "an exclude constraint with a list goes",
        table(
            "t",
            key(),
            Column("a", String(9)),
            postgresql.ExcludeConstraint(
                ("id", "="), name="apart", using="btree", where=sa.text("a IN ('x', 'y')")
            ),
        ),
        table("t", key(), Column("a", String(9))),
        on("postgresql"),
    ),
    Case(
        "a string key with a default counts at last",
        table("t", Column("id", String(9), primary_key=True, server_default="x")),
        table("t", key()),
        on("postgresql"),
    ),
    Case(
        "a table with a negative default goes",
        table("t", key(), Column("n", sa.BigInteger, server_default="-1")),
        nothing,
    ),
    Case(
        "options of a sequence are taken back",
        counting(),
        counting(cache=10, data_type=Integer),
        on("postgresql"),
    ),
    Case(
        "a sequence begins later",
        counting(),
        counting(minvalue=5, maxvalue=9, cycle=True),
        on("postgresql"),
    ),
    Case(
        "a sequence counts backwards",
        counting(start=3),
        counting(increment=-1),
        on("postgresql"),
    ),
    Case("a sequence with a percent sign", nothing, percent, on("postgresql")),
    Case(
        "a boolean with a constraint becomes a number by a convention",
        table("t", key(), Column("f", sa.Boolean(create_constraint=True, name="flag"))),
        table("t", key(), Column("f", Integer)),
        convention=CONVENTION,
    ),
    Case(
        "a default that is a condition",
        table("t", key(), Column("f", sa.Boolean, server_default=sa.text("(not true)"))),
        table("t", key(), Column("f", sa.Boolean, server_default=sa.text("(1 IN (2, 3))"))),
        on("postgresql"),
    ),
    Case(
        "a column with a default that is a condition goes",
        table("t", key(), Column("f", sa.Boolean, server_default=sa.text("(not true)"))),
        table("t", key()),
        on("postgresql"),
    ),
    Case(
        "a table with a default that is a condition goes",
        table("t", key(), Column("f", sa.Boolean, server_default=sa.text("(true AND false)"))),
        nothing,
        on("postgresql"),
    ),
    Case(
        "an identity gets a range that overlaps",
        counted(start=-2, minvalue=-5, maxvalue=9),
        counted(start=3, maxvalue=30),
        on("postgresql"),
    ),
    Case(
        "an identity gets a range apart",
        counted(minvalue=-9, maxvalue=-2, start=-2),
        counted(),
        on("postgresql"),
    ),
    Case(
        "an identity gets a range apart and another type",
        counted(sa.SmallInteger(), minvalue=-9, maxvalue=-2, start=-2),
        counted(sa.BigInteger(), always=True),
        on("postgresql"),
    ),
    Case(
        "an identity gets another type and a range that its old one has not",
        counted(sa.SmallInteger(), maxvalue=9),
        counted(sa.BigInteger(), start=2**40, minvalue=2**35, maxvalue=2**41),
        on("postgresql"),
    ),
    Case(
        "an identity gets a type that its range is too wide for",
        counted(start=40000, minvalue=100, maxvalue=50000),
        counted(sa.SmallInteger(), minvalue=-5),
        on("postgresql"),
    ),
    Case(
        "a table that is new gets the index of one that stays",
        table("t0", key(), Column("a", Integer), sa.Index("ix", "a")),
        lambda m: (
            Table("s0", m, key(), Column("a", Integer), sa.Index("ix", "a")),
            Table("t0", m, key(), Column("a", Integer)),
        ),
    ),
    Case(
        "a table gets the index of another",
        lambda m: (
            Table("s0", m, key(), Column("a", Integer)),
            Table("t0", m, key(), Column("a", Integer), sa.Index("ix", "a")),
        ),
        lambda m: (
            Table("s0", m, key(), Column("a", Integer), sa.Index("ix", "a")),
            Table("t0", m, key(), Column("a", Integer)),
        ),
    ),
    Case(
        "a table that is new gets the constraints of one that stays",
        two_columns("t0", *constrained()),
        lambda m: (two_columns("s0", *constrained())(m), two_columns("t0")(m)),
        on("postgresql"),
    ),
    Case(
        "a condition that is said twice",
        table("t", key(), Column("a", Integer)),
        table("t", key(), Column("a", Integer), *(CheckConstraint("a > 5") for _ in "ab")),
    ),
    Case(
        "a table with a condition that is said twice",
        nothing,
        table("t", key(), Column("a", Integer), *(CheckConstraint("a > 5") for _ in "ab")),
    ),
    Case(
        "a column becomes a text that is searched, and its key goes",
        table("t", Column("a", sa.Numeric), Column("b", Integer, primary_key=True)),
        table("t", Column("a", sa.Text), sa.Index("words", "a", mariadb_prefix="FULLTEXT")),
        on("mariadb"),
    ),
    Case(
        "a column becomes a number that an index is over, and its key goes",
        table("t", Column("a", sa.Text), Column("b", Integer, primary_key=True)),
        table("t", Column("a", Integer, index=True)),
    ),
    Case(
        "a prefix of a column whose name is a word of the language",
        table(
            "select",
            key(),
            *(Column(name, sa.Text) for name in ("check", "a `b`", "order")),
            sa.Index("ix", "check", "a `b`", mariadb_length={"check": 5, "a `b`": 6}),
            sa.Index("down", sa.text("`order`(7) DESC")),
        ),
        nothing,
        on("mariadb"),
    ),
    Case(
        "an operator class and an order of a column whose name is a word of the language",
        table(
            "select",
            key(),
            Column("order", sa.Text),
            sa.Index("ix", sa.text('"order" text_pattern_ops DESC')),
        ),
        nothing,
        on("postgresql"),
    ),
    Case(
        "a column with a colon in an EXCLUDE that goes",
        table(
            "t",
            Column("c2:c", Integer),
            postgresql.ExcludeConstraint(("c2:c", "="), name="ex3", using="btree"),
        ),
        table("t", Column("c2:c", Integer)),
        on("postgresql"),
    ),
    Case(
        "constraints that are the same but for their names",
        nothing,
        table(
            "t",
            Column("a", Integer, primary_key=True, unique=True),
            Column("b", Integer),
            *(sa.UniqueConstraint("b", name=name) for name in ("u1", "u2")),
            sa.UniqueConstraint("a", name="u3"),
        ),
        on("sqlite", "mariadb"),  # create_all makes one of them only on PostgreSQL
    ),
    Case(
        "a key that is said to be unique as well gets a neighbour",
        table("t", Column("a", Integer, primary_key=True, unique=True)),
        table("t", Column("a", Integer, primary_key=True, unique=True), Column("b", Integer)),
    ),
    Case(
        "a searched text becomes a number that refers to another row",
        table("t", key(), Column("a", String(30)), sa.Index("i", "a", mariadb_prefix="FULLTEXT")),
        table("t", key(), Column("a", Integer, ForeignKey("t.id"))),
        on("mariadb"),
    ),
    Case(
        "a key that counts by itself and has a quote in its name",
        table("t", Column("c1`q", Integer, primary_key=True)),
        nothing,
    ),
    Case(
        "a key of two columns of which the second counts",
        table(
            "t",
            Column("team", Integer, primary_key=True, autoincrement=False),
            Column("id", Integer, primary_key=True, autoincrement=True),
        ),
        table(
            "u",
            Column("team", Integer, primary_key=True, autoincrement=False),
            Column("id", Integer, primary_key=True, autoincrement=True),
        ),
        on("postgresql", "mariadb"),
    ),
    Case(
        "a key of two columns of which the second counts, for a table that has none",
        table("t", Column("team", Integer)),
        table(
            "t",
            Column("team", Integer, primary_key=True),
            Column("id", Integer, primary_key=True, autoincrement=True),
        ),
        on("postgresql", "mariadb"),
    ),
    Case(
        "a comment goes from a column whose values and conditions have percent signs",
        table(
            "t",
            Column("a", mysql.ENUM("b", "%"), comment="%(a)s"),
            Column("b", String(9), CheckConstraint("b LIKE 'x%'"), comment="c"),
            Column("c", String(9), sa.Computed("concat(b, '%s')"), comment="c"),
        ),
        table(
            "t",
            Column("a", mysql.ENUM("b", "%")),
            Column("b", String(9), CheckConstraint("b LIKE 'x%'")),
            Column("c", String(9), sa.Computed("concat(b, '%s')")),
        ),
        on("mariadb"),
    ),
    Case(
        "a searched text that refers to another",
        table(
            "t",
            Column("a", String(30), primary_key=True),
            Column("b", String(30), ForeignKey("t.a")),
            sa.Index("i", "b", mariadb_prefix="FULLTEXT"),
        ),
        table(
            "t",
            Column("a", String(30), primary_key=True, comment="c"),
            Column("b", String(30), ForeignKey("t.a")),
            sa.Index("i", "b", mariadb_prefix="FULLTEXT"),
        ),
        on("mariadb"),
    ),
    Case(
        "a unique column without a name for that becomes computed",
        table("t", Column("a", sa.Numeric(12, 4), unique=True), Column("b", String(30))),
        table(
            "t",
            Column("a", String(30), sa.Computed("lower(b)", persisted=True), unique=True),
            Column("b", String(30)),
        ),
    ),
    Case(
        "an identity counts downwards",
        counted(cycle=True),
        counted(increment=-2),
        on("postgresql"),
    ),
    Case(
        "spaces inside of a literal of a condition",
        table("t", key(), Column("a", String(9)), CheckConstraint("a <> 'x  y'", name="apart")),
        table("t", key(), Column("a", String(9)), CheckConstraint("a <> 'x y'", name="apart")),
        expected=("x y",),
    ),
)
