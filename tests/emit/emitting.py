"""Run operations, write them as text, and look at what is there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.operations.ops import MigrateOperation


def dialect_named(name: str) -> sa.Dialect:
    """A dialect that speaks to no server."""
    found: sa.Dialect = URL.create(name).get_dialect()()
    return found


def offline(dialect: str, metadata: sa.MetaData | None = None) -> EmitTarget:
    """A target for text."""
    return EmitTarget(dialect_named(dialect), metadata=metadata, as_sql=True)


def text_of(operation: MigrateOperation, target: EmitTarget) -> list[str]:
    """The statements of an operation as text."""
    backend = backend_for(target.dialect)
    return [
        backend.text(statement, target.dialect)
        for statement in backend.statements(operation, target)
    ]


def run(connection: sa.Connection, *operations: MigrateOperation) -> list[str]:
    """Carry operations out, and return what was said to the database."""
    backend = backend_for(connection.dialect)
    target = EmitTarget(connection.dialect, connection=connection)
    said = []
    for operation in operations:
        for statement in backend.statements(operation, target):
            said.append(backend.text(statement, connection.dialect))
            connection.execute(statement)
    return said


def look(connection: sa.Connection, table: str) -> dict[str, Any]:
    """A table as SQLAlchemy's own reflection sees it, as plain values."""
    inspector = sa.inspect(connection)
    columns = {}
    for column in inspector.get_columns(table):
        columns[column["name"]] = {
            "type": column["type"].compile(connection.dialect),
            "nullable": column["nullable"],
            "default": column["default"],
            "comment": column.get("comment"),
            "computed": column.get("computed"),
            "identity": column.get("identity"),
            "autoincrement": column.get("autoincrement"),
        }
    keys = [
        {**key, "options": dict(sorted(key["options"].items()))}
        for key in inspector.get_foreign_keys(table)
    ]
    return {
        "columns": columns,
        "primary_key": inspector.get_pk_constraint(table)["constrained_columns"],
        "uniques": _by_name(inspector.get_unique_constraints(table)),
        # SQLAlchemy reads no names of foreign keys that stand within a column on SQLite.
        "foreign_keys": {"-".join(key["constrained_columns"]): key for key in keys},
        "checks": _by_name(inspector.get_check_constraints(table)),
        "indexes": _by_name(inspector.get_indexes(table)),
        "comment": _comment(inspector, table),
    }


def _by_name(objects: Any) -> dict[str, Any]:
    return {str(one["name"]): dict(one) for one in objects}


def _comment(inspector: sa.Inspector, table: str) -> str | None:
    if not inspector.dialect.supports_comments:
        return None
    return inspector.get_table_comment(table)["text"]


def at(looked: dict[str, Any], path: str) -> Any:
    """What lies at a path such as ``columns.x.nullable``; None where nothing does."""
    found: Any = looked
    for part in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found
