"""Views, routines and triggers as MySQL and MariaDB keep them.

A view is kept in the server's own words, everything else as it was written.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from limbeck.dialects.mysql.sql_tokens import spelled_tokens, unquoted
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import SchemaObject, View

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.scope import Scope

_VIEWS = "SELECT * FROM information_schema.VIEWS WHERE TABLE_SCHEMA IN :schemas"
_ROUTINES = """
    SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES
    WHERE ROUTINE_SCHEMA IN :schemas AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
"""
_TRIGGERS = """
    SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION,
        ACTION_STATEMENT
    FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA IN :schemas
"""


def reflect_objects(connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
    """The views, routines and triggers of the databases that are looked at."""
    schemas = [name for name in map(scope.real_schema, scope.schemas or ("",)) if name]
    if not schemas:
        return ()
    found = [
        *_views(connection, schemas, scope),
        *_routines(connection, schemas, scope),
        *_triggers(connection, schemas, scope),
    ]
    return tuple(sorted(found, key=lambda item: item.key))


def _rows(connection: Connection, sql: str, schemas: list[str]) -> Any:
    statement = text(sql).bindparams(bindparam("schemas", expanding=True))
    return connection.execute(statement, {"schemas": schemas}).mappings().all()


def _views(connection: Connection, schemas: list[str], scope: Scope) -> Iterator[View]:
    me = connection.exec_driver_sql("SELECT CURRENT_USER()").scalar_one()
    for row in _rows(connection, _VIEWS, schemas):
        yield View(
            row["TABLE_NAME"],
            without_database(row["VIEW_DEFINITION"], scope.real_schema("")),
            view_options(row, me),
            schema=scope.key(row["TABLE_SCHEMA"], "").schema or None,
        )


def view_options(row: Any, me: str) -> dict[str, str]:
    """The options of a view that are not those that it has anyway.

    :param row: of ``information_schema.VIEWS``; MySQL does not tell the algorithm.
    :param me: who is asking, as ``CURRENT_USER()`` says it.
    """
    said = {
        "algorithm": str(row.get("ALGORITHM", "UNDEFINED")).lower(),
        "check_option": str(row["CHECK_OPTION"]).lower(),
        "definer": "" if row["DEFINER"] == me else row["DEFINER"],
        "security": str(row["SECURITY_TYPE"]).lower(),
    }
    usual = {"algorithm": "undefined", "check_option": "none", "definer": "", "security": "definer"}
    return {name: word for name, word in said.items() if word != usual[name]}


def without_database(sql: str, database: str) -> str:
    """A view's text without the name of the database that it is in.

    A revision is run on databases of other names too.
    """
    tokens = spelled_tokens(sql)
    pieces, end = [], 0
    for (token, start, _), (following, _, behind) in itertools.pairwise(tokens):
        kind, words = token
        if kind == "quoted" and following[1] == "." and unquoted(words) == database:
            before = sql[:start].rstrip()
            if not before.endswith("."):
                pieces.append(sql[end:start])
                end = behind
    return "".join([*pieces, sql[end:]])


def _routines(
    connection: Connection, schemas: list[str], scope: Scope
) -> Iterator[Function | Procedure]:
    for row in _rows(connection, _ROUTINES, schemas):
        schema, name = row["ROUTINE_SCHEMA"], row["ROUTINE_NAME"]
        found = read_routine(connection, row["ROUTINE_TYPE"], schema, name)
        if found is not None:
            kind = Function if row["ROUTINE_TYPE"] == "FUNCTION" else Procedure
            yield kind(name, *found, "", schema=scope.key(schema, "").schema or None)


def read_routine(
    connection: Connection, kind: str, schema: str, name: str
) -> tuple[str, str] | None:
    """The arguments of a routine, and everything behind them; None where nobody may see it."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    address = f"{quote(schema)}.{quote(name)}".replace("%", "%%")
    row = connection.exec_driver_sql(f"SHOW CREATE {kind} {address}").one()
    sql: str | None = row[2]
    if sql is None:
        return None
    return _cut(sql, name)


def _cut(sql: str, name: str) -> tuple[str, str] | None:
    """``CREATE DEFINER=… FUNCTION `name`(arguments) definition`` in its two pieces."""
    tokens = spelled_tokens(sql)
    depth, opened = 0, -1
    for place, ((kind, words), start, end) in enumerate(tokens):
        if opened < 0:
            named = place and unquoted(tokens[place - 1][0][1]) == name
            if words == "(" and named:
                opened, depth = end, 1
        elif kind == "sign" and words in "()":
            depth += 1 if words == "(" else -1
            if depth == 0:
                return sql[opened:start], sql[end:]
    return None


def _triggers(connection: Connection, schemas: list[str], scope: Scope) -> Iterator[Trigger]:
    for row in _rows(connection, _TRIGGERS, schemas):
        yield Trigger(
            row["TRIGGER_NAME"],
            row["EVENT_OBJECT_TABLE"],
            f"{row['ACTION_TIMING']} {row['EVENT_MANIPULATION']}",
            f"FOR EACH ROW {row['ACTION_STATEMENT']}",
            schema=scope.key(row["TRIGGER_SCHEMA"], "").schema or None,
        )
