"""Every form of indexes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, MetaData, String, Table
from sqlalchemy.dialects import postgresql

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import key

PG = on("postgresql")


def indexed(*names: str, schema: str | None = None) -> Build:
    """A table with some of the indexes that are known by name."""

    def build(m: MetaData) -> None:
        t = Table(
            "t",
            m,
            key(),
            Column("a", Integer),
            Column("b", String(20)),
            Column("c", String(20)),
            Column("j", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
            schema=schema,
        )
        for name in names:
            FORMS[name](t, f"ix_{name.rstrip('0123456789')}")

    return build


FORMS = {
    "one": lambda t, n: Index(n, t.c.a),
    "one2": lambda t, n: Index(n, t.c.b),
    "two": lambda t, n: Index(n, t.c.a, t.c.b),
    "two2": lambda t, n: Index(n, t.c.b, t.c.a),
    "two3": lambda t, n: Index(n, t.c.a, t.c.b, unique=True),
    "down": lambda t, n: Index(n, t.c.a.desc(), t.c.b),
    "down2": lambda t, n: Index(n, t.c.a, t.c.b.desc()),
    "down3": lambda t, n: Index(n, t.c.a, t.c.b),
    "nulls": lambda t, n: Index(n, t.c.a.desc().nulls_last(), t.c.b.nulls_first()),
    "nulls2": lambda t, n: Index(n, t.c.a.desc(), t.c.b.asc()),
    "expr": lambda t, n: Index(n, sa.func.lower(t.c.b), t.c.a + 1),
    "expr2": lambda t, n: Index(n, sa.func.lower(t.c.b).desc(), unique=True),
    "expr3": lambda t, n: Index(n, sa.text("lower(b)"), sa.text("upper(c) DESC")),
    "part": lambda t, n: Index(n, t.c.a, postgresql_where=t.c.b == "x", sqlite_where=t.c.b == "x"),
    "part2": lambda t, n: Index(
        n, t.c.a, postgresql_where=t.c.b.in_(["x", "y:z"]), sqlite_where=t.c.b.in_(["x", "y:z"])
    ),
    "part3": lambda t, n: Index(
        n,
        t.c.a,
        postgresql_where=sa.text("b IS NOT NULL AND a > 0"),
        sqlite_where=sa.text("b IS NOT NULL AND a > 0"),
        unique=True,
    ),
    "part4": lambda t, n: Index(n, t.c.a),
    "hash": lambda t, n: Index(n, t.c.a, postgresql_using="hash"),
    "hash2": lambda t, n: Index(n, t.c.a, postgresql_using="btree"),
    "hash3": lambda t, n: Index(
        n, t.c.a, postgresql_using="brin", postgresql_with={"pages_per_range": 16}
    ),
    "gin": lambda t, n: Index(n, t.c.j, postgresql_using="gin"),
    "gin2": lambda t, n: Index(
        n, t.c.j, postgresql_using="gin", postgresql_ops={"j": "jsonb_path_ops"}
    ),
    "gin3": lambda t, n: Index(
        n, t.c.j, postgresql_using="gin", postgresql_with={"fastupdate": False}
    ),
    "gin4": lambda t, n: Index(n, sa.text("(j -> 'tags')"), postgresql_using="gin"),
    "ops": lambda t, n: Index(n, t.c.b, t.c.c, postgresql_ops={"b": "text_pattern_ops"}),
    "ops2": lambda t, n: Index(n, t.c.b, t.c.c),
    "ops3": lambda t, n: Index(
        n, sa.func.lower(t.c.b).label("low"), postgresql_ops={"low": "text_pattern_ops"}
    ),
    "ops4": lambda t, n: Index(n, t.c.b.desc(), postgresql_ops={"b": "varchar_pattern_ops"}),
    "incl": lambda t, n: Index(n, t.c.a, postgresql_include=["b"]),
    "incl2": lambda t, n: Index(n, t.c.a, postgresql_include=["b", "c"]),
    "incl3": lambda t, n: Index(n, t.c.a, unique=True, postgresql_include=["c"]),
    "with": lambda t, n: Index(n, t.c.a, postgresql_with={"fillfactor": 50}),
    "with2": lambda t, n: Index(
        n, t.c.a, postgresql_with={"fillfactor": 60, "deduplicate_items": "off"}
    ),
    "with3": lambda t, n: Index(n, t.c.a),
    "nnd": lambda t, n: Index(n, t.c.a, unique=True, postgresql_nulls_not_distinct=True),
    "nnd2": lambda t, n: Index(n, t.c.a, unique=True),
    "coll": lambda t, n: Index(n, sa.collate(t.c.b, "C")),
    "coll2": lambda t, n: Index(n, sa.collate(t.c.b, "POSIX").desc()),
    "coll3": lambda t, n: Index(n, t.c.b),
    "nocase": lambda t, n: Index(n, sa.collate(t.c.b, "NOCASE")),
    "nocase2": lambda t, n: Index(n, sa.collate(t.c.b, "RTRIM")),
    "json": lambda t, n: Index(n, sa.text("(j ->> 'name')"), sa.text("((a + 1)) DESC NULLS LAST")),
    "len": lambda t, n: Index(n, t.c.b, mariadb_length=5),
    "len2": lambda t, n: Index(n, t.c.b, t.c.c, mariadb_length={"b": 5, "c": 7}),
    "len3": lambda t, n: Index(n, t.c.b),
    "full": lambda t, n: Index(n, t.c.b, t.c.c, mariadb_prefix="FULLTEXT"),
    "full2": lambda t, n: Index(n, t.c.b, mariadb_prefix="FULLTEXT"),
    "full3": lambda t, n: Index(n, t.c.b),
    "btree": lambda t, n: Index(n, t.c.a, mariadb_using="btree"),
    "btree2": lambda t, n: Index(n, t.c.a),
}

PAIRS = (
    ("", "one two down"),
    ("one two down", ""),
    ("one", "one2"),
    ("two", "two2"),
    ("two2", "two3"),
    ("down", "down2"),
    ("down2", "down3"),
)
LITE_PAIRS = (
    ("", "expr part"),
    ("expr part", ""),
    ("expr", "expr2"),
    ("expr2", "expr3"),
    ("part", "part2"),
    ("part2", "part3"),
    ("part3", "part4"),
)
POSTGRESQL_PAIRS = (
    ("", "hash3 gin gin4 ops incl with nnd coll nulls json"),
    ("hash3 gin gin4 ops incl with nnd coll nulls json", ""),
    ("nulls", "nulls2"),
    ("hash", "hash2"),
    ("hash2", "hash3"),
    ("gin", "gin2"),
    ("gin2", "gin3"),
    ("gin3", "gin4"),
    ("ops", "ops2"),
    ("ops", "ops3"),
    ("ops3", "ops4"),
    ("incl", "incl2"),
    ("incl2", "incl3"),
    ("with", "with2"),
    ("with", "with3"),
    ("nnd", "nnd2"),
    ("coll", "coll2"),
    ("coll", "coll3"),
)
MARIADB_PAIRS = (
    ("", "len full btree"),
    ("len", "len2"),
    ("len", "len3"),
    ("full", "full2"),
    ("full2", "full3"),
)


def _cases(pairs: tuple[tuple[str, str], ...], *databases: str) -> list[Case]:
    where = on(*databases)
    return [
        Case(
            f"indexes: {before or 'none'} to {after or 'none'}",
            indexed(*before.split()),
            indexed(*after.split()),
            where,
        )
        for before, after in pairs
    ]


def with_geometry(*, more: bool) -> Build:
    """A table with a SPATIAL index."""

    def build(m: MetaData) -> None:
        t = Table("g", m, key(), Column("p", Point(), nullable=False))
        if more:
            Index("where_it_is", t.c.p, mariadb_prefix="SPATIAL")

    return build


class Point(sa.types.UserDefinedType[object]):
    """MySQL's POINT, for which SQLAlchemy has no class."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        """The type as DDL spells it."""
        return "POINT"


CASES = (
    *_cases(PAIRS),
    *_cases(LITE_PAIRS, "sqlite", "postgresql"),
    *_cases(POSTGRESQL_PAIRS, "postgresql"),
    *_cases(MARIADB_PAIRS, "mariadb"),
    *_cases((("nocase", "nocase2"), ("", "nocase")), "sqlite"),
    Case("a spatial index", with_geometry(more=False), with_geometry(more=True), on("mariadb")),
    Case("a spatial index goes", with_geometry(more=True), nothing, on("mariadb")),
    Case(
        "indexes in a schema",
        indexed("one", schema="other"),
        indexed("one2", "expr", "part", schema="other"),
        PG,
    ),
)
