"""What the models say that a column holds by default, as SQL for the rows that are there."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import CompileError

from limbeck.plan.fills import Fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect

_NOW = frozenset({"datetime", "dt", "now", "utcnow", "timezone", "utc", "UTC", "tz"})
"""The names of a function that asks for the time and does nothing else."""

_UUID = {
    "postgresql": "gen_random_uuid()",
    "mysql": "uuid()",
    "mariadb": "uuid()",
    # Version 4, as far as SQLite can: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4
    "sqlite": "lower(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || "
    "substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || "
    "hex(randomblob(6)))",
}
_UTC = {
    "postgresql": "timezone('utc', now())",
    "mysql": "utc_timestamp()",
    "mariadb": "utc_timestamp()",
    "sqlite": "CURRENT_TIMESTAMP",
}


def fill_of(column: sa.Column[Any], dialect: Dialect) -> Fill | None:
    """What the rows that are there get in a column, by the models.

    :param column: a column of the models.
    :param dialect: the database.
    :returns: None where the models do not say, or say what SQL cannot.
    """
    default: Any = column.default
    sql: str | None = None
    if isinstance(column.server_default, sa.DefaultClause):
        sql = _server_default(column.server_default, dialect)
    elif default is None:
        return None
    elif default.is_scalar:
        sql = _literal(default.arg, column, dialect)
    elif default.is_clause_element:
        sql = _compiled(default.arg, dialect)
    elif default.is_callable:
        sql = _called(getattr(default.arg, "__wrapped__", default.arg), column, dialect)
    if sql is None:
        return None
    fill = Fill(sql)
    return None if is_unique(column) and not _differs(sql) else fill


def is_unique(column: sa.Column[Any]) -> bool:
    """Whether no two rows may have the same value in a column."""
    table: sa.Table = column.table
    if column.unique or (column.primary_key and len(table.primary_key.columns) == 1):
        return True
    indexed = [list(index.columns) for index in table.indexes if index.unique]
    constrained = [list(c.columns) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    return [column] in (*indexed, *constrained)


def _differs(sql: str) -> bool:
    return sql in _UUID.values() or "uuid" in sql


def _server_default(default: sa.DefaultClause, dialect: Dialect) -> str | None:
    if isinstance(default.arg, str):
        return _compiled(sa.literal(default.arg, sa.String()), dialect)
    return _compiled(default.arg, dialect)


def _literal(value: object, column: sa.Column[Any], dialect: Dialect) -> str | None:
    if isinstance(value, bytes):
        digits = value.hex()
        return f"'\\x{digits}'" if dialect.name == "postgresql" else f"x'{digits}'"
    written = _compiled(sa.literal(value, column.type), dialect)
    if written is not None:
        # `ARRAY[]` has no type of its own, and `ARRAY['a']` is none of an enumeration
        # https://www.postgresql.org/docs/current/sql-expressions.html#SQL-SYNTAX-ARRAY-CONSTRUCTORS
        is_array = isinstance(column.type, sa.ARRAY)
        return f"CAST({written} AS {column.type.compile(dialect=dialect)})" if is_array else written
    if not isinstance(column.type.dialect_impl(dialect), sa.JSON):
        return None
    # JSON writes no literals, and drivers wrap what they send.
    serialize = getattr(dialect, "_json_serializer", None) or json.dumps
    return _compiled(sa.literal(serialize(value), sa.String()), dialect)


def _compiled(expression: Any, dialect: Dialect) -> str | None:
    try:
        text = str(
            expression.compile(
                dialect=dialect, compile_kwargs={"literal_binds": True, "include_table": False}
            )
        )
    except (CompileError, NotImplementedError, AttributeError, TypeError, ValueError):
        return None
    doubled = getattr(dialect.identifier_preparer, "_double_percents", False)
    return text.replace("%%", "%") if doubled else text


def _called(function: Callable[..., Any], column: sa.Column[Any], dialect: Dialect) -> str | None:
    """What a function that is well known gives, as SQL."""
    if function in (dict, list):
        return _literal(function(), column, dialect)
    names = _names_in(function)
    if function is uuid.uuid4 or names in ({"uuid4"}, {"uuid", "uuid4"}):
        return _uuid(column, dialect)
    if function == datetime.date.today:
        return "CURRENT_DATE"
    utc = function == getattr(datetime.datetime, "utcnow", None) or bool(
        names & {"utcnow", "utc", "UTC"}
    )
    is_now = utc or function == datetime.datetime.now or "now" in names
    if not is_now or not names <= _NOW or not isinstance(column.type, sa.DateTime):
        return None
    if utc and not (column.type.timezone and dialect.name == "postgresql"):
        return _UTC.get(dialect.name)
    return "CURRENT_TIMESTAMP"


def _names_in(function: Callable[..., Any]) -> frozenset[str]:
    """The global names and attributes that a function of the user's mentions."""
    code = getattr(function, "__code__", None)
    return frozenset() if code is None or function is uuid.uuid4 else frozenset(code.co_names)


def _uuid(column: sa.Column[Any], dialect: Dialect) -> str | None:
    if not isinstance(column.type, sa.Uuid):
        return None
    words, made = column.type.compile(dialect=dialect), _UUID.get(dialect.name)
    if made is None or words.upper() == "UUID" or dialect.name == "sqlite":
        return made
    text = f"{made}::text" if dialect.name == "postgresql" else made
    return f"replace({text}, '-', '')"
