"""SQL Server and Oracle, which are not run: what SQLAlchemy says of their tables is written down.

Each side has the types and words that SQLAlchemy's dialect makes of what the server stores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, oracle
from sqlalchemy.schema import CreateIndex

from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard import reflect, sources
from limbeck.diff.compare import compare
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import SchemaFact
from limbeck.facts.scope import Scope
from tests.compare.runner import metadata_of, told
from tests.emit.emitting import dialect_named

Rows = dict[str, Any]


class Inspected:
    """Answers as an Inspector does, for one table."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def answer(**_: Any) -> Any:
            kind = method.removeprefix("get_multi_")
            if kind not in self._rows:
                raise NotImplementedError(method)
            return {(None, "t"): self._rows[kind]}

        return answer


def column(name: str, type_: Any, *, nullable: bool = True, **more: Any) -> Rows:
    return {"name": name, "type": type_, "nullable": nullable, "default": None, **more}


COLLATED = {"collation": "SQL_Latin1_General_CP1_CI_AS"}
SQL_SERVER: Rows = {
    "columns": [
        column("id", mssql.INTEGER(), nullable=False, identity={"start": 1, "increment": 1}),
        column("name", mssql.NVARCHAR(30, **COLLATED), nullable=False, default="(N'x')"),
        column("code", mssql.VARCHAR(5, **COLLATED), default="('A (b)')"),
        column("size", mssql.INTEGER(), default="((5))"),
        column("debt", mssql.NUMERIC(18, 0), default="((-1.5))"),
        column("text", mssql.VARCHAR(None, **COLLATED)),
        column("share", mssql.FLOAT(53)),
        column("real", mssql.REAL(precision=24)),
        column("day", mssql.DATE()),
        column("since", mssql.DATETIME(), default="(getdate())"),
        column("exact", mssql.DATETIME2()),
        column("zoned", mssql.DATETIMEOFFSET()),
        column("active", mssql.BIT(), nullable=False, default="((1))"),
        column("uid", mssql.UNIQUEIDENTIFIER(), default="(newid())"),
        column("data", mssql.VARBINARY(None)),
        column(
            "gross",
            mssql.NUMERIC(10, 2),
            computed={"sqltext": "([size]*(1.19))", "persisted": False},
        ),
    ],
    "pk_constraint": {"name": "PK__t__3213E83F", "constrained_columns": ["id"]},
    "foreign_keys": [
        {
            "name": "FK__t__size__1",
            "constrained_columns": ["size"],
            "referred_schema": None,
            "referred_table": "t",
            "referred_columns": ["id"],
            "options": {"ondelete": "CASCADE"},
        }
    ],
    "indexes": [
        {"name": "UQ__t__357D4CF8", "unique": True, "column_names": ["code"]},
        {"name": "uq_name", "unique": True, "column_names": ["name", "size"]},
        {"name": "ix_day", "unique": False, "column_names": ["day"]},
        {
            "name": "ix_size",
            "unique": False,
            "column_names": ["size"],
            "dialect_options": {
                "mssql_include": ["code"],
                "mssql_clustered": False,
                "mssql_where": "([size]>(5) AND [name] IS NOT NULL)",
            },
        },
    ],
    "table_comment": {"text": None},
}


def sql_server(
    metadata: sa.MetaData, include: Sequence[str] = ("code",), limit: int = 5, **other: Any
) -> sa.Table:
    types = {"name": sa.Unicode(30), "size": sa.Integer(), **other}
    return sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", types["name"], nullable=False, server_default="x"),
        sa.Column("code", sa.String(5), unique=True, server_default="A (b)"),
        sa.Column(
            "size", types["size"], sa.ForeignKey("t.id", ondelete="CASCADE"), server_default="5"
        ),
        sa.Column("debt", sa.DECIMAL(), server_default=sa.text("-1.5")),
        sa.Column("text", sa.Text),
        sa.Column("share", sa.Float),
        sa.Column("real", sa.REAL),
        sa.Column("day", sa.Date, index=False),
        sa.Column("since", sa.DateTime, server_default=sa.func.now()),
        sa.Column("exact", mssql.DATETIME2(3)),
        sa.Column("zoned", sa.DateTime(timezone=True)),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("uid", sa.Uuid, server_default=sa.text("NEWID()")),
        sa.Column("data", sa.LargeBinary),
        sa.Column("gross", sa.Numeric(10, 2), sa.Computed("size * 1.19")),
        sa.UniqueConstraint("name", "size", name="uq_name"),
        sa.CheckConstraint("size > 0", name="ck"),
        sa.Index("ix_day", "day"),
        sa.Index(
            "ix_size",
            "size",
            mssql_include=include,
            mssql_where=sa.text(f"size > {limit} AND name IS NOT NULL"),
        ),
    )


ORACLE: Rows = {
    "columns": [
        column(
            "id",
            sa.INTEGER(),
            nullable=False,
            identity={
                "always": False,
                "oracle_on_null": False,
                "start": 100,
                "increment": 1,
                "maxvalue": 10**28 - 1,
                "minvalue": 1,
                "cycle": False,
                "cache": 20,
                "oracle_order": False,
            },
        ),
        column("name", oracle.VARCHAR(30), nullable=False, default="'x' "),
        column("size", sa.INTEGER(), default="'5'\n"),
        column("big", oracle.NUMBER(19, 0), default="NULL"),
        column("money", oracle.NUMBER(10, 2)),
        column("small", sa.INTEGER()),
        column("share", sa.DOUBLE_PRECISION()),
        column("day", oracle.DATE(), default="CURRENT_TIMESTAMP"),
        column("text", oracle.CLOB()),
        column("gross", oracle.NUMBER(10, 2), computed={"sqltext": '"SIZE"*1.19'}),
    ],
    "pk_constraint": {"name": "SYS_C007", "constrained_columns": ["id"]},
    "foreign_keys": [
        {
            "name": "SYS_C009",
            "constrained_columns": ["size"],
            "referred_schema": None,
            "referred_table": "t",
            "referred_columns": ["id"],
            "options": {},
        }
    ],
    "unique_constraints": [
        {"name": "uq_name", "column_names": ["name"], "duplicates_index": "uq_name"}
    ],
    "check_constraints": [{"name": "ck", "sqltext": "size > 0"}],
    "indexes": [{"name": "uq_name", "unique": True, "column_names": ["name"]}],
    "table_comment": {"text": None},
}


def oracle_models(metadata: sa.MetaData, **other: Any) -> sa.Table:
    types = {"name": sa.String(30), "size": sa.Integer(), **other}
    return sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, sa.Identity(start=100), primary_key=True),
        sa.Column("name", types["name"], nullable=False, server_default="x"),
        sa.Column(
            "size", types["size"], sa.ForeignKey("t.id", onupdate="CASCADE"), server_default="5"
        ),
        sa.Column("big", sa.BigInteger),
        sa.Column("money", sa.Numeric(10, 2)),
        sa.Column("small", sa.SmallInteger),
        sa.Column("share", sa.Float),
        sa.Column("day", sa.DateTime, server_default=sa.func.now()),
        sa.Column("text", sa.Text),
        sa.Column("gross", sa.Numeric(10, 2), sa.Computed("size * 1.19")),
        sa.UniqueConstraint("name", name="uq_name"),
        sa.CheckConstraint("size > 0", name="ck"),
    )


CASES = {"mssql": (SQL_SERVER, sql_server), "oracle": (ORACLE, oracle_models)}


def both(
    monkeypatch: pytest.MonkeyPatch, database: str, **other: Any
) -> tuple[SchemaFact, SchemaFact]:
    """What is stored, and what the models want."""
    rows, models = CASES[database]
    dialect = dialect_named(database)
    if database == "mssql":
        dialect.server_version_info, dialect.deprecate_large_types = (16,), True
    for module in (reflect, sources):
        monkeypatch.setattr(module, "inspect", lambda _: Inspected(rows))
    backend, scope = backend_for(dialect), Scope()
    connection: Any = SimpleNamespace(dialect=dialect)
    wanted = metadata_of(lambda metadata: models(metadata, **other))
    before, after = backend.settle(
        backend.reflect(connection, scope), backend.describe([wanted], dialect, scope)
    )
    return backend.with_sources(
        connection, before, {before.tables[0].key}, scope, NO_NEW_NAMES
    ), after


@pytest.mark.parametrize("database", CASES)
def test_what_is_equal(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    assert compare(*both(monkeypatch, database)) == ()


TYPES = {"name": sa.Unicode(31), "size": sa.BigInteger()}
DIFFERENT: list[tuple[str, dict[str, Any], list[str]]] = [
    ("mssql", TYPES, ["change column t.name: type", "change column t.size: type"]),
    ("oracle", TYPES, ["change column t.name: type", "change column t.size: type"]),
    ("mssql", {"limit": 6}, ["change index t.ix_size: where"]),
    ("mssql", {"include": ["code", "day"]}, ["change index t.ix_size: options"]),
]


@pytest.mark.parametrize(("database", "other", "expected"), DIFFERENT)
def test_what_is_different(
    monkeypatch: pytest.MonkeyPatch, database: str, other: dict[str, Any], expected: list[str]
) -> None:
    assert [told(change) for change in compare(*both(monkeypatch, database, **other))] == expected


def test_an_index_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before, _ = both(monkeypatch, "mssql")
    (index,) = (i.source for i in before.tables[0].indexes if i.name == "ix_size")
    assert isinstance(index, sa.Index)
    made = str(CreateIndex(index).compile(dialect=dialect_named("mssql")))
    assert made == (
        "CREATE INDEX ix_size ON t (size) INCLUDE (code) WHERE size > 5 AND name IS NOT NULL"
    )
