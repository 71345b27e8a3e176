"""Every form of keys and constraints."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

from tests.loop.case import Build, Case, fresh, nothing, on
from tests.loop.cases_tables import key, table

PG = on("postgresql")
AB = (Column("a", Integer, nullable=False), Column("b", Integer), Column("c", String(9)))


def abc(*items: SchemaItem, **options: object) -> Build:
    """A table of a key and three columns, with some constraints."""
    return table("t", key(), *AB, *items, **options)


def child(*items: SchemaItem, parent: tuple[SchemaItem, ...] = ()) -> Build:
    """A parent with a key of two columns, and a child with constraints."""

    def build(m: MetaData) -> None:
        Table(
            "p",
            m,
            Column("x", Integer, primary_key=True, autoincrement=False),
            Column("y", Integer, primary_key=True, autoincrement=False),
            Column("z", Integer, unique=True),
            *fresh(parent),
        )
        Table("c", m, key(), Column("px", Integer), Column("py", Integer), *fresh(items))

    return build


def pair(**options: object) -> ForeignKeyConstraint:
    """A foreign key over two columns."""
    return ForeignKeyConstraint(["px", "py"], ["p.x", "p.y"], **options)  # type: ignore[arg-type]  # options of all kinds


UNIQUES = (
    Case(
        "unique constraints of columns and tables",
        abc(),
        abc(
            UniqueConstraint("a"),
            UniqueConstraint("b", "c", name="bc"),
            Column("d", Integer, unique=True),
        ),
    ),
    Case(
        "another order of a unique constraint",
        abc(UniqueConstraint("a", "b", name="u")),
        abc(UniqueConstraint("b", "a", name="u")),
    ),
    Case(
        "a unique constraint becomes a unique index",
        abc(UniqueConstraint("a", name="u")),
        abc(sa.Index("u", "a", unique=True)),
        same_on=on("mariadb"),
    ),
    Case(
        "a unique index becomes a unique constraint",
        abc(sa.Index("u", "a", unique=True)),
        abc(UniqueConstraint("a", name="u")),
        same_on=on("mariadb"),
    ),
    Case(
        "a deferrable unique constraint",
        abc(UniqueConstraint("a", name="u")),
        abc(UniqueConstraint("a", name="u", deferrable=True, initially="DEFERRED")),
        PG,
    ),
    Case(
        "a unique constraint is deferrable at first",
        abc(UniqueConstraint("a", name="u", deferrable=True)),
        abc(UniqueConstraint("a", name="u", deferrable=True, initially="DEFERRED")),
        PG,
    ),
    Case(
        "nulls that are not distinct",
        abc(UniqueConstraint("b", name="u")),
        abc(UniqueConstraint("b", name="u", postgresql_nulls_not_distinct=True)),
        PG,
    ),
    Case(
        "nulls that are distinct again",
        abc(UniqueConstraint("b", postgresql_nulls_not_distinct=True)),
        abc(UniqueConstraint("b")),
        PG,
    ),
    Case(
        "a unique constraint that includes a column",
        abc(UniqueConstraint("a", name="u")),
        abc(UniqueConstraint("a", name="u", postgresql_include=["b", "c"])),
        PG,
    ),
    Case(
        "conflicts of sqlite",
        abc(UniqueConstraint("a", name="u")),
        abc(
            UniqueConstraint("a", name="u", sqlite_on_conflict="REPLACE"),
            CheckConstraint("b > 0", name="positive", sqlite_on_conflict="IGNORE"),
        ),
        on("sqlite"),
    ),
    Case(
        "conflicts of columns of sqlite",
        table("t", key(), Column("a", Integer, nullable=False)),
        table(
            "t",
            key(),
            Column("a", Integer, nullable=False),
            Column(
                "b", Integer, nullable=False, server_default="1", sqlite_on_conflict_not_null="FAIL"
            ),
        ),
        on("sqlite"),
    ),
)

PRIMARY_KEYS = (
    Case(
        "a primary key of two columns gets a third",
        table(
            "t",
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, primary_key=True, autoincrement=False),
            Column("c", Integer, nullable=False),
        ),
        table(
            "t",
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, primary_key=True, autoincrement=False),
            Column("c", Integer, primary_key=True, autoincrement=False),
        ),
    ),
    Case(
        "another order of a primary key",
        table(
            "t",
            Column("a", Integer, autoincrement=False),
            Column("b", Integer),
            PrimaryKeyConstraint("a", "b"),
        ),
        table(
            "t",
            Column("a", Integer, autoincrement=False),
            Column("b", Integer),
            PrimaryKeyConstraint("b", "a"),
        ),
    ),
    Case(
        "a primary key goes",
        table("t", Column("a", Integer, primary_key=True, autoincrement=False)),
        table("t", Column("a", Integer, nullable=False)),
    ),
    Case(
        "a primary key goes and its column takes null",
        table("t", Column("a", Integer, primary_key=True, autoincrement=False)),
        table("t", Column("a", Integer, nullable=True)),
    ),
    Case(
        "a primary key that counts goes",
        table("t", key(), Column("x", Integer)),
        table("t", Column("id", Integer, nullable=False), Column("x", Integer)),
    ),
    Case(
        "a deferrable primary key",
        table("t", Column("a", Integer, autoincrement=False), PrimaryKeyConstraint("a")),
        table(
            "t",
            Column("a", Integer, autoincrement=False),
            PrimaryKeyConstraint("a", deferrable=True, initially="DEFERRED"),
        ),
        PG,
    ),
    Case(
        "a primary key that includes a column",
        table(
            "t",
            Column("a", Integer, autoincrement=False),
            Column("b", Integer),
            PrimaryKeyConstraint("a"),
        ),
        table(
            "t",
            Column("a", Integer, autoincrement=False),
            Column("b", Integer),
            PrimaryKeyConstraint("a", postgresql_include=["b"]),
        ),
        PG,
    ),
    Case(
        "a primary key of another type",
        table("t", Column("a", Integer, primary_key=True, autoincrement=False)),
        table("t", Column("a", String(20), primary_key=True)),
    ),
)

FOREIGN_KEYS = (
    Case("every action", child(), child(pair(onupdate="CASCADE", ondelete="SET NULL"))),
    Case(
        "actions change",
        child(pair(name="f", onupdate="CASCADE", ondelete="SET NULL")),
        child(pair(name="f", ondelete="RESTRICT")),
    ),
    Case("actions go", child(pair(onupdate="CASCADE", ondelete="CASCADE")), child(pair())),
    Case(
        "no action is no change",
        child(pair(name="f")),
        child(pair(name="f", onupdate="NO ACTION", ondelete="no action")),
        same_on=on("sqlite", "postgresql", "mariadb"),
    ),
    Case(
        "set null of one column",
        child(pair(name="f", ondelete="SET NULL")),
        child(pair(name="f", ondelete="SET NULL (py)")),
        PG,
    ),
    Case(
        "set default of one column",
        child(pair(name="f")),
        child(pair(name="f", ondelete="SET DEFAULT (px)", onupdate="SET DEFAULT")),
        PG,
    ),
    Case("a full match", child(pair(name="f")), child(pair(name="f", match="FULL")), PG),
    Case(
        "deferred foreign keys",
        child(pair(name="f")),
        child(pair(name="f", deferrable=True, initially="DEFERRED")),
        on("postgresql", "sqlite"),
    ),
    Case(
        "immediate foreign keys",
        child(pair(name="f", deferrable=True, initially="DEFERRED")),
        child(pair(name="f", deferrable=True, initially="IMMEDIATE")),
        on("postgresql", "sqlite"),
    ),
    Case(
        "a foreign key to a unique column",
        child(),
        child(ForeignKeyConstraint(["px"], ["p.z"], name="to_z")),
    ),
    Case(
        "another column of a foreign key",
        child(ForeignKeyConstraint(["px"], ["p.z"], name="to_z")),
        child(ForeignKeyConstraint(["py"], ["p.z"], name="to_z")),
    ),
    Case(
        "a foreign key that is not valid",
        child(),
        child(pair(name="f", postgresql_not_valid=True)),
        PG,
        keeps_names_on=PG,
    ),
    Case(
        "a table that refers to itself",
        table("tree", key(), Column("up", Integer)),
        table("tree", key(), Column("up", Integer, ForeignKey("tree.id", ondelete="CASCADE"))),
    ),
    Case(
        "foreign keys that wait",
        nothing,
        lambda m: (
            Table("a", m, key(), Column("b", ForeignKey("b.id", use_alter=True, name="a_b"))),
            Table("b", m, key(), Column("a", ForeignKey("a.id", use_alter=True, name="b_a"))),
        ),
    ),
    Case(
        "a circle of foreign keys comes into tables",
        lambda m: (
            Table("a", m, key(), Column("b", Integer)),
            Table("b", m, key(), Column("a", Integer)),
        ),
        lambda m: (
            Table("a", m, key(), Column("b", ForeignKey("b.id"))),
            Table("b", m, key(), Column("a", ForeignKey("a.id"))),
        ),
    ),
    Case(
        "two foreign keys to one table",
        child(),
        child(pair(), ForeignKeyConstraint(["px"], ["p.z"]), ForeignKeyConstraint(["py"], ["p.z"])),
    ),
)

CHECKS = (
    Case(
        "checks of columns",
        abc(),
        abc(
            Column("d", Integer, CheckConstraint("d > 0")),
            Column("e", Integer, CheckConstraint("e > 0", name="e_positive")),
        ),
        on("postgresql", "sqlite"),
    ),
    Case(
        "a check of a column comes",
        abc(),
        abc(Column("d", Integer, CheckConstraint("d > 0"))),
    ),
    Case(
        "a check changes in its words only",
        abc(CheckConstraint("a > 0 AND b > 0", name="c1")),
        abc(CheckConstraint("(a>0)  and (b>0)", name="c1")),
        same_on=on("sqlite", "postgresql", "mariadb"),
    ),
    Case("an unnamed check changes", abc(CheckConstraint("a > 0")), abc(CheckConstraint("a > 1"))),
    Case(
        "a check of a column changes",
        abc(Column("d", Integer, CheckConstraint("d > 0"))),
        abc(Column("d", Integer, CheckConstraint("d > 1"))),
    ),
    Case(
        "a check goes into another column",
        abc(CheckConstraint("a > 0")),
        abc(CheckConstraint("b > 0")),
    ),
    Case(
        "a renamed check",
        abc(CheckConstraint("a > 0", name="x")),
        abc(CheckConstraint("a > 0", name="y")),
    ),
    Case(
        "checks of strings",
        abc(),
        abc(
            CheckConstraint("c IN ('a', 'b''c', 'd:e')", name="one_of"),
            CheckConstraint("c NOT LIKE '%x%'", name="no_x"),
            CheckConstraint("length(c) BETWEEN 1 AND 8", name="size"),
        ),
    ),
    Case(
        "a check that is not valid",
        abc(),
        abc(CheckConstraint("a > 0", name="x", postgresql_not_valid=True)),
        PG,
        keeps_names_on=PG,
    ),
    Case(
        "a check and what it checks change",
        abc(CheckConstraint("c <> 'x'", name="x")),
        table(
            "t",
            key(),
            Column("a", sa.BigInteger, nullable=False),
            Column("b", Integer),
            Column("c", sa.Text, server_default="y"),
            CheckConstraint("c <> 'z'", name="x"),
        ),
    ),
    Case(
        "a check goes with its column", abc(Column("d", Integer), CheckConstraint("d > 0")), abc()
    ),
    Case(
        "a check over a column that comes",
        abc(),
        abc(Column("d", Integer), CheckConstraint("d > a", name="more")),
    ),
)

EXCLUSIONS = (
    Case(
        "an exclusion changes",
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(("r", "&&"), name="apart", using="gist"),
        ),
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(
                ("r", "&&"),
                name="apart",
                using="gist",
                where=sa.text("id > 3"),
                deferrable=True,
                initially="DEFERRED",
            ),
        ),
        PG,
    ),
    Case(
        "an exclusion without a name",
        table("t", key(), Column("r", postgresql.INT4RANGE)),
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(("r", "&&"), using="gist"),
        ),
        PG,
    ),
    Case(
        "an exclusion of expressions",
        table("t", key(), Column("a", Integer), Column("b", Integer)),
        table(
            "t",
            key(),
            Column("a", Integer),
            Column("b", Integer),
            postgresql.ExcludeConstraint(
                (sa.text("int4range(a, b)"), "&&"), name="apart", using="gist"
            ),
        ),
        PG,
    ),
    Case(
        "an exclusion with operator classes",
        table("t", key(), Column("a", String(9))),
        table(
            "t",
            key(),
            Column("a", String(9)),
            postgresql.ExcludeConstraint(
                ("a", "="), name="apart", using="btree", ops={"a": "varchar_pattern_ops"}
            ),
        ),
        PG,
    ),
    Case(
        "two exclusions, one goes",
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            Column("s", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(("r", "&&"), name="r_apart", using="gist"),
            postgresql.ExcludeConstraint(("s", "&&"), name="s_apart", using="gist"),
        ),
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            Column("s", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(("s", "&&"), name="s_apart", using="gist"),
        ),
        PG,
    ),
)

CASES = (*UNIQUES, *PRIMARY_KEYS, *FOREIGN_KEYS, *CHECKS, *EXCLUSIONS)
