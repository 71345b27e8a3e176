"""Functions and domains that are made anew while tables lean on them (PostgreSQL)."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Computed, Index, Integer, MetaData, Table, text
from sqlalchemy.dialects.postgresql import DOMAIN

from limbeck.schema import Domain, Function, Policy, View
from tests.loop.case import Build, Case, on

ONE = "RETURNS {} IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1'"


def leaning(arguments: str, result: str = "integer") -> Build:
    """A table of which everything leans on a function."""

    def build(m: MetaData) -> None:
        Function("one", arguments, ONE.format(result)).attach(m)
        Table(
            "t",
            m,
            Column("id", Integer, primary_key=True),
            Column("n", Integer, server_default=text("one(7)")),
            Column("c", Integer, Computed("one(n)", persisted=True)),
            CheckConstraint("one(n) > 0", name="positive"),
            Index("by_one", text("one(n)")),
            Index("some", "id", postgresql_where=text("one(id) > 3")),
        )
        View("v", "SELECT one(n) AS more, c FROM t").attach(m)
        Policy("p", "t", using="one(id) > 2").attach(m)

    return build


def mails(type_: str, default: str | None = None) -> Build:
    """A table with columns of a domain."""

    def build(m: MetaData) -> None:
        Domain("code", type_).attach(m)
        code = DOMAIN("code", sa.Text, create_type=False)
        Table(
            "t",
            m,
            Column("id", Integer, primary_key=True),
            Column("mail", code, server_default=default, nullable=False),
            Column("other", code, index=True),
        )
        View("v", "SELECT mail FROM t").attach(m)

    return build


ALL = (
    Case("other argument names under a table", leaning("a integer"), leaning("b integer")),
    Case("other arguments under a table", leaning("a integer"), leaning("a bigint", "bigint")),
    Case("another result under a table", leaning("a integer"), leaning("a integer", "bigint")),
    Case("another type of a domain in use", mails("text"), mails("varchar(50)")),
    Case("numbers under a domain in use", mails("text", "7"), mails("integer", "7")),
)

CASES = tuple(replace(case, databases=on("postgresql")) for case in ALL)
