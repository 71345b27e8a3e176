"""Changes of whole tables, constraints and indexes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
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

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def table(name: str, *items: SchemaItem, **options: object) -> Build:
    """One table."""
    return lambda m: Table(name, m, *fresh(items), **options)


def key() -> Column[int]:
    """The usual primary key."""
    return Column("id", Integer, primary_key=True)


def shop(m: MetaData) -> None:
    """Tables that refer to each other."""
    Table("country", m, Column("code", String(2), primary_key=True), Column("name", String(40)))
    Table(
        "customer",
        m,
        key(),
        Column("email", String(120), nullable=False, unique=True),
        Column("country", ForeignKey("country.code", ondelete="SET NULL")),
        comment="who buys",
    )
    Table(
        "bill",
        m,
        key(),
        Column("customer_id", ForeignKey("customer.id"), nullable=False, index=True),
        Column("total", sa.Numeric(10, 2), nullable=False, server_default="0"),
        CheckConstraint("total >= 0", name="total_not_negative"),
    )


def circle(m: MetaData) -> None:
    """Two tables that refer to each other."""
    Table("team", m, key(), Column("leader_id", ForeignKey("person.id")))
    Table("person", m, key(), Column("team_id", ForeignKey("team.id"), nullable=False))


def long_circle(m: MetaData) -> None:
    """A circle of three, a table that hangs on it, and one that refers to itself."""
    Table("a", m, key(), Column("b_id", ForeignKey("b.id", name="a_to_b")))
    Table("b", m, key(), Column("c_id", ForeignKey("c.id")))
    Table("c", m, key(), Column("a_id", ForeignKey("a.id", use_alter=True, name="c_to_a")))
    Table("aa", m, key(), Column("a_id", ForeignKey("a.id")))
    Table("tree", m, key(), Column("parent_id", ForeignKey("tree.id")))


def moods(*tables: str) -> Build:
    """Tables that share an enum."""

    def build(m: MetaData) -> None:
        for name in tables:
            Table(name, m, key(), Column("mood", sa.Enum("a", "b", name="mood"), index=True))

    return build


def parent_and_child(*items: SchemaItem, child: tuple[SchemaItem, ...] = ()) -> Build:
    """A parent with a code, and a child."""

    def build(m: MetaData) -> None:
        Table(
            "parent",
            m,
            key(),
            Column("code", String(10), nullable=False),
            Column("more", String(10), nullable=False),
            *fresh(items),
        )
        Table(
            "child",
            m,
            key(),
            Column("parent_id", Integer),
            Column("parent_code", String(10)),
            Column("position", Integer),
            *fresh(child),
        )

    return build


def to_parent(**options: object) -> ForeignKeyConstraint:
    """The child's foreign key to the parent's key."""
    return ForeignKeyConstraint(["parent_id"], ["parent.id"], **options)  # type: ignore[arg-type]  # options of all kinds


TABLES = (
    Case("create tables", nothing, shop),
    Case("drop tables", shop, nothing),
    Case(
        "add a table with a foreign key",
        table("country", Column("code", String(2), primary_key=True), Column("name", String(40))),
        shop,
    ),
    Case(
        "rename a table",
        table("old", key(), Column("x", Integer, index=True), Column("y", Integer, unique=True)),
        table("new", key(), Column("x", Integer, index=True), Column("y", Integer, unique=True)),
    ),
    Case(
        "rename a table and keep names",
        table(
            "old",
            key(),
            Column("x", Integer),
            Index("by_x", "x"),
            UniqueConstraint("x", name="one_x"),
        ),
        table(
            "new",
            key(),
            Column("x", Integer),
            Index("by_x", "x"),
            UniqueConstraint("x", name="one_x"),
        ),
    ),
    Case("a circle of foreign keys", nothing, circle),
    Case("a circle goes", circle, nothing),
    Case("a long circle", nothing, long_circle),
    Case(
        "a table that is a python word",
        nothing,
        table(
            "select",
            Column("class", Integer, primary_key=True),
            Column("from", String(3), index=True),
            Column("naïve", Integer),
        ),
    ),
    Case(
        "a table comment",
        table("t", key()),
        table("t", key(), comment='it\'s "new"'),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "another table comment",
        table("t", key(), comment="a"),
        table("t", key(), comment="b"),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "no table comment",
        table("t", key(), comment="a"),
        table("t", key()),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "a table without a key",
        nothing,
        table(
            "log", Column("line", sa.Text), Column("at", sa.DateTime, server_default=sa.func.now())
        ),
    ),
    Case(
        "a key of two columns",
        nothing,
        table(
            "pair", Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)
        ),
    ),
    Case(
        "a key that does not count",
        nothing,
        table("t", Column("id", Integer, primary_key=True, autoincrement=False)),
    ),
    Case(
        "a big key",
        nothing,
        table(
            "t",
            Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        ),
    ),
    Case(
        "many columns",
        nothing,
        table("wide", key(), *(Column(f"c{i}", String(3)) for i in range(300))),
    ),
    Case("tables that share an enum", nothing, moods("one", "two")),
    Case("a second table of an enum", moods("one"), moods("one", "two")),
    Case("a table of an enum less", moods("one", "two"), moods("one")),
    Case("the last table of an enum", moods("one"), nothing),
    Case("an enum moves to another table", moods("one"), moods("two")),
    Case(
        "an identity key",
        nothing,
        table("t", Column("id", Integer, sa.Identity(start=10), primary_key=True)),
        databases=on("postgresql"),
    ),
    Case(
        "tables in schemas",
        table("t", key()),
        lambda m: (
            Table("t", m, key()),
            Table(
                "u",
                m,
                key(),
                Column("t_id", ForeignKey("t.id")),
                Column("mood", sa.Enum("a", "b", name="mood", schema="other")),
                schema="other",
            ),
            Table("v", m, key(), Column("u_id", ForeignKey("other.u.id")), schema="third one"),
        ),
        databases=on("postgresql"),
        expected=("op.execute('CREATE SCHEMA \"third one\"')",),
    ),
    Case(
        "a change within a schema",
        lambda m: Table("t", m, key(), Column("x", Integer, index=True), schema="other"),
        lambda m: Table(
            "t",
            m,
            key(),
            Column("x", sa.BigInteger, unique=True, comment="x"),
            Column("t_id", ForeignKey("other.t.id")),
            CheckConstraint("x > 1", name="x_is_big"),
            schema="other",
        ),
        databases=on("postgresql"),
    ),
    Case(
        "a sequence",
        nothing,
        lambda m: (
            sa.Sequence("numbers", start=3, metadata=m),
            Table(
                "t",
                m,
                key(),
                Column("n", Integer, server_default=sa.Sequence("numbers").next_value()),
            ),
        ),
        databases=on("postgresql"),
    ),
    Case(
        "sqlite's own options",
        nothing,
        table("t", key(), sqlite_autoincrement=True),
        databases=on("sqlite"),
    ),
    Case(
        "mariadb's own options",
        nothing,
        table("t", key(), mariadb_engine="MyISAM", mariadb_charset="latin1"),
        databases=on("mariadb"),
    ),
)

CONSTRAINTS = (
    Case("add a unique constraint", parent_and_child(), parent_and_child(UniqueConstraint("code"))),
    Case(
        "add a named unique constraint",
        parent_and_child(),
        parent_and_child(UniqueConstraint("code", "more", name="code_once")),
    ),
    Case(
        "drop a unique constraint", parent_and_child(UniqueConstraint("code")), parent_and_child()
    ),
    Case(
        "change a unique constraint",
        parent_and_child(UniqueConstraint("code", name="u")),
        parent_and_child(UniqueConstraint("code", "more", name="u")),
    ),
    Case(
        "rename a unique constraint",
        parent_and_child(UniqueConstraint("code", name="u")),
        parent_and_child(UniqueConstraint("code", name="v")),
    ),
    Case(
        "a unique constraint that a foreign key needs",
        parent_and_child(
            UniqueConstraint("code", name="u"),
            child=(ForeignKeyConstraint(["parent_code"], ["parent.code"]),),
        ),
        parent_and_child(
            UniqueConstraint("code", name="v"),
            child=(ForeignKeyConstraint(["parent_code"], ["parent.code"]),),
        ),
    ),
    Case("add a foreign key", parent_and_child(), parent_and_child(child=(to_parent(),))),
    Case("drop a foreign key", parent_and_child(child=(to_parent(),)), parent_and_child()),
    Case(
        "change a foreign key",
        parent_and_child(child=(to_parent(),)),
        parent_and_child(child=(to_parent(ondelete="CASCADE"),)),
    ),
    Case(
        "rename a foreign key",
        parent_and_child(child=(to_parent(name="f"),)),
        parent_and_child(child=(to_parent(name="g", ondelete="CASCADE", onupdate="SET NULL"),)),
    ),
    Case(
        "a foreign key and its index",
        parent_and_child(),
        parent_and_child(child=(to_parent(), Index("by_parent", "parent_id"))),
    ),
    Case(
        "the index of a foreign key",
        parent_and_child(child=(to_parent(), Index("by_parent", "parent_id"))),
        parent_and_child(child=(to_parent(), Index("by_both", "parent_id", "position"))),
    ),
    Case(
        "the index of a foreign key goes",
        parent_and_child(child=(to_parent(), Index("by_parent", "parent_id"))),
        parent_and_child(child=(to_parent(),)),
        same_on=on("mariadb"),
        keeps_names_on=on("mariadb"),
    ),
    Case(
        "a deferrable foreign key",
        parent_and_child(child=(to_parent(),)),
        parent_and_child(child=(to_parent(deferrable=True, initially="DEFERRED"),)),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "a table goes that others refer to",
        parent_and_child(child=(to_parent(),)),
        table(
            "child",
            key(),
            Column("parent_id", Integer),
            Column("parent_code", String(10)),
            Column("position", Integer),
        ),
    ),
    Case(
        "the type of a key and of what refers to it",
        lambda m: (
            Table("p", m, Column("id", Integer, primary_key=True)),
            Table("c", m, key(), Column("p_id", Integer, ForeignKey("p.id"))),
        ),
        lambda m: (
            Table("p", m, Column("id", sa.BigInteger, primary_key=True)),
            Table("c", m, key(), Column("p_id", sa.BigInteger, ForeignKey("p.id"))),
        ),
    ),
    Case(
        "add a check",
        parent_and_child(),
        parent_and_child(CheckConstraint("code <> more", name="differs")),
    ),
    Case(
        "add checks without a name",
        parent_and_child(),
        parent_and_child(
            CheckConstraint("code <> more"),
            CheckConstraint(r"code <> '\:x'"),
            CheckConstraint("code <> '%'"),
        ),
    ),
    Case(
        "change a check",
        parent_and_child(CheckConstraint("length(code) > 1", name="c")),
        parent_and_child(CheckConstraint("length(code) > 2", name="c")),
    ),
    Case(
        "drop checks",
        parent_and_child(
            CheckConstraint("length(code) > 1"),
            CheckConstraint("code <> more"),
            CheckConstraint("more <> code"),
        ),
        parent_and_child(CheckConstraint("code <> more")),
    ),
    Case(
        "another primary key",
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, nullable=False),
        ),
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, primary_key=True, autoincrement=False),
        ),
    ),
    Case(
        "the other primary key",
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, primary_key=True, autoincrement=False),
            Column("b", Integer, nullable=False),
        ),
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, nullable=False),
            Column("b", Integer, primary_key=True, autoincrement=False),
        ),
    ),
    Case(
        "a primary key at last",
        lambda m: Table("t", m, Column("a", Integer, nullable=False)),
        lambda m: Table("t", m, Column("a", Integer, primary_key=True, autoincrement=False)),
    ),
    Case(
        "a primary key of another name",
        table("t", Column("a", Integer, autoincrement=False), PrimaryKeyConstraint("a", name="p")),
        table("t", Column("a", Integer, autoincrement=False), PrimaryKeyConstraint("a", name="q")),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "a counting key becomes a pair",
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, primary_key=True, autoincrement=True),
            Column("b", Integer, nullable=False),
        ),
        lambda m: Table(
            "t",
            m,
            Column("a", Integer, primary_key=True, autoincrement=True),
            Column("b", Integer, primary_key=True),
        ),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "an exclusion",
        table("t", key(), Column("r", postgresql.INT4RANGE)),
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(("r", "&&"), name="apart", using="gist"),
        ),
        databases=on("postgresql"),
    ),
    Case(
        "an exclusion goes",
        table(
            "t",
            key(),
            Column("r", postgresql.INT4RANGE),
            postgresql.ExcludeConstraint(
                ("r", "&&"), name="apart", using="gist", where=sa.text("id > 3")
            ),
        ),
        table("t", key(), Column("r", postgresql.INT4RANGE)),
        databases=on("postgresql"),
    ),
    Case(
        "a primary key that others refer to",
        lambda m: (
            Table(
                "p",
                m,
                Column("a", Integer, nullable=False, unique=True),
                Column("b", Integer, primary_key=True, autoincrement=False),
            ),
            Table("c", m, key(), Column("p_b", ForeignKey("p.b"))),
        ),
        lambda m: (
            Table(
                "p",
                m,
                Column("a", Integer, primary_key=True, autoincrement=False),
                Column("b", Integer, nullable=False, unique=True),
            ),
            Table("c", m, key(), Column("p_b", ForeignKey("p.b"))),
        ),
    ),
)

INDEXES = (
    Case("add an index", parent_and_child(), parent_and_child(Index("ix", "code"))),
    Case("drop an index", parent_and_child(Index("ix", "code")), parent_and_child()),
    Case(
        "change an index",
        parent_and_child(Index("ix", "code")),
        parent_and_child(Index("ix", "code", "more")),
    ),
    Case(
        "an index becomes unique",
        parent_and_child(Index("ix", "code")),
        parent_and_child(Index("ix", "code", unique=True)),
    ),
    Case(
        "rename an index",
        parent_and_child(Index("ix", "code")),
        parent_and_child(Index("iy", "code")),
    ),
    Case(
        "a descending index",
        nothing,
        lambda m: (t := Table("t", m, key(), Column("x", Integer)), Index("ix", t.c.x.desc())),
    ),
    Case(
        "an index over an expression",
        nothing,
        lambda m: (
            t := Table("t", m, key(), Column("x", String(9))),
            Index("ix", sa.func.lower(t.c.x)),
        ),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "another expression",
        lambda m: (
            t := Table("t", m, key(), Column("x", String(9))),
            Index("ix", sa.func.lower(t.c.x)),
        ),
        lambda m: (
            t := Table("t", m, key(), Column("x", String(9))),
            Index("ix", sa.func.upper(t.c.x), t.c.id.desc()),
        ),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "a partial index",
        table("t", key(), Column("x", Integer)),
        lambda m: (
            t := Table("t", m, key(), Column("x", Integer)),
            Index("ix", t.c.x, postgresql_where=t.c.x > 3, sqlite_where=t.c.x > 3),
        ),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "another partial index",
        lambda m: (
            t := Table("t", m, key(), Column("x", Integer)),
            Index("ix", t.c.x, postgresql_where=t.c.x > 3, sqlite_where=t.c.x > 3),
        ),
        lambda m: (
            t := Table("t", m, key(), Column("x", Integer)),
            Index("ix", t.c.x, postgresql_where=t.c.x > 4, sqlite_where=t.c.x > 4),
        ),
        databases=on("postgresql", "sqlite"),
    ),
    Case(
        "postgresql's own indexes",
        nothing,
        table(
            "t",
            key(),
            Column("x", postgresql.JSONB),
            Column("y", String(9)),
            Index("gin", "x", postgresql_using="gin"),
            Index("ops", "y", postgresql_ops={"y": "text_pattern_ops"}),
            Index("covering", "y", postgresql_include=["id"]),
            Index("packed", "y", postgresql_with={"fillfactor": 50}),
            Index("once", "y", unique=True, postgresql_nulls_not_distinct=True),
        ),
        databases=on("postgresql"),
    ),
    Case(
        "mariadb's own indexes",
        nothing,
        table(
            "t",
            key(),
            Column("x", sa.Text),
            Index("prefix", "x", mariadb_length=20),
            Index("words", "x", mariadb_prefix="FULLTEXT"),
        ),
        databases=on("mariadb"),
    ),
)

CONVENTIONS = (
    Case(
        "create by a convention",
        nothing,
        lambda m: (
            Table(
                "p",
                m,
                key(),
                Column("code", String(9), unique=True),
                Column("n", Integer, index=True),
            ),
            Table(
                "c",
                m,
                key(),
                Column("p_id", ForeignKey("p.id")),
                CheckConstraint("p_id > 0", name="positive"),
            ),
        ),
        convention=CONVENTION,
        expected=('op.f("ck_c_positive")', 'op.f("fk_c_p_id_p")'),
    ),
    Case(
        "change by a convention",
        parent_and_child(CheckConstraint("length(code) > 1", name="code")),
        parent_and_child(
            UniqueConstraint("code"),
            child=(to_parent(), CheckConstraint("position > 1", name="position")),
        ),
        convention=CONVENTION,
    ),
    Case(
        "an enum by a convention",
        nothing,
        table(
            "t",
            key(),
            Column("e", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="e")),
        ),
        convention=CONVENTION,
    ),
    Case(
        "a long name by a convention",
        nothing,
        table("t" * 40, key(), Column("x" * 40, Integer, unique=True)),
        convention=CONVENTION,
    ),
)

CASES = (*TABLES, *CONSTRAINTS, *INDEXES, *CONVENTIONS)
