"""Sequences, columns that count, defaults and naming conventions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Sequence,
    Table,
)

from tests.loop.case import Build, Case, nothing, on
from tests.loop.cases_tables import CONVENTION, key, table

PG = on("postgresql")


def counting(**options: object) -> Build:
    """A sequence, and a table that asks it."""

    def build(m: MetaData) -> None:
        numbers = Sequence("numbers", metadata=m, **options)  # type: ignore[arg-type]  # options of all kinds
        Table("t", m, key(), Column("n", sa.BigInteger, server_default=numbers.next_value()))

    return build


def alone(*names: str, **options: object) -> Build:
    """Sequences that nothing uses."""
    return lambda m: [Sequence(name, metadata=m, **options) for name in names]  # type: ignore[arg-type]  # options of all kinds


def numbered(type_: object, *parts: sa.schema.SchemaItem, **options: object) -> Build:
    """A table with a column of numbers."""
    return table("t", key(), Column("n", type_, *parts, **options))  # type: ignore[arg-type]  # options of all kinds


def plain(m: MetaData) -> None:
    """Tables with every kind of constraint, none of them named but the check."""
    Table("p", m, key(), Column("code", sa.String(9), unique=True, index=True))
    Table(
        "c",
        m,
        key(),
        Column("p_id", ForeignKey("p.id")),
        CheckConstraint("p_id > 0", name="positive"),
    )


def by_convention(m: MetaData) -> None:
    """The same by a naming convention."""
    m.naming_convention = {**m.naming_convention, **CONVENTION}  # type: ignore[dict-item]  # plain formats
    plain(m)


SEQUENCES = (
    Case("sequences come", nothing, alone("one", "two"), PG),
    Case("a sequence goes", alone("one", "two"), alone("one"), PG),
    Case(
        "options of a sequence",
        alone("one"),
        alone("one", start=5, increment=2, minvalue=3, maxvalue=900, cycle=True, cache=7),
        PG,
    ),
    Case(
        "options of a sequence go",
        alone("one", start=5, increment=2, minvalue=3, maxvalue=900, cycle=True, cache=7),
        alone("one"),
        PG,
    ),
    Case("a sequence that counts down", alone("one"), alone("one", increment=-1), PG),
    Case("a sequence of small numbers", nothing, alone("one", data_type=sa.SmallInteger), PG),
    Case("a sequence in a schema", nothing, alone("one", schema="other"), PG),
    Case("a sequence and what asks it", nothing, counting(start=10), PG),
    Case("a sequence and what asks it go", counting(start=10), nothing, PG),
    Case("a sequence changes under what asks it", counting(start=10), counting(increment=5), PG),
)

COLUMNS = (
    Case(
        "every option of an identity",
        numbered(sa.BigInteger),
        numbered(
            sa.BigInteger,
            Identity(start=5, increment=3, minvalue=2, maxvalue=99, cycle=True, cache=4),
            nullable=False,
        ),
        PG,
    ),
    Case(
        "options of an identity go",
        numbered(sa.BigInteger, Identity(start=5, increment=3, maxvalue=99, cycle=True)),
        numbered(sa.BigInteger, Identity()),
        PG,
    ),
    Case("an identity goes", numbered(Integer, Identity()), numbered(Integer, nullable=False), PG),
    Case(
        "an identity gets another type",
        numbered(Integer, Identity()),
        numbered(sa.BigInteger, Identity()),
        PG,
    ),
    Case(
        "a key counts by an identity",
        table("t", key()),
        table("t", Column("id", Integer, Identity(), primary_key=True)),
        PG,
        same_on=frozenset(),
    ),
    Case(
        "a small key that counts",
        table("t", Column("id", sa.SmallInteger, primary_key=True)),
        table("t", key()),
        PG,
    ),
    Case(
        "a stored column becomes virtual",
        numbered(Integer, sa.Computed("id + 1", persisted=True)),
        numbered(Integer, sa.Computed("id + 1", persisted=False)),
        on("postgresql18", "sqlite"),
    ),
    Case(
        "defaults of every form",
        table("t", key()),
        table(
            "t",
            key(),
            Column("a", Integer, server_default="-5"),
            Column("b", sa.Numeric(8, 3), server_default=sa.text("1.250")),
            Column("c", sa.String(20), server_default=""),
            Column("d", sa.String(20), server_default="NULL"),
            Column("e", sa.String(40), server_default="a:b %s \"c\" 'd'"),
            Column("f", sa.Boolean, server_default=sa.true(), nullable=False),
            Column("g", sa.Date, server_default="2020-02-29"),
            Column("h", sa.DateTime, server_default=sa.func.now()),
            Column("i", Integer, server_default=sa.text("(1 + 2)")),
        ),
    ),
    Case(
        "defaults in other words only",
        numbered(Integer, server_default="7"),
        numbered(Integer, server_default=sa.text("7")),
        same_on=on("sqlite", "postgresql", "mariadb"),
    ),
    Case(
        "defaults of arrays and json",
        table("t", key()),
        table(
            "t",
            key(),
            Column("a", sa.ARRAY(Integer), server_default="{1,2}"),
            Column(
                "b", sa.dialects.postgresql.JSONB, server_default=sa.text("'{\"a\": 1}'::jsonb")
            ),
            Column("c", sa.Uuid, server_default=sa.func.gen_random_uuid()),
            Column("d", sa.Interval, server_default=sa.text("interval '1 day'")),
            Column(
                "e", sa.ARRAY(sa.Text), server_default=sa.text("ARRAY[]::text[]"), nullable=False
            ),
        ),
        PG,
    ),
    Case(
        "timestamps that follow changes",
        numbered(sa.TIMESTAMP, nullable=True),
        numbered(
            sa.TIMESTAMP,
            nullable=False,
            server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
        ),
        on("mariadb"),
    ),
    Case(
        "comments of every form",
        table("t", key(), Column("a", Integer, comment="x"), Column("b", Integer), comment="y"),
        table(
            "t",
            key(),
            Column("a", Integer, comment=""),
            Column("b", Integer, comment='two\nlines, it\'s 100% \\ "odd": é'),
            comment="new\nlines: it's",
        ),
        on("postgresql", "mariadb"),
    ),
)

CONVENTIONS = (
    Case("a naming convention comes", plain, by_convention),
    Case(
        "another naming convention",
        by_convention,
        lambda m: (
            setattr(
                m,
                "naming_convention",
                {
                    **CONVENTION,
                    "uq": "one_%(table_name)s_%(column_0_name)s",
                    "ck": "check_%(constraint_name)s",
                },
            ),
            plain(m),
        ),
    ),
)

CASES = (*SEQUENCES, *COLUMNS, *CONVENTIONS)
