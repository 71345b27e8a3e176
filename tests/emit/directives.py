"""Calls of every directive, to be made on limbeck's ``op`` and on Alembic's."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.emit.mssql_calls import MSSQL
from tests.emit.oracle_calls import ORACLE

Call = Callable[[Any], Any]

CONVENTION = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "ix": "ix__%(column_0_label)s",
    "pk": "pk_%(table_name)s",
}
DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")


def integer(*items: Any, **keywords: Any) -> sa.Column[Any]:
    """A new column ``x``, as a column can be used once only."""
    return sa.Column("x", sa.Integer, *items, **keywords)


def check_type(name: str) -> sa.Boolean:
    """A type that brings a CHECK along."""
    return sa.Boolean(create_constraint=True, name=name)


COLUMNS: dict[str, Call] = {
    "add column": lambda op: op.add_column("t", integer()),
    "add column in schema": lambda op: op.add_column(
        "t", integer(index=True, comment="c'o 5% :x"), schema="s"
    ),
    "add column with default": lambda op: op.add_column(
        "t", sa.Column("x", sa.String(9), server_default="it's 5% :x", nullable=False)
    ),
    "add column with foreign key": lambda op: op.add_column(
        "t", integer(sa.ForeignKey("u.id", ondelete="CASCADE"))
    ),
    "add column with named foreign key": lambda op: op.add_column(
        "t", integer(sa.ForeignKey("u.z", name="nm", deferrable=True, initially="DEFERRED"))
    ),
    "add column with foreign key inline": lambda op: op.add_column(
        "t", integer(sa.ForeignKey("u.id", ondelete="CASCADE")), inline_references=True
    ),
    "add column with named foreign key inline": lambda op: op.add_column(
        "t", integer(sa.ForeignKey("u.id", name="nm")), inline_references=True
    ),
    "add column with primary key inline": lambda op: op.add_column(
        "t", integer(primary_key=True), inline_primary_key=True
    ),
    "add column of primary key": lambda op: op.add_column("t", integer(primary_key=True)),
    "add unique column": lambda op: op.add_column("t", integer(unique=True)),
    "add indexed column": lambda op: op.add_column("t", integer(index=True)),
    "add column if not exists": lambda op: op.add_column("t", integer(), if_not_exists=True),
    "add column with check": lambda op: op.add_column(
        "t",
        integer(
            sa.CheckConstraint("x>0", name="ck"),
            server_default="5",
            nullable=False,
        ),
    ),
    "add boolean with check": lambda op: op.add_column(
        "t", sa.Column("x", check_type("bb"), server_default=sa.false(), nullable=False)
    ),
    "add enum": lambda op: op.add_column("t", sa.Column("x", sa.Enum("a", "b", name="mood"))),
    "add computed column": lambda op: op.add_column(
        "t", integer(sa.Computed("a+1", persisted=True))
    ),
    "add identity column": lambda op: op.add_column("t", integer(sa.Identity())),
    "drop column": lambda op: op.drop_column("t", "x", schema="s"),
    "drop column if exists": lambda op: op.drop_column("t", "x", if_exists=True),
    "alter nullable": lambda op: op.alter_column(
        "t", "x", nullable=False, existing_type=sa.Integer()
    ),
    "alter nullable, type unknown": lambda op: op.alter_column("t", "x", nullable=False),
    "alter type": lambda op: op.alter_column(
        "t", "x", type_=sa.String(20), existing_type=sa.Integer(), existing_nullable=False
    ),
    "alter type using": lambda op: op.alter_column(
        "t", "x", type_=sa.Integer(), postgresql_using="x::int"
    ),
    "alter using without type": lambda op: op.alter_column("t", "x", postgresql_using="x"),
    "alter type to enum": lambda op: op.alter_column(
        "t", "x", type_=sa.Enum("a", "b", name="mood"), existing_type=sa.String()
    ),
    "alter type with checks": lambda op: op.alter_column(
        "t",
        "x",
        type_=check_type("bb"),
        existing_type=sa.Enum("a", name="ee", create_constraint=True, native_enum=False),
    ),
    "alter type and name with check": lambda op: op.alter_column(
        "t", "x", new_column_name="y", type_=check_type("z"), existing_type=sa.Integer()
    ),
    "alter default": lambda op: op.alter_column("t", "x", server_default="a%b:c"),
    "alter default to text": lambda op: op.alter_column("t", "x", server_default=sa.text("5")),
    "alter default to function": lambda op: op.alter_column("t", "x", server_default=sa.func.now()),
    "alter default of a date": lambda op: op.alter_column(
        "t", "x", server_default=sa.text("now()"), existing_type=sa.DateTime()
    ),
    "drop default": lambda op: op.alter_column("t", "x", server_default=None),
    "rename column": lambda op: op.alter_column(
        "t", "x", new_column_name="y", existing_type=sa.Integer()
    ),
    "alter comment": lambda op: op.alter_column(
        "t", "x", comment="it's 5% :x", existing_type=sa.Integer(), schema="s"
    ),
    "drop comment": lambda op: op.alter_column("t", "x", comment=None, existing_type=sa.Integer()),
    "alter all": lambda op: op.alter_column(
        "t",
        "x",
        new_column_name="y",
        type_=sa.String(5),
        nullable=True,
        server_default="z",
        comment="c",
        existing_type=sa.Integer(),
        existing_server_default=sa.text("1"),
    ),
    "keep all but the type": lambda op: op.alter_column(
        "t",
        "x",
        existing_autoincrement=True,
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_comment="cc",
        existing_server_default="5",
    ),
    "add identity": lambda op: op.alter_column(
        "t", "x", server_default=sa.Identity(always=True, start=5)
    ),
    "alter identity": lambda op: op.alter_column(
        "t",
        "x",
        server_default=sa.Identity(minvalue=2, nomaxvalue=True, cycle=True, cache=3, start=4),
        existing_server_default=sa.Identity(always=True, cycle=False),
    ),
    "drop identity": lambda op: op.alter_column(
        "t", "x", server_default=None, existing_server_default=sa.Identity()
    ),
    "identity to default": lambda op: op.alter_column(
        "t", "x", server_default="5", existing_server_default=sa.Identity()
    ),
    "default to identity": lambda op: op.alter_column(
        "t", "x", server_default=sa.Identity(), existing_server_default="5"
    ),
    "add expression": lambda op: op.alter_column("t", "x", server_default=sa.Computed("a+1")),
    "drop expression": lambda op: op.alter_column(
        "t", "x", server_default=None, existing_server_default=sa.Computed("a")
    ),
}

CONSTRAINTS: dict[str, Call] = {
    "create foreign key": lambda op: op.create_foreign_key(
        "fk",
        "a",
        "b",
        ["x"],
        ["y"],
        ondelete="SET NULL",
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
        source_schema="s1",
        referent_schema="s2",
    ),
    "create unnamed foreign key": lambda op: op.create_foreign_key(
        None, "a", "b", ["x", "y"], ["p", "q"]
    ),
    "create foreign key to itself": lambda op: op.create_foreign_key(
        "f", "t", "t", ["x"], ["y"], match="FULL"
    ),
    "create primary key": lambda op: op.create_primary_key("pk", "a", ["x", "y"], schema="s"),
    "create unique constraint": lambda op: op.create_unique_constraint(
        "uq", "a", ["x", "y"], deferrable=True
    ),
    "create check": lambda op: op.create_check_constraint("ck", "a", "x <> '5%'"),
    "create check with a colon": lambda op: op.create_check_constraint("ck", "a", "x <> ':b'"),
    "create check of an expression": lambda op: op.create_check_constraint(
        "ck", "a", sa.column("x") > 5, schema="s", postgresql_not_valid=True
    ),
    "create exclude constraint": lambda op: op.create_exclude_constraint(
        "ex",
        "a",
        (sa.column("x"), "="),
        ("y", "&&"),
        where=sa.text("x>5"),
        using="gist",
        schema="s",
    ),
    "drop constraint": lambda op: op.drop_constraint("c", "a", schema="s"),
    "drop foreign key": lambda op: op.drop_constraint("c", "a", type_="foreignkey"),
    "drop primary key": lambda op: op.drop_constraint("c", "a", type_="primary"),
    "drop unique constraint": lambda op: op.drop_constraint("c", "a", type_="unique"),
    "drop check": lambda op: op.drop_constraint("c", "a", type_="check"),
    "drop check if exists": lambda op: op.drop_constraint("c", "a", "check", if_exists=True),
}

TABLES: dict[str, Call] = {
    "create table": lambda op: op.create_table(
        "a",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.String(9), index=True, comment="c", server_default="it's 5%"),
        sa.Column("y", sa.Integer, sa.ForeignKey("s.u.id"), nullable=False),
        sa.Column("e", sa.Enum("a", "b", name="mood")),
        sa.Column("f", sa.Enum("a", "b", name="mood")),
        sa.UniqueConstraint("x", name="uq"),
        sa.CheckConstraint("x <> '%'"),
        comment="tc",
        schema="s",
        if_not_exists=True,
    ),
    "create tables of one enum": lambda op: [
        op.create_table(name, sa.Column("e", sa.Enum("a", "b", name="mood"))) for name in "ab"
    ],
    "create table of types": lambda op: op.create_table(
        "t",
        sa.Column("x", sa.Enum("a", name="e1", schema="zz")),
        sa.Column("w", sa.String(5).with_variant(postgresql.ENUM("b", name="e4"), "postgresql")),
        schema="ss",
    ),
    "create table, foreign key later": lambda op: op.create_table(
        "t", integer(), sa.ForeignKeyConstraint(["x"], ["u.id"], name="fk", use_alter=True)
    ),
    "drop table": lambda op: op.drop_table("a", schema="s"),
    "drop table if exists": lambda op: op.drop_table("a", if_exists=True),
    "rename table": lambda op: op.rename_table("a", "b", schema="s"),
    "rename in quotes": lambda op: [
        op.rename_table("My T", "Select"),
        op.add_column("My T", sa.Column("User", sa.Integer)),
        op.drop_column("My T", "a b"),
    ],
    "create table comment": lambda op: op.create_table_comment("a", "it's 5% :x", schema="s"),
    "drop table comment": lambda op: op.drop_table_comment("a"),
    "create index": lambda op: op.create_index(
        "ix",
        "a",
        ["x", sa.func.lower(sa.column("y"))],
        unique=True,
        schema="s",
        postgresql_where=sa.text("x LIKE 'a%'"),
        postgresql_using="btree",
    ),
    "create index with options": lambda op: op.create_index(
        "ix",
        "a",
        ["x", "y"],
        if_not_exists=True,
        postgresql_ops={"x": "text_ops"},
        postgresql_include=["z"],
        postgresql_with={"fillfactor": 50},
        postgresql_concurrently=True,
        mysql_length={"x": 5},
    ),
    "create index on text": lambda op: op.create_index("ix", "a", [sa.text("x DESC")]),
    "drop index": lambda op: op.drop_index("ix", "a", schema="s", postgresql_concurrently=True),
    "drop index if exists": lambda op: op.drop_index("ix", "a", if_exists=True),
    "drop index of unknown table": lambda op: op.drop_index("ix"),
}

ROWS = sa.table("a", sa.column("x", sa.Integer), sa.column("y", sa.String), sa.column("d", sa.Date))
DATA: dict[str, Call] = {
    "insert rows": lambda op: op.bulk_insert(
        ROWS,
        [
            {"x": 1, "y": "it's 5% :z", "d": datetime.date(2020, 1, 2)},
            {"x": 2, "y": op.inline_literal("q"), "d": None},
        ],
    ),
    "insert no rows": lambda op: op.bulk_insert(ROWS, []),
    "insert rows one by one": lambda op: op.bulk_insert(
        ROWS, [{"x": 1}, {"y": "z"}], multiinsert=False
    ),
    "execute words": lambda op: op.execute(r"UPDATE t SET x='a%b\:c' WHERE y = '10:30'"),
    "execute words with a colon": lambda op: op.execute("SELECT ':foo', x::int"),
    "execute a statement": lambda op: op.execute(
        sa.update(sa.table("t", sa.column("x", sa.String))).values(x=op.inline_literal("5%:c"))
    ),
    "execute a statement with values": lambda op: op.execute(
        sa.update(sa.table("t", sa.column("x", sa.String))).values(x="5%:c")
    ),
}

NAMES: dict[str, Call] = {
    "named: add column": lambda op: op.add_column(
        "t", integer(sa.ForeignKey("u.id"), unique=True, index=True)
    ),
    "named: check": lambda op: op.create_check_constraint("foo", "t", "x>1"),
    "named: check by op.f": lambda op: op.create_check_constraint(op.f("foo"), "t", "x>1"),
    "named: unnamed unique": lambda op: op.create_unique_constraint(None, "t", ["x", "y"]),
    "named: unique": lambda op: op.create_unique_constraint("foo", "t", ["x"]),
    "named: unnamed index": lambda op: op.create_index(None, "t", ["x", "y"]),
    "named: unnamed foreign key": lambda op: op.create_foreign_key(None, "t", "u", ["x"], ["y"]),
    "named: unnamed primary key": lambda op: op.create_primary_key(None, "t", ["x"]),
    "named: drop check": lambda op: op.drop_constraint("foo", "t", type_="check"),
    "named: drop check by op.f": lambda op: op.drop_constraint(op.f("foo"), "t", type_="check"),
    "named: drop of unknown kind": lambda op: op.drop_constraint("foo", "t"),
    "named: create table": lambda op: op.create_table(
        "t",
        integer(sa.ForeignKey("u.y"), primary_key=True),
        sa.CheckConstraint("x>5", name="foo"),
        sa.UniqueConstraint("x"),
    ),
}  # fmt: skip

CALLS = {**COLUMNS, **CONSTRAINTS, **TABLES, **DATA, **NAMES, **MSSQL, **ORACLE}
OWN = {"mssql": MSSQL, "oracle": ORACLE}
PAIRS = [
    (name, dialect)
    for name in CALLS
    for dialect in DIALECTS
    if all(name not in own or dialect == owner for owner, own in OWN.items())
]
"""Each call with each dialect that it is made for."""


def metadata_for(name: str) -> sa.MetaData | None:
    """``target_metadata`` with a naming convention, for the cases that are about names."""
    return sa.MetaData(naming_convention=CONVENTION) if name in NAMES else None
