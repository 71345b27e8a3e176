"""Changes in which something else stands in the way."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import key, table
from tests.render import mytypes


def moody(*values: str) -> Build:
    """Two tables of one enum, with a condition and partial indexes over it."""

    def build(m: MetaData) -> None:
        mood = sa.Enum(*values, name="mood")
        first = Table(
            "first",
            m,
            key(),
            Column("mood", mood, server_default="a"),
            CheckConstraint("mood <> 'b'", name="not_b"),
        )
        Index("of_a", first.c.id, postgresql_where=sa.text("mood = 'a'"))
        Index("by_mood", first.c.mood)
        Table("second", m, key(), Column("mood", mood))

    return build


def judged(*values: str, check: str = "", where: str = "", other: bool = False) -> Build:
    """A table of an enum, with a condition and a partial index, and maybe another table."""

    def build(m: MetaData) -> None:
        mood = sa.Enum(*values, name="mood")
        columns = [key(), Column("n", Integer), Column("mood", mood, server_default="a")]
        conditions = [CheckConstraint(check, name="judged")] if check else []
        Table("t", m, *columns, *conditions)
        if where:
            Index("part", m.tables["t"].c.n, postgresql_where=sa.text(where))
        if other:
            Table(
                "other",
                m,
                key(),
                Column("mood", mood),
                CheckConstraint("mood <> 'b'"),
                Index("other_part", "id", postgresql_where=sa.text("mood <> 'b'")),
            )

    return build


def without_mood(m: MetaData) -> None:
    """The table without what is judged, in which another column keeps the type."""
    mood = sa.Enum("a", "c", name="mood")
    Table("t", m, key(), Column("n", Integer))
    Table("other", m, key(), Column("mood", mood))


def lower_index(type_: sa.types.TypeEngine[str]) -> Build:
    """A column with an index over an expression."""

    def build(m: MetaData) -> None:
        made = Table("t", m, key(), Column("x", type_))
        Index("ix", sa.func.lower(made.c.x))

    return build


def keyed(m: MetaData) -> None:
    """A parent whose column has another key than name."""
    Table("p", m, Column("Id", Integer, primary_key=True, key="ident"))


def keyed_child(m: MetaData) -> None:
    """The same, with a child."""
    keyed(m)
    Table(
        "c",
        m,
        key(),
        Column("P_id", Integer, ForeignKey("p.ident"), key="pid"),
        Index("by_p", "pid", "id"),
        sa.UniqueConstraint("pid", "id"),
    )


def pairs(m: MetaData) -> None:
    """A foreign key over two columns."""
    Table(
        "p",
        m,
        Column("a", Integer, primary_key=True),
        Column("b", Integer, primary_key=True),
    )
    Table(
        "c",
        m,
        key(),
        Column("pa", Integer),
        Column("pb", Integer),
        sa.ForeignKeyConstraint(["pa", "pb"], ["p.a", "p.b"], ondelete="CASCADE"),
    )


def referring_to(*parents: str) -> Build:
    """A child of the last of some parents."""

    def build(m: MetaData) -> None:
        for parent in parents:
            Table(parent, m, key())
        Table("c", m, key(), Column("r", ForeignKey(f"{parents[-1]}.id")))

    return build


def apart(*values: str) -> Build:
    """A table whose EXCLUDE constraint compares with a value, beside one that only names it."""

    def build(m: MetaData) -> None:
        Table(
            "t",
            m,
            key(),
            Column("m", sa.Enum(*values, name="mood")),
            Column("n", Integer),
            ExcludeConstraint(("n", "="), name="t_n", using="btree", where=sa.text("m <> 'a'")),
            ExcludeConstraint(("m", "="), name="t_m", using="btree"),
            Index("of_n", "n", postgresql_where=sa.text("n > 0")),
        )

    return build


def computing(*values: str, more: bool = False) -> Build:
    """A table with columns that are computed from one of a type, and what hangs on them."""

    def build(m: MetaData) -> None:
        Table(
            "t",
            m,
            key(),
            Column("m", sa.Enum(*values, name="mood"), server_default="a"),
            Column("is_a", sa.Boolean, sa.Computed("m = 'a'", persisted=True)),
            Column("n", Integer),
            *([] if more else [Column("not_a", sa.Boolean, sa.Computed("m <> 'a'"))]),
            Column("twice", Integer, sa.Computed("n * 2", persisted=True)),
            CheckConstraint("is_a OR n > 0", name="t_is_a"),
            CheckConstraint("twice > 0", name="t_twice"),
            Index("of_is_a", "is_a", "n"),
            sa.UniqueConstraint("is_a", "twice", name="t_unique"),
        )

    return build


def stored(build: Build) -> Build:
    """The same with every computed column stored, as PostgreSQL has them before version 18."""

    def wrapped(m: MetaData) -> None:
        build(m)
        for column in m.tables["t"].columns:
            if column.computed is not None:
                column.computed.persisted = True

    return wrapped


CASES = (
    Case(
        "a value less beside computed columns",
        stored(computing("a", "b")),
        stored(computing("a", "c")),
        on("postgresql"),
    ),
    Case(
        "a value less while a computed column goes",
        stored(computing("a", "b")),
        stored(computing("a", "c", more=True)),
        on("postgresql"),
    ),
    Case(
        "a value less beside an exclude constraint",
        apart("a", "b"),
        apart("a", "c"),
        on("postgresql"),
    ),
    Case(
        "a value less that others compare with",
        moody("a", "b", "c"),
        moody("b", "a"),
        on("postgresql"),
    ),
    Case(
        "a value less beside a changed partial index",
        judged("a", "b", where="n > 0 AND mood <> 'b'"),
        judged("a", "c", where="n > 1"),
        on("postgresql"),
    ),
    Case(
        "a value less beside a changed check",
        judged("a", "b", check="mood <> 'b'"),
        judged("a", "c", check="mood <> 'c'"),
        on("postgresql"),
    ),
    Case(
        "a value less beside a removed check",
        judged("a", "b", check="mood <> 'b'", where="mood = 'b'"),
        judged("a", "c"),
        on("postgresql"),
    ),
    Case(
        "a value less beside a dropped table",
        judged("a", "b", other=True),
        judged("a", "c"),
        on("postgresql"),
    ),
    Case(
        "a value less beside a dropped column",
        judged("a", "b", check="mood <> 'b'", where="mood = 'b'", other=True),
        without_mood,
        on("postgresql"),
    ),
    Case(
        "the type of an indexed expression",
        lower_index(String(9)),
        lower_index(sa.Text()),
        on("postgresql", "sqlite"),
    ),
    Case("keys that are no names", keyed, keyed_child),
    Case("a foreign key over two columns", nothing, pairs),
    Case("a foreign key to another table", referring_to("p", "q"), referring_to("q")),
    Case(
        "names that need quotes",
        nothing,
        table(
            "Order Items",
            Column("a b", Integer, primary_key=True),
            Column("C%d", String(5), index=True, server_default="%s"),
            Column('q"t', Integer),
        ),
    ),
    Case(
        "types of an application",
        nothing,
        table(
            "t",
            key(),
            Column("m", mytypes.Money(10, 2)),
            Column("f", mytypes.Fixed()),
            Column("p", mytypes.Lost("abc")),
        ),
    ),
    Case(
        "a key that counts at last",
        table("t", Column("id", Integer, primary_key=True, autoincrement=False)),
        table("t", key()),
        same_on=on("sqlite"),
    ),
    Case(
        "a new key that counts",
        table("t", Column("a", Integer)),
        table("t", Column("a", Integer), key()),
        on("postgresql", "mariadb"),
    ),
    Case(
        "a big key that counts",
        table("t", key()),
        table("t", Column("id", sa.BigInteger().with_variant(Integer, "sqlite"), primary_key=True)),
        same_on=on("sqlite"),
    ),
    Case(
        "a computed column becomes plain",
        table(
            "t",
            key(),
            Column("n", Integer),
            Column("u", Integer, sa.Computed("n + 1", persisted=True)),
        ),
        table("t", key(), Column("n", Integer), Column("u", Integer)),
    ),
    Case(
        "another engine",
        table("t", key(), mariadb_engine="InnoDB"),
        table("t", key(), Column("x", Integer), mariadb_engine="MyISAM"),
        on("mariadb"),
    ),
)
