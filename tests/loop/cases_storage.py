"""Options of whole tables: how they are stored, and of what they are a part."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import key, table

PG = on("postgresql")


def plain(**options: object) -> Build:
    """A table with options."""
    return table("t", key(), Column("a", Integer), Column("b", String(9)), **options)


def parted(by: str = "RANGE (day)", *more: Column[object]) -> Build:
    """A partitioned table."""
    return table(
        "t",
        Column("id", Integer, nullable=False),
        Column("day", sa.Date, nullable=False),
        *more,
        Index("by_day", "day"),
        postgresql_partition_by=by,
    )


def family(
    *more: Column[object], child: bool = True, own: tuple[Column[object], ...] = ()
) -> Build:
    """A parent, and a table that inherits from it and comes before it in the alphabet."""

    def build(m: MetaData) -> None:
        Table("parent", m, key(), Column("a", Integer), *(c._copy() for c in more))
        if child:
            mine = [Column("b", Integer), *(c._copy() for c in own)]
            Table("child", m, *mine, postgresql_inherits="parent")

    return build


def family_of_schemas(schema: str) -> Build:
    """Two parents of one name, and a table that inherits from the one in another schema."""
    word = schema if schema.islower() else f'"{schema}"'

    def build(m: MetaData) -> None:
        for where in (None, schema):
            Table("parent", m, key(), Column("a", Integer), schema=where)
        named = sa.quoted_name(f"{word}.parent", quote=False)
        Table("child", m, Column("b", Integer), postgresql_inherits=named)

    return build


POSTGRESQL = (
    Case("storage parameters", plain(), plain(postgresql_with={"fillfactor": 70}), PG),
    Case(
        "other storage parameters",
        plain(postgresql_with={"fillfactor": 70, "autovacuum_enabled": False}),
        plain(postgresql_with={"fillfactor": 60, "autovacuum_enabled": False}),
        PG,
    ),
    Case(
        "a table with storage parameters goes",
        plain(postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.1}),
        nothing,
        PG,
    ),
    Case("a table is unlogged", plain(), plain(prefixes=["UNLOGGED"]), PG),
    Case("a table is logged again", plain(prefixes=["UNLOGGED"]), plain(), PG),
    Case("an unlogged table goes", plain(prefixes=["UNLOGGED"]), nothing, PG),
    Case("the usual access method", nothing, plain(postgresql_using="heap"), PG),
    Case("a partitioned table", nothing, parted(), PG),
    Case(
        "a partitioned table by an expression",
        nothing,
        parted("LIST ( lower( name ) )", Column("name", String(9))),
        PG,
    ),
    Case("a partitioned table goes", parted("HASH (id)"), nothing, PG),
    Case(
        "a change of a partitioned table",
        parted("range (day)"),
        parted("RANGE(day)", Column("more", Integer, index=True)),
        PG,
    ),
    Case(
        "a partitioned table with a key",
        nothing,
        table(
            "t",
            Column("id", Integer, primary_key=True),
            Column("day", sa.Date, primary_key=True),
            postgresql_partition_by="RANGE (day)",
        ),
        PG,
    ),
    Case("a table inherits", nothing, family(), PG),
    Case(
        "a table inherits from one in another schema",
        nothing,
        family_of_schemas("other"),
        PG,
        expected=('sa.quoted_name("other.parent", quote=False)',),
    ),
    Case(
        "a table inherits from one in a schema of an odd name",
        nothing,
        family_of_schemas("Of Others"),
        PG,
    ),
    Case("an inheriting table comes", family(child=False), family(), PG),
    Case("a parent gets a column", family(), family(Column("c", Integer, server_default="1")), PG),
    Case("a parent loses a column", family(Column("c", Integer)), family(), PG),
    Case("a child gets a column", family(), family(own=(Column("c", Integer, index=True),)), PG),
    Case(
        "a parent's column gets another type",
        family(Column("c", Integer)),
        family(Column("c", sa.BigInteger, nullable=False)),
        PG,
    ),
    Case("a family goes", family(), nothing, PG),
)

MARIADB = (
    Case(
        "other partitions",
        plain(mariadb_partition_by="HASH(id)", mariadb_partitions="4"),
        plain(
            mariadb_partition_by="RANGE (id) (PARTITION p0 VALUES LESS THAN (10), "
            "PARTITION p1 VALUES LESS THAN MAXVALUE)"
        ),
        on("mariadb"),
    ),
    Case(
        "a table in partitions goes",
        plain(mariadb_partition_by="LIST (id) (PARTITION p0 VALUES IN (1, 2))"),
        nothing,
        on("mariadb"),
    ),
    Case(
        "another character set beside columns with one of their own",
        table(
            "t",
            key(),
            Column("a", String(9)),
            Column("b", mysql.VARCHAR(9, charset="utf8mb3")),
            mariadb_charset="utf8mb4",
        ),
        table(
            "t",
            key(),
            Column("a", String(9)),
            Column("b", mysql.VARCHAR(9, charset="utf8mb3")),
            mariadb_charset="latin1",
        ),
        on("mariadb"),
    ),
    Case(
        "another storage engine",
        plain(mariadb_engine="InnoDB"),
        plain(mariadb_engine="MyISAM"),
        on("mariadb"),
    ),
    Case(
        "another row format",
        plain(mariadb_row_format="DYNAMIC"),
        plain(mariadb_row_format="COMPACT"),
        on("mariadb"),
    ),
    Case(
        "another character set",
        plain(mariadb_charset="utf8mb4"),
        plain(mariadb_charset="latin1"),
        on("mariadb"),
    ),
    Case(
        "another default character set",
        plain(mariadb_default_charset="utf8mb4"),
        plain(mariadb_default_charset="utf8mb3", mariadb_collate="utf8mb3_bin"),
        on("mariadb"),
    ),
    Case(
        "another collation",
        plain(mariadb_collate="utf8mb4_general_ci"),
        plain(mariadb_collate="utf8mb4_bin"),
        on("mariadb"),
    ),
    Case(
        "options of new tables",
        nothing,
        plain(
            mariadb_engine="Aria",
            mariadb_charset="latin1",
            mariadb_collate="latin1_bin",
            mariadb_row_format="PAGE",
            comment="it's",
        ),
        on("mariadb"),
    ),
    Case(
        "a table with options goes",
        plain(mariadb_engine="MyISAM", mariadb_charset="latin1", mariadb_row_format="FIXED"),
        nothing,
        on("mariadb"),
    ),
    Case(
        "a table in partitions",
        nothing,
        plain(mariadb_partition_by="HASH(id)", mariadb_partitions="4"),
        on("mariadb"),
    ),
    Case(
        "the counter of a table is not compared",
        plain(),
        plain(mariadb_auto_increment="100"),
        on("mariadb"),
        same_on=on("mariadb"),
    ),
)

SQLITE = (
    Case(
        "a strict table",
        nothing,
        table("t", key(), Column("a", sa.Text), sqlite_strict=True),
        on("sqlite"),
    ),
    Case(
        "a table without rowids",
        nothing,
        table("t", Column("a", String(9), primary_key=True), sqlite_with_rowid=False),
        on("sqlite"),
    ),
    Case(
        "a table with options of sqlite goes",
        table("t", key(), Column("a", sa.Text), sqlite_strict=True),
        nothing,
        on("sqlite"),
    ),
    Case(
        "a change of a strict table",
        table("t", key(), Column("a", sa.Text), sqlite_strict=True, sqlite_autoincrement=True),
        table(
            "t",
            key(),
            Column("a", sa.Text, nullable=False, server_default="x"),
            Column("b", sa.Text),
            sqlite_strict=True,
            sqlite_autoincrement=True,
        ),
        on("sqlite"),
    ),
)

NAMES = (
    Case(
        "names of sixty-three letters",
        nothing,
        table(
            "t" * 63,
            Column("c" * 63, Integer, primary_key=True),
            Column("d" * 60, Integer, unique=True),
            Column("e" * 63, ForeignKey("t" * 63 + "." + "c" * 63)),
            CheckConstraint("1 = 1"),
            Index("i" * 63, "d" * 60),
        ),
        on("sqlite", "postgresql"),
    ),
    Case(
        "names in other alphabets",
        nothing,
        table(
            "größe",
            Column("schlüssel", Integer, primary_key=True),
            Column("名前", String(9), index=True),
            Column("Πλάτος", Integer, unique=True),
        ),
    ),
    Case(
        "names with quotes and percent signs",
        nothing,
        table(
            "a b",
            key(),
            Column("c'd", Integer),
            Column("e%f", Integer, server_default="3"),
            Column("g:h", String(9), index=True),
            Column("i`j", Integer),
            Column("k$l", Integer),
        ),
    ),
    Case(
        "names in upper case",
        table("Users", Column("Id", Integer, primary_key=True)),
        table(
            "Users",
            Column("Id", Integer, primary_key=True),
            Column("NAME", String(9)),
            Column("Ref", ForeignKey("Users.Id")),
            Index("IX_Name", "NAME"),
        ),
    ),
)

CASES = (*POSTGRESQL, *MARIADB, *SQLITE, *NAMES)
