"""Changes of enumerated types and domains, and of what uses them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.dialects.postgresql import DOMAIN, ExcludeConstraint

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import key

PG = on("postgresql")


def mood(*values: str, **options: str) -> sa.Enum:
    """The type."""
    return sa.Enum(*values, name="mood", **options)


def used_by(*columns: Column[object], **tables: sa.types.TypeEngine[object]) -> Build:
    """A table for each name, with a column of a type, and the first with more columns."""

    def build(m: MetaData) -> None:
        for number, (name, type_) in enumerate(tables.items()):
            more = [c._copy() for c in columns] if number == 0 else []
            Table(name, m, key(), Column("mood", type_), *more)

    return build


def odd_values(*values: str, **options: str) -> Build:
    """Values that only a collation by bytes tells apart (MariaDB)."""
    kind = mysql.ENUM(*values, collation="utf8mb4_bin")
    some = mysql.SET(*values[:2], collation="utf8mb4_bin")

    def build(m: MetaData) -> None:
        columns = Column("m", kind, server_default=values[0]), Column("s", some, nullable=False)
        Table("t", m, key(), *columns, **options)

    return build


def apart(*values: str) -> Build:
    """An EXCLUDE constraint that compares with a value; nothing else is about the type."""
    return lambda m: Table(
        "t",
        m,
        key(),
        Column("n", Integer),
        Column("m", mood(*values)),
        ExcludeConstraint(("n", "="), name="t_n", using="btree", where=sa.text("m = 'a'")),
    )


def computed(*values: str, wanted: str = "a") -> Build:
    """A stored column that compares with a value; nothing else is about the type."""
    return lambda m: Table(
        "t",
        m,
        key(),
        Column("m", mood(*values)),
        Column("is_a", sa.Boolean, sa.Computed(f"m = '{wanted}'", persisted=True)),
    )


def judged(*values: str, value: str = "b") -> Build:
    """A CHECK, a partial index and a default over the type."""

    def build(m: MetaData) -> None:
        t = Table(
            "t",
            m,
            key(),
            Column("m", mood(*values), server_default=value, nullable=False),
            CheckConstraint(f"m <> '{value}' OR id > 0", name="judged"),
        )
        Index("of_value", t.c.id, postgresql_where=t.c.m == value)

    return build


def in_schemas(*values: str) -> Build:
    """Two types of one name in two schemas, with casts to them."""

    def build(m: MetaData) -> None:
        for schema in (None, "other"):
            prefix = "other." if schema else ""
            Table(
                "t",
                m,
                key(),
                Column("m", mood(*values, schema=schema), server_default=values[0]),
                CheckConstraint(f"m <> '{values[-1]}'::{prefix}mood", name="not_last"),
                schema=schema,
            )

    return build


def domain(name: str = "email", **options: object) -> DOMAIN:
    """A domain over text."""
    return DOMAIN(name, sa.Text(), **options)  # type: ignore[arg-type]  # options of all kinds


CASES = (
    Case(
        "a value at the end of a shared type",
        used_by(a=mood("x"), b=mood("x")),
        used_by(a=mood("x", "y"), b=mood("x", "y")),
        PG,
    ),
    Case(
        "values in the middle and in front",
        used_by(a=mood("b", "d")),
        used_by(a=mood("a", "b", "c", "d", "e")),
        PG,
    ),
    Case(
        "reordered values",
        used_by(a=mood("a", "b", "c"), b=mood("a", "b", "c")),
        used_by(a=mood("c", "a", "b"), b=mood("c", "a", "b")),
        PG,
    ),
    Case(
        "a removed value of a shared type",
        used_by(a=mood("a", "b"), b=mood("a", "b")),
        used_by(a=mood("a"), b=mood("a")),
        PG,
    ),
    Case("a renamed value", used_by(a=mood("a", "b")), used_by(a=mood("a", "c")), PG),
    Case(
        "values with quotes and colons",
        used_by(a=mood("it's", ":x")),
        used_by(a=mood("it's", ":x", "100%", 'a"b', "\\", "é")),
        PG,
    ),
    Case(
        "a type in arrays and columns",
        used_by(Column("many", postgresql.ARRAY(mood("a", "b"))), a=mood("a", "b")),
        used_by(Column("many", postgresql.ARRAY(mood("b", "c"))), a=mood("b", "c")),
        PG,
    ),
    Case(
        "the first user of a type is an added column",
        used_by(a=sa.Integer()),
        used_by(Column("feel", mood("a", "b"), server_default="a"), a=sa.Integer()),
        PG,
    ),
    Case(
        "the last user of a type is a dropped column",
        used_by(Column("feel", mood("a", "b"), server_default="a"), a=sa.Integer()),
        used_by(a=sa.Integer()),
        PG,
    ),
    Case(
        "a second user of a type comes and goes",
        used_by(a=mood("a", "b")),
        used_by(Column("feel", mood("a", "b")), a=mood("a", "b"), b=mood("a", "b")),
        PG,
    ),
    Case(
        "a type and its values while a user goes",
        used_by(a=mood("a", "b"), b=mood("a", "b")),
        used_by(a=mood("a", "c")),
        PG,
    ),
    Case("a type becomes text", used_by(a=mood("a", "b")), used_by(a=sa.Text()), PG),
    Case("an integer becomes a type", used_by(a=sa.Integer()), used_by(a=mood("1", "2")), PG),
    Case(
        "a value less that an exclude constraint compares with",
        apart("a", "b"),
        apart("a", "c"),
        PG,
    ),
    Case(
        "a value less that only a computed column compares with",
        computed("a", "b"),
        computed("a", "c"),
        PG,
    ),
    Case(
        "a renamed value in a computed column",
        computed("a", "b"),
        computed("c", "b", wanted="c"),
        PG,
    ),
    Case(
        "a renamed value in a default, a check and an index",
        judged("a", "b"),
        judged("a", "c", value="c"),
        PG,
    ),
    Case(
        "a new value in a default, a check and an index",
        judged("a", "b"),
        judged("a", "b", "c", value="c"),
        PG,
    ),
    Case("types of one name in two schemas", in_schemas("a", "b"), in_schemas("a", "c", "d"), PG),
    Case("tables of types of one name", nothing, in_schemas("a", "b"), PG),
    Case(
        "a type whose name needs quotes",
        lambda m: Table("t", m, key(), Column("x", sa.Enum("a", name="My Mood"))),
        lambda m: Table("t", m, key(), Column("x", sa.Enum("b", name="My Mood"))),
        PG,
    ),
    Case(
        "a type with the longest name",
        lambda m: Table("t", m, key(), Column("x", sa.Enum("a", name="m" * 63))),
        lambda m: Table("t", m, key(), Column("x", sa.Enum("b", name="m" * 63))),
        PG,
    ),
    Case(
        "a column of a domain",
        used_by(a=sa.Integer()),
        used_by(Column("mail", domain()), a=sa.Integer()),
        PG,
        setup=("CREATE DOMAIN email AS text",),
    ),
    Case(
        "a column of a domain with a default and a check",
        used_by(a=sa.Integer()),
        used_by(
            Column("mail", domain(), server_default="a@b", nullable=False),
            Column("mails", postgresql.ARRAY(domain())),
            a=sa.Integer(),
        ),
        PG,
        setup=("CREATE DOMAIN email AS text CHECK (VALUE <> '')",),
    ),
    Case(
        "a column of a domain goes",
        used_by(Column("mail", domain()), a=sa.Integer()),
        used_by(a=sa.Integer()),
        PG,
    ),
    Case(
        "text becomes a domain",
        used_by(a=sa.Text()),
        used_by(a=domain()),
        PG,
        setup=("CREATE DOMAIN email AS text",),
    ),
    Case(
        "a domain becomes another",
        used_by(a=domain()),
        used_by(a=domain("word")),
        PG,
    ),
    Case(
        "a column of a domain that is not there",
        used_by(a=sa.Integer()),
        used_by(
            Column("mail", domain(check="VALUE <> ''", default="x", not_null=True)),
            Column(
                "mails", postgresql.ARRAY(domain("many", check="VALUE > ''", constraint_name="few"))
            ),
            a=sa.Integer(),
        ),
        PG,
        expected=("op.create_domain(", 'op.drop_domain("email")', 'op.drop_domain("many")'),
    ),
    Case(
        "a table of a domain that is not there",
        used_by(a=sa.Text()),
        used_by(a=domain(check="VALUE <> ''"), b=domain(check="VALUE <> ''")),
        PG,
    ),
    Case(
        "the last column of a domain goes",
        used_by(Column("mail", domain(check="VALUE <> ''"), server_default="a"), a=domain("word")),
        used_by(a=domain("word")),
        PG,
        expected=('op.drop_domain("email")',),
    ),
    Case(
        "the last table of a domain goes, and one of another",
        used_by(a=domain("word"), b=domain("word"), c=postgresql.ARRAY(domain())),
        used_by(a=domain("word")),
        PG,
    ),
    Case(
        "a domain with a percent sign goes, and another one gets a column",
        used_by(Column("mail", domain("of 9%")), a=domain("of 5%", check="VALUE <> ''")),
        used_by(
            Column("b", domain("of 5%", check="VALUE <> ''")),
            a=domain("of 5%", check="VALUE <> ''"),
        ),
        PG,
        expected=('op.drop_domain("of 9%")',),
    ),
    Case(
        "sets and enums of mysql",
        lambda m: Table("t", m, key(), Column("e", sa.Enum("a", "b")), Column("f", sa.Enum("x"))),
        lambda m: Table(
            "t", m, key(), Column("e", sa.Enum("a", "c", "b")), Column("f", sa.Enum("X"))
        ),
        on("mariadb"),
    ),
    Case(
        "an enum with a check gets a value",
        used_by(a=mood("a", "b", native_enum=False, create_constraint=True)),
        used_by(a=mood("a", "c", native_enum=False, create_constraint=True)),
    ),
    Case(
        "an enum with a check becomes plain",
        used_by(a=mood("a", "b", native_enum=False, create_constraint=True)),
        used_by(a=mood("a", "b", native_enum=False)),
    ),
    Case(
        "a boolean with a check becomes plain",
        used_by(a=sa.Boolean(create_constraint=True, name="yes")),
        used_by(a=sa.Boolean()),
        on("sqlite", "mariadb"),
    ),
    Case(
        "an enum with a check becomes a native one",
        used_by(a=mood("a", "b", native_enum=False, create_constraint=True)),
        used_by(a=mood("a", "b")),
        PG,
    ),
    Case(
        "a type and a check of another schema change",
        in_schemas("a", "b"),
        in_schemas("a", "b", "c"),
        PG,
    ),
    Case(
        "values of four bytes a letter",
        odd_values("😀", "b?", "it's \\ 😀"),
        odd_values("😀", "b?", "it's \\ 😀", "🎉", comment="😀"),
        on("mariadb"),
    ),
    Case(
        "a question mark among values becomes a letter of four bytes",
        odd_values("?", "b"),
        odd_values("😀", "b"),
        on("mariadb"),
        expected=('mysql.ENUM("?"', 'mysql.ENUM("😀"'),
    ),
)
