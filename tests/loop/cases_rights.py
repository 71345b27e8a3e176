"""Changes of policies, row security, grants, extensions and domains (PostgreSQL)."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import DOMAIN

from limbeck.schema import (
    Domain,
    Extension,
    Function,
    Grant,
    Policy,
    RowSecurity,
    SchemaObject,
    View,
)
from tests.loop.case import Build, Case, nothing, on


def notes(*objects: SchemaObject, email: bool = False) -> Build:
    """A table, and what is declared beside it."""

    def build(m: MetaData) -> None:
        address = DOMAIN("email", Text, create_type=False)
        more = [Column("mail", address)] if email else []
        Table("notes", m, Column("id", Integer, primary_key=True), Column("who", Text), *more)
        sa.Sequence("counter", metadata=m)
        for item in objects:
            item.attach(m)

    return build


MINE = Policy("mine", "notes", "SELECT", "who = current_user")
YOURS = Policy("mine", "notes", "SELECT", "who IN ('a', ':b', '100%') OR (id) > 7")
ALSO = Policy("also", "notes", check="(who)::text <> ''", permissive=False, roles=("pg_monitor",))
EMAIL = Domain("email", "text", checks={"has_at": "VALUE ~ '@'"})
STRICT = Domain(
    "email",
    "text",
    default="'a@b'",
    nullable=False,
    checks={"has_at": "VALUE ~ '.@.'", "short": "length(VALUE) < 100"},
    comment="it's an address",
)

ALL = (
    Case(
        "a policy with row security",
        notes(),
        notes(MINE, RowSecurity("notes")),
        compares=("policy", "row_security"),
        expected=("op.enable_row_security(", "op.disable_row_security("),
    ),
    Case("change policies", notes(MINE), notes(YOURS, ALSO)),
    Case(
        "force row security",
        notes(RowSecurity("notes")),
        notes(RowSecurity("notes", forced=True)),
    ),
    Case(
        "a new table with policies",
        nothing,
        notes(ALSO, MINE, RowSecurity("notes", forced=True)),
        compares=("policy", "row_security"),
    ),
    Case("a domain", notes(), notes(EMAIL), compares=("domain",)),
    Case("a domain of a column", nothing, notes(EMAIL, email=True), compares=("domain",)),
    Case(
        "change a domain of a column",
        notes(EMAIL, email=True),
        notes(STRICT, email=True),
        expected=("op.replace_domain(", "drop_checks="),
    ),
    Case(
        "a new column of a new domain",
        notes(),
        notes(EMAIL, email=True),
        compares=("domain",),
        expected=("op.create_domain(", "op.add_column("),
    ),
    Case(
        "another type of a domain",
        notes(EMAIL),
        notes(Domain("email", 'varchar(50) COLLATE "C"')),
    ),
    Case(
        "a domain with a function in it",
        notes(),
        notes(
            Function("ok", "n text", "RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT n > ''a'''"),
            Domain("email", "text", checks={"fine": "ok(VALUE)"}),
            View("v", "SELECT 'b'::email AS a"),
        ),
        compares=("function", "domain", "view"),
    ),
    Case(
        "an extension",
        notes(),
        notes(Extension("plpgsql_check_is_not_there", only_on=("oracle",)), Extension("citext")),
        compares=("extension",),
    ),
    Case(
        "another extension in a schema",
        notes(Extension("citext")),
        notes(Extension("citext", schema="apart"), Extension("pg_trgm", comment="three :letters")),
    ),
    Case(
        "grants",
        notes(),
        notes(
            Grant(("SELECT", "UPDATE"), "notes", "pg_monitor"),
            Grant(("USAGE",), "counter", "public", "sequence"),
            Grant(("SELECT",), "v", "pg_monitor", grantable=True),
            View("v", "SELECT id FROM notes"),
        ),
        compares=("view",),
    ),
    Case(
        "change grants",
        notes(
            Grant(("SELECT", "UPDATE"), "notes", "pg_monitor"),
            Grant(("EXECUTE",), "f(integer)", "pg_monitor", "function"),
            Grant(("USAGE",), "public", "pg_monitor", "schema"),
            Function("f", "n int", "RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ),
        notes(
            Grant(("select", "insert"), "notes", "pg_monitor"),
            Grant((), "f(integer)", "pg_monitor", "function"),
            Grant(("USAGE", "CREATE"), "public", "pg_monitor", "schema", grantable=True),
            Function("f", "n int", "RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ),
    ),
)

CASES = tuple(replace(case, databases=on("postgresql")) for case in ALL)
