"""Calls with what only SQL Server has, or only it finds hard."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql

Call = Callable[[Any], Any]

NOW = datetime.datetime(2020, 1, 2, 3, 4, 5, 678901)


def table(**options: Any) -> sa.Table:
    """A table whose first column numbers the rows."""
    columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Unicode(9))
    return sa.Table("t", sa.MetaData(), *columns, **options)


MSSQL: dict[str, Call] = {
    # names
    "mssql: rename table to an awkward name": lambda op: op.rename_table(
        "a.b", "it's]", schema="My S"
    ),
    "mssql: rename table of another database": lambda op: op.rename_table(
        "t", "u", schema="sales.dbo"
    ),
    "mssql: rename table of a schema with a dot": lambda op: op.rename_table(
        "t", "u", schema="[a.b]"
    ),
    "mssql: rename table beyond the code page": lambda op: op.rename_table("täb", "тест"),
    "mssql: rename column in a schema": lambda op: op.alter_column(
        "t", "x", new_column_name="Y z", schema="s"
    ),
    "mssql: rename column to an awkward name": lambda op: op.alter_column(
        "My T", "a.b", new_column_name="a]b"
    ),
    "mssql: rename column of another database": lambda op: op.alter_column(
        "t", "x", new_column_name="y", schema="[my db].dbo"
    ),
    # types and nullability
    "mssql: alter nullable of a new type": lambda op: op.alter_column(
        "t", "x", nullable=True, type_=sa.Unicode(5), schema="s"
    ),
    "mssql: alter type and keep it nullable": lambda op: op.alter_column(
        "t", "x", type_=mssql.DATETIMEOFFSET(3), existing_nullable=True
    ),
    "mssql: alter length beside a default": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.String(50),
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default="a",
    ),
    "mssql: alter type beside a default": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.Date(),
        existing_type=sa.DateTime(),
        existing_nullable=False,
        existing_server_default=sa.text("(getdate())"),
    ),
    "mssql: alter type and default": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_server_default="5",
        server_default="6",
    ),
    "mssql: alter type and drop default": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_server_default="5",
        server_default=None,
    ),
    "mssql: alter type of an identity": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_server_default=sa.Identity(),
    ),
    # defaults
    "mssql: alter default, there is one": lambda op: op.alter_column(
        "t",
        "x",
        server_default=sa.text("newid()"),
        existing_server_default=sa.text("'a'"),
        schema="s",
    ),
    "mssql: alter default, there is none": lambda op: op.alter_column(
        "t", "x", server_default="it's", existing_server_default=None
    ),
    "mssql: alter default beyond the code page": lambda op: op.alter_column(
        "t", "x", server_default="ж"
    ),
    "mssql: drop default, awkward names": lambda op: op.alter_column(
        "My 'T'", "o'x", server_default=None, schema="a.b"
    ),
    "mssql: drop default beyond the code page": lambda op: op.alter_column(
        "täb", "ö", server_default=None
    ),
    # dropping columns
    "mssql: drop column with all that hangs on it": lambda op: op.drop_column(
        "t",
        "x",
        schema="s",
        mssql_drop_default=True,
        mssql_drop_check=True,
        mssql_drop_foreign_key=True,
    ),
    "mssql: drop column with its default, if exists": lambda op: op.drop_column(
        "t", "x", mssql_drop_default=True, if_exists=True
    ),
    "mssql: keep what is told to stay": lambda op: op.drop_column(
        "t", "x", mssql_drop_default=False, mssql_drop_check=False
    ),
    # comments
    "mssql: comment on a new column": lambda op: op.add_column(
        "t", sa.Column("x", sa.Integer, comment="it's ж")
    ),
    "mssql: another comment": lambda op: op.alter_column(
        "t", "x", comment="new", existing_comment="old", existing_type=sa.Integer()
    ),
    "mssql: drop a known comment": lambda op: op.alter_column(
        "t", "x", comment=None, existing_comment="old", existing_type=sa.Integer()
    ),
    "mssql: drop an unknown comment": lambda op: op.alter_column(
        "user", "o'x", comment=None, schema="My S"
    ),
    "mssql: comment in another database": lambda op: op.alter_column(
        "t", "x", comment="c", existing_comment="b", schema="sales.dbo"
    ),
    "mssql: another table comment": lambda op: op.create_table_comment(
        "t", "new", existing_comment="old", schema="s"
    ),
    "mssql: drop a known table comment": lambda op: op.drop_table_comment(
        "t", existing_comment="old"
    ),
    "mssql: comments on a new table": lambda op: op.create_table(
        "t", sa.Column("x", sa.Integer, comment="cc"), comment="tc"
    ),
    # columns and tables
    "mssql: add identity column": lambda op: op.add_column(
        "t", sa.Column("x", sa.BigInteger, sa.Identity(start=5, increment=2), nullable=False)
    ),
    "mssql: add column with collation": lambda op: op.add_column(
        "t",
        sa.Column(
            "x", sa.String(5, collation="Latin1_General_BIN"), nullable=False, server_default=""
        ),
    ),
    "mssql: add timestamp column": lambda op: op.add_column("t", sa.Column("x", mssql.ROWVERSION)),
    "mssql: add column in another database": lambda op: op.add_column(
        "t", sa.Column("x", sa.Integer), schema="sales.dbo", if_not_exists=True
    ),
    "mssql: create table with clustered key": lambda op: op.create_table(
        "t",
        sa.Column("a", sa.Integer, autoincrement=False),
        sa.Column("b", sa.Unicode(9), server_default="ж"),
        sa.PrimaryKeyConstraint("a", name="pk", mssql_clustered=False),
        sa.UniqueConstraint("b", name="uq", mssql_clustered=True),
    ),
    "mssql: create table if not exists": lambda op: op.create_table(
        "My T", sa.Column("a", sa.Integer), schema="s", if_not_exists=True
    ),
    "mssql: drop table if exists": lambda op: op.drop_table("t", schema="s", if_exists=True),
    # indexes and constraints
    "mssql: create filtered index": lambda op: op.create_index(
        "ix",
        "t",
        ["a", sa.text("b DESC")],
        unique=True,
        schema="s",
        mssql_where=sa.text("a > 5"),
        mssql_include=["c", "d"],
    ),
    "mssql: create clustered index": lambda op: op.create_index(
        "ix", "t", ["a"], mssql_clustered=True
    ),
    "mssql: create nonclustered index": lambda op: op.create_index(
        "ix", "t", ["a"], mssql_clustered=False
    ),
    "mssql: create columnstore index": lambda op: op.create_index(
        "ix", "t", [], mssql_clustered=True, mssql_columnstore=True
    ),
    "mssql: create index if not exists": lambda op: op.create_index(
        "i'x", "My T", ["a"], schema="s", if_not_exists=True
    ),
    "mssql: create index if not exists in another database": lambda op: op.create_index(
        "ix", "t", ["a"], schema="sales.dbo", if_not_exists=True
    ),
    "mssql: drop index if exists": lambda op: op.drop_index("ix", "t", schema="s", if_exists=True),
    "mssql: drop index": lambda op: op.drop_index("i x", table_name="My T"),
    "mssql: drop constraint if exists": lambda op: op.drop_constraint(
        "uq", "t", "unique", schema="s", if_exists=True
    ),
    # rows
    "mssql: insert rows that say their number": lambda op: op.bulk_insert(
        table(), [{"id": 1, "name": "ж"}, {"id": 2, "name": None}]
    ),
    "mssql: insert rows that are numbered": lambda op: op.bulk_insert(
        table(), [{"name": "a"}, {"name": "it's"}]
    ),
    "mssql: insert rows of both kinds": lambda op: op.bulk_insert(
        table(schema="s"), [{"name": "a"}, {"id": 7, "name": "b"}, {"name": "c"}]
    ),
    "mssql: insert rows without numbering": lambda op: op.bulk_insert(
        sa.Table(
            "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
        ),
        [{"id": 1}],
    ),
    "mssql: insert rows, identity elsewhere": lambda op: op.bulk_insert(
        sa.Table(
            "t",
            sa.MetaData(),
            sa.Column("code", sa.String(2), primary_key=True),
            sa.Column("n", sa.Integer, sa.Identity()),
        ),
        [{"code": "a", "n": 1}],
    ),
    "mssql: insert rows into a table by name": lambda op: op.bulk_insert(
        sa.table("t", sa.column("id", sa.Integer), sa.column("x", sa.String)), [{"id": 1, "x": "ж"}]
    ),
    "mssql: insert rows, the number unknown": lambda op: op.bulk_insert(
        sa.table(
            "t",
            sa.column("k", sa.Integer),
            sa.column("n", sa.Numeric),
            sa.column("x", sa.String),
            schema="sales.dbo",
        ),
        [{"k": 1, "n": 2, "x": "a"}],
    ),
    "mssql: insert rows without numbers": lambda op: op.bulk_insert(
        sa.table("t", sa.column("x", sa.String)), [{"x": "a"}]
    ),
    "mssql: insert a column of unknown type": lambda op: op.bulk_insert(
        sa.table("t", sa.column("x")), [{"x": "ж"}]
    ),
    # text
    "mssql: statement beyond the code page": lambda op: op.execute(
        sa.update(sa.table("t", sa.column("x", sa.String))).values(x="ж")
    ),
    "mssql: values that mean the same everywhere": lambda op: op.bulk_insert(
        sa.table(
            "t",
            sa.column("d", sa.Date),
            sa.column("w", sa.DateTime),
            sa.column("e", mssql.DATETIME2),
            sa.column("z", sa.DateTime(timezone=True)),
            sa.column("b", sa.LargeBinary),
        ),
        [
            {
                "d": NOW.date(),
                "w": NOW,
                "e": NOW,
                "z": NOW.replace(tzinfo=datetime.UTC),
                "b": b"\x01\xff",
            }
        ],
    ),
    "mssql: types of a server of today": lambda op: op.add_column(
        "t", sa.Column("x", sa.Text, nullable=False)
    ),
}
