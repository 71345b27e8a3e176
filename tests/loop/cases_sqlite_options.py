"""Options that a table of SQLite has from its beginning: it is copied to get others."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table

from tests.loop.case import Build, Case, on
from tests.loop.cases_tables import CONVENTION, key, table

SQLITE = on("sqlite")


def texts(**options: object) -> Build:
    """A table of columns that a strict table may have."""
    return table("t", key(), Column("a", sa.Text, index=True), Column("n", Integer), **options)


def keyed(*names: str, **options: object) -> Build:
    """A table of some integers with a key of some of them."""
    columns = (
        Column(name, Integer, primary_key=name in names, nullable=False) for name in ("m", "n")
    )
    return table("t", *columns, Column("a", sa.Text), **options)


def referred(**options: object) -> Build:
    """A table that another one refers to, with a name of its own for the key."""

    def build(m: MetaData) -> None:
        ident = Column("id", Integer)
        Table("p", m, ident, sa.PrimaryKeyConstraint("id", name="key_of_p"), **options)
        Table("c", m, key(), Column("p_id", ForeignKey("p.id"), index=True))

    return build


CASES: tuple[Case, ...] = (
    Case(
        "a table becomes strict",
        texts(),
        texts(sqlite_strict=True),
        SQLITE,
        expected=("recreate=", 'table_kwargs={"sqlite_strict": True}', '{"sqlite_strict": False}'),
    ),
    Case("a table is strict no more", texts(sqlite_strict=True), texts(), SQLITE),
    Case(
        "a table becomes strict with its types",
        table("t", key(), Column("a", String(9)), Column("b", sa.Boolean)),
        table("t", key(), Column("a", sa.Text), Column("b", Integer), sqlite_strict=True),
        SQLITE,
    ),
    Case(
        "a table is strict no more with its types",
        table("t", key(), Column("a", sa.Text), Index("by_a", "a"), sqlite_strict=True),
        table("t", key(), Column("a", String(9)), Column("b", sa.Date), Index("by_b", "b")),
        SQLITE,
    ),
    Case("rowids are given once", texts(), texts(sqlite_autoincrement=True), SQLITE),
    Case(
        "rowids are given again",
        texts(sqlite_autoincrement=True),
        texts(),
        SQLITE,
        keeps_names_on=SQLITE,
    ),
    Case(
        "rowids are given once by a named key",
        texts(),
        texts(sqlite_autoincrement=True),
        SQLITE,
        convention=CONVENTION,
    ),
    Case(
        "a table that others refer to gets other options",
        referred(),
        referred(sqlite_autoincrement=True, sqlite_strict=True),
        SQLITE,
    ),
    Case("a table goes without rowids", texts(), texts(sqlite_with_rowid=False), SQLITE),
    Case("a table gets rowids", texts(sqlite_with_rowid=False), texts(), SQLITE),
    Case(
        "rowids that are given once go",
        texts(sqlite_autoincrement=True),
        texts(sqlite_with_rowid=False),
        SQLITE,
        keeps_names_on=SQLITE,
    ),
    Case(
        "a strict table gets rowids that are given once",
        texts(sqlite_with_rowid=False, sqlite_strict=True),
        texts(sqlite_autoincrement=True),
        SQLITE,
    ),
    Case(
        "another key without rowids",
        keyed("m", sqlite_with_rowid=False),
        keyed("m", "n", sqlite_with_rowid=False),
        SQLITE,
    ),
    Case(
        "another key with rowids that are given once",
        keyed("m", sqlite_autoincrement=True),
        keyed("n", sqlite_autoincrement=True),
        SQLITE,
    ),
    Case("a key, and no rowids", keyed(), keyed("n", sqlite_with_rowid=False), SQLITE),
    Case(
        "the key of a table without rowids gets another type",
        table("t", key(), Column("a", sa.Text), sqlite_with_rowid=False),
        table(
            "t",
            Column("id", sa.Text, primary_key=True),
            Column("a", sa.Text),
            sqlite_with_rowid=False,
        ),
        SQLITE,
    ),
    Case(
        "rowids that are given once are left to an old key",
        keyed("m", "n"),
        keyed("m", sqlite_autoincrement=True),
        SQLITE,
    ),
)
