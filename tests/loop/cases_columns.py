"""Changes of columns."""

from __future__ import annotations

import datetime
import enum

import sqlalchemy as sa
from sqlalchemy import Column, Identity, Table
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import SchemaItem

from tests.loop.case import Build, Case, fresh, on


def users(*items: SchemaItem, **options: object) -> Build:
    """A table with a key, a name, and whatever else."""

    def build(metadata: sa.MetaData) -> None:
        Table(
            "users",
            metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("name", sa.String(50), nullable=False),
            *fresh(items),
            **options,
        )

    return build


class Mood(enum.Enum):
    """An application's own enum."""

    GOOD = "good"
    BAD = "bad"


ADDED = (
    Case("add a nullable column", users(), users(Column("email", sa.String(80)))),
    Case(
        "add a column that is not null",
        users(),
        users(Column("email", sa.String(80), nullable=False)),
        expected=("give",),
    ),
    Case(
        "add columns with defaults",
        users(),
        users(
            Column("age", sa.Integer, nullable=False, server_default="7"),
            Column("word", sa.String(20), nullable=False, server_default="it's"),
            Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        ),
    ),
    Case(
        "add a column with an index",
        users(),
        users(Column("email", sa.String(80), index=True)),
    ),
    Case(
        "add a column with a unique constraint",
        users(),
        users(Column("email", sa.String(80), unique=True)),
    ),
    Case(
        "add a column of every plain type",
        users(),
        users(
            Column("a", sa.SmallInteger),
            Column("b", sa.BigInteger),
            Column("c", sa.Numeric(10, 2)),
            Column("d", sa.Float),
            Column("e", sa.Text),
            Column("f", sa.Date),
            Column("g", sa.DateTime),
            Column("h", sa.Time),
            Column("i", sa.LargeBinary),
            Column("j", sa.Boolean),
            Column("k", sa.JSON),
            Column("l", sa.Uuid),
            Column("m", sa.Interval),
            Column("n", sa.Double),
            Column("o", sa.CHAR(3)),
            Column("p", sa.PickleType),
        ),
    ),
    Case("drop a column", users(Column("email", sa.String(80))), users()),
    Case(
        "drop a column with its index and constraint",
        users(
            Column("email", sa.String(80), index=True), Column("code", sa.String(9), unique=True)
        ),
        users(),
    ),
    Case(
        "swap one column for another",
        users(Column("old", sa.Integer, server_default="3")),
        users(Column("new", sa.Text)),
    ),
)

ALTERED = (
    Case("widen a string", users(Column("w", sa.String(10))), users(Column("w", sa.String(99)))),
    Case("string to text", users(Column("w", sa.String(10))), users(Column("w", sa.Text))),
    Case("text to integer", users(Column("w", sa.Text)), users(Column("w", sa.Integer))),
    Case(
        "integer to bigint",
        users(Column("w", sa.Integer, nullable=False)),
        users(Column("w", sa.BigInteger, nullable=False)),
    ),
    Case(
        "integer to string with a default",
        users(Column("w", sa.Integer, server_default="5", nullable=False)),
        users(Column("w", sa.String(20), server_default="5", nullable=False)),
    ),
    Case(
        "string to integer with a default",
        users(Column("w", sa.String(20), server_default="5", nullable=False)),
        users(Column("w", sa.Integer, server_default="5", nullable=False)),
    ),
    Case(
        "boolean to integer",
        users(Column("w", sa.Boolean, server_default=sa.false())),
        users(Column("w", sa.Integer, server_default="0")),
    ),
    Case(
        "numeric precision",
        users(Column("w", sa.Numeric(10, 2))),
        users(Column("w", sa.Numeric(12, 4))),
    ),
    Case(
        "timestamp with a zone",
        users(Column("w", sa.DateTime)),
        users(Column("w", sa.DateTime(timezone=True))),
        same_on=on("sqlite", "mariadb"),
    ),
    Case(
        "nullable to not null",
        users(Column("w", sa.Integer)),
        users(Column("w", sa.Integer, nullable=False)),
    ),
    Case(
        "not null to nullable",
        users(Column("w", sa.String(9), nullable=False, server_default="x")),
        users(Column("w", sa.String(9), nullable=True, server_default="x")),
    ),
    Case(
        "everything of a column at once",
        users(Column("w", sa.String(9), nullable=False, server_default="x", comment="a")),
        users(Column("w", sa.String(30), nullable=True, server_default="y", comment="b's")),
    ),
    Case(
        "add a default",
        users(Column("w", sa.Integer)),
        users(Column("w", sa.Integer, server_default="5")),
    ),
    Case(
        "change a default",
        users(Column("w", sa.String(40), server_default="a : b")),
        users(Column("w", sa.String(40), server_default='100% of "it" isn\'t :c')),
    ),
    Case(
        "drop a default",
        users(Column("w", sa.Integer, server_default=sa.text("7"))),
        users(Column("w", sa.Integer)),
    ),
    Case(
        "a default that is a function",
        users(Column("w", sa.DateTime)),
        users(Column("w", sa.DateTime, server_default=sa.func.current_timestamp())),
    ),
    Case(
        "a default that is a date",
        users(Column("w", sa.Date, server_default=sa.text("'2020-01-01'"))),
        users(Column("w", sa.Date, server_default=str(datetime.date(2021, 1, 1)))),
    ),
    Case(
        "column comments",
        users(Column("w", sa.Integer), Column("x", sa.Integer, comment="old")),
        users(Column("w", sa.Integer, comment='new: "it\'s"'), Column("x", sa.Integer)),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "alter several columns",
        users(Column("w", sa.Integer), Column("x", sa.String(5))),
        users(Column("w", sa.BigInteger), Column("x", sa.String(6), nullable=False)),
    ),
    Case(
        "an array",
        users(Column("w", postgresql.ARRAY(sa.Integer))),
        users(Column("w", postgresql.ARRAY(sa.BigInteger)), Column("x", sa.ARRAY(sa.Text))),
        databases=on("postgresql"),
    ),
    Case(
        "json to jsonb",
        users(Column("w", postgresql.JSON)),
        users(Column("w", postgresql.JSONB)),
        databases=on("postgresql"),
    ),
    Case(
        "text to jsonb and uuid",
        users(Column("w", sa.Text), Column("x", sa.String(40))),
        users(Column("w", postgresql.JSONB), Column("x", sa.Uuid)),
        databases=on("postgresql"),
    ),
    Case(
        "postgresql's own types",
        users(),
        users(
            Column("a", postgresql.INET),
            Column("b", postgresql.TSVECTOR),
            Column("c", postgresql.INT4RANGE),
            Column("d", postgresql.BIT(5)),
            Column("e", postgresql.INTERVAL(fields="DAY TO SECOND", precision=3)),
            Column("f", postgresql.TIMESTAMP(timezone=True, precision=2)),
            Column("g", postgresql.MACADDR),
            Column("h", postgresql.BYTEA),
            Column("i", postgresql.MONEY),
            Column("j", postgresql.ARRAY(postgresql.VARCHAR(3), dimensions=1)),
            Column("k", sa.String(5, collation="C")),
        ),
        databases=on("postgresql"),
    ),
    Case(
        "mariadb's own types",
        users(),
        users(
            Column("a", mysql.INTEGER(unsigned=True)),
            Column("b", mysql.TINYINT(1)),
            Column("c", mysql.ENUM("x", "it's", "z")),
            Column("d", mysql.SET("x", "y")),
            Column("e", mysql.MEDIUMTEXT),
            Column("f", mysql.VARCHAR(20, charset="latin1", collation="latin1_bin")),
            Column("g", mysql.DATETIME(fsp=6)),
            Column("h", mysql.YEAR),
            Column("i", mysql.DOUBLE(10, 2)),
            Column("j", mysql.BIT(4)),
            Column("k", mysql.LONGBLOB),
        ),
        databases=on("mariadb"),
    ),
    Case(
        "values of mariadb's enum",
        users(Column("c", mysql.ENUM("x", "y"), nullable=False, server_default="y")),
        users(Column("c", mysql.ENUM("x", "y", "z"), nullable=False, server_default="z")),
        databases=on("mariadb"),
    ),
    Case(
        "a collation",
        users(Column("c", sa.String(20, collation="NOCASE"))),
        users(Column("c", sa.String(20, collation="RTRIM")), Column("d", sa.String(3))),
        databases=on("sqlite"),
    ),
    Case(
        "a collation of postgresql",
        users(Column("c", sa.String(20))),
        users(Column("c", sa.String(20, collation="C"))),
        databases=on("postgresql"),
    ),
)

GENERATED = (
    Case(
        "add a computed column",
        users(),
        users(Column("upper_name", sa.String(50), sa.Computed("upper(name)", persisted=True))),
        databases=on("postgresql", "mariadb"),
    ),
    Case(
        "add a virtual column",
        users(),
        users(Column("upper_name", sa.String(50), sa.Computed("upper(name)", persisted=False))),
        databases=on("sqlite", "mariadb", "postgresql18"),
    ),
    Case(
        "change a computed column",
        users(Column("u", sa.String(50), sa.Computed("upper(name)", persisted=True))),
        users(Column("u", sa.String(50), sa.Computed("lower(name)", persisted=True))),
    ),
    Case(
        "change a computed column that has an index",
        users(Column("u", sa.String(50), sa.Computed("upper(name)", persisted=True), index=True)),
        users(Column("u", sa.String(50), sa.Computed("lower(name)", persisted=True), index=True)),
    ),
    Case(
        "what a new computed column is computed from gets another type",
        users(Column("n", sa.Numeric(10, 2))),
        users(
            Column("n", sa.Numeric(12, 3)),
            Column("double", sa.Numeric(12, 3), sa.Computed("n * 2", persisted=True)),
        ),
    ),
    Case(
        "what a computed column is computed from gets another type",
        users(
            Column("n", sa.Integer),
            Column("double", sa.Integer, sa.Computed("n * 2", persisted=True), index=True),
        ),
        users(
            Column("n", sa.BigInteger),
            Column("double", sa.BigInteger, sa.Computed("n * 2", persisted=True), index=True),
        ),
    ),
    Case(
        "a plain column becomes computed",
        users(Column("u", sa.String(50))),
        users(Column("u", sa.String(50), sa.Computed("lower(name)", persisted=True))),
    ),
    Case(
        "add an identity column",
        users(),
        users(Column("n", sa.Integer, Identity(always=True, start=5, increment=2))),
        databases=on("postgresql"),
    ),
    Case(
        "change an identity",
        users(Column("n", sa.Integer, Identity())),
        users(Column("n", sa.Integer, Identity(always=True, increment=3))),
        databases=on("postgresql"),
    ),
    Case(
        "take options of an identity back",
        users(Column("n", sa.Integer, Identity(start=7, minvalue=5, increment=2, cache=9))),
        users(Column("n", sa.Integer, Identity(maxvalue=900, cycle=True))),
        databases=on("postgresql"),
    ),
    Case(
        "an identity counts upwards again",
        users(Column("n", sa.Integer, Identity(increment=-1, maxvalue=90))),
        users(Column("n", sa.Integer, Identity())),
        databases=on("postgresql"),
    ),
    Case(
        "an integer becomes an identity",
        users(Column("n", sa.Integer, nullable=False)),
        users(Column("n", sa.Integer, Identity(), nullable=False)),
        databases=on("postgresql"),
    ),
    Case(
        "a default becomes an identity",
        users(Column("n", sa.Integer, nullable=False, server_default="4")),
        users(Column("n", sa.Integer, Identity(), nullable=False)),
        databases=on("postgresql"),
    ),
)

MOODS = (
    Case(
        "add an enum column",
        users(),
        users(Column("mood", sa.Enum("good", "bad", name="mood"))),
    ),
    Case(
        "add two columns of one enum",
        users(),
        users(
            Column("mood", sa.Enum(Mood, name="mood"), nullable=False, server_default="GOOD"),
            Column("other", sa.Enum(Mood, name="mood")),
        ),
    ),
    Case(
        "a new value at the end",
        users(Column("mood", sa.Enum("good", "bad", name="mood"))),
        users(Column("mood", sa.Enum("good", "bad", "so so", name="mood"))),
    ),
    Case(
        "new values in front and between",
        users(Column("mood", sa.Enum("b", "d", name="mood"), server_default="d")),
        users(Column("mood", sa.Enum("a", "b", "c", "d", name="mood"), server_default="d")),
        same_on=on("sqlite"),
    ),
    Case(
        "a new value that is the default",
        users(Column("mood", sa.Enum("b", "d", name="mood"), server_default="d", nullable=False)),
        users(
            Column("mood", sa.Enum("b", "d", "e", name="mood"), server_default="e", nullable=False)
        ),
    ),
    Case(
        "a value less",
        users(Column("mood", sa.Enum("a", "b", "c", name="mood"), server_default="a")),
        users(Column("mood", sa.Enum("c", "a", name="mood"), server_default="a")),
        same_on=on("sqlite"),
    ),
    Case(
        "an enum within an array",
        users(Column("m", postgresql.ARRAY(sa.Enum("a", "b", name="mood")))),
        users(Column("m", postgresql.ARRAY(sa.Enum("b", "a", "c", name="mood")))),
        databases=on("postgresql"),
    ),
    Case(
        "a string becomes an enum",
        users(Column("mood", sa.String(10), nullable=False, server_default="a")),
        users(Column("mood", sa.Enum("a", "b", name="mood"), nullable=False, server_default="a")),
    ),
    Case(
        "an enum of another name",
        users(Column("mood", sa.Enum("a", "b", name="mood"), server_default="a")),
        users(Column("mood", sa.Enum("a", "b", name="humour"), server_default="a")),
        same_on=on("sqlite", "mariadb"),
    ),
    Case(
        "an enum that is not native",
        users(Column("mood", sa.Enum("a", "b", native_enum=False, name="mood_check"))),
        users(
            Column(
                "mood",
                sa.Enum("a", "bcd", native_enum=False, create_constraint=True, name="mood_check"),
            )
        ),
    ),
    Case(
        "a boolean with a constraint",
        users(),
        users(Column("ok", sa.Boolean(create_constraint=True, name="ok_is_boolean"))),
    ),
)

CASES = (*ADDED, *ALTERED, *GENERATED, *MOODS)
