"""What a database has and no model can say: made by statements, then compared with models."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, String, Table

from tests.loop.case import Build, is_among, nothing, on

PG = on("postgresql")


@dataclass(frozen=True)
class Found:
    """A database as it was found.

    :param name: what is particular about it.
    :param databases: where it can be so.
    :param statements: what makes it so.
    :param models: what the models say.
    :param differs: whether that is a difference.
    :param expected: parts of the revision's text that must be there.
    """

    name: str
    databases: frozenset[str]
    statements: tuple[str, ...]
    models: Build
    differs: bool = False
    expected: tuple[str, ...] = ()

    def runs_on(self, database: str) -> bool:
        """Whether it can be found on a database."""
        return is_among(database, self.databases)


def table(*items: sa.schema.SchemaItem, **options: object) -> Build:
    """A table of a key, a number and whatever else."""

    def build(m: MetaData) -> None:
        key = Column("id", Integer, primary_key=True, autoincrement=False)
        Table("t", m, key, Column("a", Integer), *items, **options)

    return build


def child(m: MetaData) -> None:
    """A table that refers to itself."""
    Table(
        "t",
        m,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("a", Integer, ForeignKey("t.id", name="f")),
        CheckConstraint("a > 0", name="c"),
    )


T = "CREATE TABLE t (id integer PRIMARY KEY, a integer)"
PARTED = "CREATE TABLE t (id integer NOT NULL, a integer) PARTITION BY RANGE (id)"


def parted(m: MetaData) -> None:
    """A partitioned table."""
    Table(
        "t",
        m,
        Column("id", Integer, nullable=False),
        Column("a", Integer, index=True),
        postgresql_partition_by="RANGE (id)",
    )


FOUND = (
    Found(
        "partitions",
        PG,
        (
            PARTED,
            "CREATE INDEX ix_t_a ON t (a)",
            "CREATE TABLE t_low PARTITION OF t FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE t_more PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY LIST (a)",
            "CREATE TABLE t_one PARTITION OF t_more FOR VALUES IN (1)",
            "CREATE INDEX own ON t_low (id)",
        ),
        parted,
    ),
    Found(
        "children of a table",
        PG,
        (
            T,
            "CREATE TABLE t_old (more text) INHERITS (t)",
            "CREATE INDEX own ON t_old (more)",
        ),
        table(),
    ),
    Found(
        "a family without models goes together",
        PG,
        (
            T,
            "CREATE TABLE t_old (more text) INHERITS (t)",
        ),
        nothing,
        differs=True,
    ),
    Found(
        "tables, types and sequences of extensions",
        PG,
        (
            T,
            "CREATE EXTENSION citext",
            "CREATE EXTENSION hstore",
        ),
        table(),
    ),
    Found(
        "constraints that are not valid",
        PG,
        (
            T,
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (id) NOT VALID",
        ),
        child,
        differs=True,
        expected=("VALIDATE CONSTRAINT c", "VALIDATE CONSTRAINT f"),
    ),
    Found(
        "constraints that are not enforced",
        on("postgresql18"),
        (
            T,
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED",
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t (id) NOT ENFORCED",
        ),
        child,
        differs=True,
    ),
    Found(
        "a check that is not inherited",
        PG,
        (
            T,
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT",
        ),
        table(CheckConstraint("a > 0", name="c")),
        differs=True,
    ),
    Found(
        "checks of a table that goes",
        PG,
        (
            T,
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT",
            "ALTER TABLE t ADD CONSTRAINT d CHECK (a > 1)",
        ),
        nothing,
        differs=True,
    ),
    Found(
        "storage that an administrator tuned",
        PG,
        (
            T,
            "ALTER TABLE t SET (autovacuum_enabled=false, fillfactor=70)",
        ),
        table(),
    ),
    Found(
        "storage of which the models say a part",
        PG,
        (
            T,
            "ALTER TABLE t SET (autovacuum_enabled=false, fillfactor=70)",
        ),
        table(postgresql_with={"fillfactor": 80}),
        differs=True,
    ),
    Found(
        "a sequence of another name",
        PG,
        (
            "CREATE SEQUENCE own AS integer",
            "CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('own'))",
            "ALTER SEQUENCE own OWNED BY t.id",
        ),
        lambda m: Table("t", m, Column("id", sa.BigInteger, primary_key=True)),
        differs=True,
    ),
    Found(
        "a sequence that ends before its column",
        PG,
        (
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "ALTER TABLE t ALTER id TYPE bigint",
        ),
        lambda m: Table("t", m, Column("id", sa.BigInteger, primary_key=True)),
        differs=True,
        expected=(
            'op.execute("ALTER SEQUENCE t_id_seq AS bigint")',
            'op.execute("ALTER SEQUENCE t_id_seq AS integer")',
        ),
    ),
    Found(
        "a sequence that goes further than its column",
        PG,
        (
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "ALTER SEQUENCE t_id_seq AS bigint",
        ),
        lambda m: Table("t", m, Column("id", Integer, primary_key=True)),
    ),
    Found(
        "a sequence that goes further than its column grows in",
        PG,
        (
            "CREATE TABLE t (id smallserial PRIMARY KEY)",
            "ALTER SEQUENCE t_id_seq AS bigint",
        ),
        lambda m: Table("t", m, Column("id", Integer, primary_key=True)),
        differs=True,
    ),
    Found(
        "a sequence that ended before a column that counts no more",
        PG,
        (
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "ALTER TABLE t ALTER id TYPE bigint",
        ),
        lambda m: Table("t", m, Column("id", sa.BigInteger, primary_key=True, autoincrement=False)),
        differs=True,
    ),
    Found(
        "a table goes with a sequence that ends before its column",
        PG,
        (
            "CREATE TABLE t (id serial PRIMARY KEY)",
            "ALTER TABLE t ALTER id TYPE bigint",
        ),
        nothing,
        differs=True,
    ),
    Found(
        "an identity of another type than a key that counts",
        PG,
        ("CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1))",),
        lambda m: Table("t", m, Column("id", sa.SmallInteger, primary_key=True)),
        differs=True,
    ),
    Found(
        "columns of unknown types",
        PG,
        (
            "CREATE TYPE pair AS (a integer, b text)",
            "CREATE TABLE t (id integer PRIMARY KEY, a integer, p point, q pair, r pair[], x xml)",
        ),
        table(),
        differs=True,
    ),
    Found(
        "columns of unknown types of mariadb",
        on("mariadb"),
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a integer, p point NOT NULL, u uuid, i inet6,"
            " SPATIAL INDEX s (p))",
        ),
        table(),
        differs=True,
    ),
    Found(
        "a table in partitions of which no model speaks",
        on("mariadb"),
        (T + " ENGINE=InnoDB ROW_FORMAT=COMPRESSED PARTITION BY HASH (id) PARTITIONS 3",),
        table(),
    ),
    Found(
        "columns in other spellings of sqlite",
        on("sqlite"),
        (
            'CREATE TABLE t (id INT PRIMARY KEY, "a" integer, b Money(3,4), c,'
            " d geometry COLLATE rtrim)",
        ),
        table(),
        differs=True,
    ),
    Found(
        "odd tables of sqlite go",
        on("sqlite"),
        (
            "CREATE TABLE s (k ANY PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a UNIQUE ON CONFLICT REPLACE)",
        ),
        nothing,
        differs=True,
    ),
    Found(
        "a default schema that is named",
        PG,
        (
            T,
            "CREATE TABLE c (id integer PRIMARY KEY,"
            " t_id integer CONSTRAINT c_t_id_fkey REFERENCES t (id))",
        ),
        lambda m: (
            table(schema="public")(m),
            Table(
                "c",
                m,
                Column("id", Integer, primary_key=True, autoincrement=False),
                Column("t_id", ForeignKey("public.t.id")),
                schema="public",
            ),
        ),
    ),
    Found(
        "defaults in other words",
        PG,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 0, b boolean DEFAULT 'f',"
            " c timestamptz DEFAULT CURRENT_TIMESTAMP, d numeric(5,2) DEFAULT '0', e text DEFAULT"
            " 'x'::text, f varchar(9) DEFAULT 'y'::character varying, g jsonb DEFAULT '{}'::jsonb,"
            " h date DEFAULT '2020-01-01'::date, i interval DEFAULT '1 day'::interval,"
            " j text[] DEFAULT '{}'::text[], k uuid DEFAULT gen_random_uuid(),"
            " l real DEFAULT 1.50)",
        ),
        lambda m: Table(
            "t",
            m,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("a", Integer, server_default="0"),
            Column("b", sa.Boolean, server_default="false"),
            Column("c", sa.DateTime(True), server_default=sa.func.now()),
            Column("d", sa.Numeric(5, 2), server_default="0.0"),
            Column("e", sa.Text, server_default="x"),
            Column("f", String(9), server_default="y"),
            Column("g", sa.dialects.postgresql.JSONB, server_default=sa.text("'{}'")),
            Column("h", sa.Date, server_default=sa.text("DATE '2020-01-01'")),
            Column("i", sa.Interval, server_default=sa.text("'24:00:00'::interval")),
            Column("j", sa.ARRAY(sa.Text), server_default="{}"),
            Column("k", sa.Uuid, server_default=sa.func.gen_random_uuid()),
            Column("l", sa.REAL, server_default=sa.text("1.5")),
        ),
        differs=True,
    ),
    Found(
        "an index in other words",
        PG,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text)",
            "CREATE INDEX i ON t (lower(b) text_pattern_ops, (a + 1) DESC NULLS LAST) INCLUDE (id)"
            " WHERE b = ANY (ARRAY['x', 'y'])",
        ),
        lambda m: Index(
            "i",
            sa.func.lower(
                Table(
                    "t",
                    m,
                    Column("id", Integer, primary_key=True, autoincrement=False),
                    Column("a", Integer),
                    Column("b", sa.Text),
                ).c.b
            ).label("low"),
            sa.text("(a + 1) DESC NULLS LAST"),
            postgresql_include=["id"],
            postgresql_ops={"low": "text_pattern_ops"},
            postgresql_where=m.tables["t"].c.b.in_(["x", "y"]),
        ),
    ),
)
