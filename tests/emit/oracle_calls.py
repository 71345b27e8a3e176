"""Calls with what only Oracle has, or only it finds hard."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import oracle

Call = Callable[[Any], Any]

UTC = datetime.UTC


ORACLE: dict[str, Call] = {
    "oracle: add column in a schema": lambda op: op.add_column(
        "My T",
        sa.Column("User", oracle.VARCHAR2(9), server_default="it's", nullable=False),
        schema="s",
    ),
    "oracle: add column with all that belongs to it": lambda op: op.add_column(
        "t",
        sa.Column(
            "x",
            sa.Integer,
            sa.ForeignKey("u.id", name="fk", ondelete="CASCADE"),
            sa.CheckConstraint("x > 0", name="ck"),
            index=True,
            unique=False,
            comment="it's",
        ),
    ),
    "oracle: add virtual column": lambda op: op.add_column(
        "t", sa.Column("x", sa.Integer, sa.Computed("a * 2"))
    ),
    "oracle: add identity column": lambda op: op.add_column(
        "t",
        sa.Column(
            "x",
            sa.Integer,
            sa.Identity(always=True, start=3, increment=2, oracle_on_null=False, oracle_order=True),
        ),
    ),
    "oracle: add identity column on null": lambda op: op.add_column(
        "t", sa.Column("x", sa.Integer, sa.Identity(oracle_on_null=True))
    ),
    "oracle: add column if not exists": lambda op: op.add_column(
        "t", sa.Column("x", oracle.VARCHAR2(9), server_default="it's"), if_not_exists=True
    ),
    "oracle: drop column if exists": lambda op: op.drop_column(
        "My T", "x", schema="s", if_exists=True
    ),
    "oracle: alter all in a schema": lambda op: op.alter_column(
        "t",
        "x",
        schema="s",
        new_column_name="Y",
        type_=oracle.NUMBER(10, 2),
        nullable=False,
        server_default=sa.text("5"),
        comment="it's",
    ),
    "oracle: alter type only": lambda op: op.alter_column(
        "t",
        "x",
        type_=sa.DateTime(timezone=True),
        existing_type=sa.DateTime(),
        existing_nullable=False,
        existing_server_default=sa.text("sysdate"),
    ),
    "oracle: drop default": lambda op: op.alter_column("t", "x", server_default=None, schema="s"),
    "oracle: drop comment": lambda op: op.alter_column("t", "x", comment=None, schema="My S"),
    "oracle: add identity": lambda op: op.alter_column(
        "t", "x", server_default=sa.Identity(start=3, cache=5)
    ),
    "oracle: alter identity": lambda op: op.alter_column(
        "t",
        "x",
        server_default=sa.Identity(always=True, increment=2),
        existing_server_default=sa.Identity(),
    ),
    "oracle: drop identity": lambda op: op.alter_column(
        "t", "x", server_default=None, existing_server_default=sa.Identity(), schema="s"
    ),
    "oracle: identity to default": lambda op: op.alter_column(
        "t", "x", server_default=sa.text("0"), existing_server_default=sa.Identity()
    ),
    "oracle: rename table": lambda op: op.rename_table("My T", "it's", schema="s"),
    "oracle: create table with options": lambda op: op.create_table(
        "t",
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("x", oracle.CLOB),
        oracle_compress="OLTP",
        oracle_tablespace="users",
    ),
    "oracle: create temporary table": lambda op: op.create_table(
        "t",
        sa.Column("x", sa.Integer),
        prefixes=["GLOBAL TEMPORARY"],
        oracle_on_commit="PRESERVE ROWS",
    ),
    "oracle: create table if not exists": lambda op: op.create_table(
        "t", sa.Column("x", oracle.VARCHAR2(3), server_default="a"), if_not_exists=True
    ),
    "oracle: create table with comments": lambda op: op.create_table(
        "t", sa.Column("x", sa.Integer, comment="cc"), comment="it's", schema="s"
    ),
    "oracle: drop table if exists": lambda op: op.drop_table("My T", schema="s", if_exists=True),
    "oracle: drop table comment": lambda op: op.drop_table_comment(
        "t", existing_comment="c", schema="s"
    ),
    "oracle: create bitmap index": lambda op: op.create_index(
        "ix", "t", ["a"], schema="s", oracle_bitmap=True
    ),
    "oracle: create compressed index": lambda op: op.create_index(
        "ix", "t", ["a", "b"], unique=True, oracle_compress=1
    ),
    "oracle: create index of an expression": lambda op: op.create_index(
        "ix", "t", [sa.func.upper(sa.column("a")), sa.text("b DESC")]
    ),
    "oracle: create index if not exists": lambda op: op.create_index(
        "ix", "t", ["a"], if_not_exists=True
    ),
    "oracle: drop index if exists": lambda op: op.drop_index("ix", "t", schema="s", if_exists=True),
    "oracle: create foreign key": lambda op: op.create_foreign_key(
        "fk",
        "t",
        "u",
        ["a"],
        ["b"],
        ondelete="SET NULL",
        deferrable=True,
        initially="DEFERRED",
        source_schema="s",
        referent_schema="r",
    ),
    "oracle: create check": lambda op: op.create_check_constraint("ck", "t", "x <> ':b'"),
    "oracle: drop constraint if exists": lambda op: op.drop_constraint(
        "uq", "t", "unique", schema="s", if_exists=True
    ),
    "oracle: drop primary key without a name": lambda op: op.drop_constraint(
        None, "t", "primary", schema="s"
    ),
    "oracle: insert rows": lambda op: op.bulk_insert(
        sa.table(
            "t",
            sa.column("d", sa.Date),
            sa.column("b", sa.LargeBinary),
            sa.column("w", sa.DateTime),
        ),
        [
            {
                "d": datetime.date(2020, 1, 2),
                "b": b"\x01\xff",
                "w": datetime.datetime(2020, 1, 2, 3, 4, 5),
            },
            {"d": None, "b": None, "w": datetime.datetime(2020, 1, 2, 3, 4, 5, 6000, UTC)},
        ],
    ),
    "oracle: execute a block": lambda op: op.execute("BEGIN\n    NULL;\nEND;"),
    "oracle: insert a row": lambda op: op.execute(
        sa.insert(
            sa.Table(
                "t",
                sa.MetaData(),
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("x", sa.String(3)),
            )
        ).values(x=op.inline_literal("a"))
    ),
}
