"""Statements of PostgreSQL that drop what may not be there, and put back what was.

Between the two the session remembers by a setting of its own:
https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.postgresql.object_emit import PostgresqlObjectWriter
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.facts.schema_objects import ObjectKey

_MISSING = "undefined_table OR undefined_object OR undefined_function OR invalid_schema_name"
"""What PostgreSQL says of an object that is not there, or of one whose table is not."""


def dropped_where_found(
    operation: ops.DropObjectOp, key: ObjectKey, dialect: Dialect
) -> ops.ExecuteSQLOp:
    """What drops an object where it is, and remembers whether it was.

    :param operation: drops it.
    :param key: what it is remembered by.
    """
    writer = PostgresqlObjectWriter(EmitTarget(dialect))
    setting = writer.literal(_setting(key))
    drops = " ".join(f"{each.sql};" for each in writer.statements(operation))
    return ops.ExecuteSQLOp(
        writer.block(
            f"{drops} PERFORM set_config({setting}, 'yes', false); "
            f"EXCEPTION WHEN {_MISSING} THEN PERFORM set_config({setting}, 'no', false);"
        )
    )


def created_where_found(
    operations: Sequence[ops.MigrateOperation], key: ObjectKey, dialect: Dialect
) -> ops.ExecuteSQLOp:
    """What creates an object again that :func:`dropped_where_found` has found.

    :param operations: create it as it is.
    :param key: what it is remembered by.
    """
    writer = PostgresqlObjectWriter(EmitTarget(dialect))
    words = [
        str(operation.sqltext)
        if isinstance(operation, ops.ExecuteSQLOp)
        else "; ".join(each.sql for each in writer.statements(operation))
        for operation in operations
        if isinstance(operation, ops.ExecuteSQLOp | ops.CreateObjectOp)
    ]
    body = " ".join(f"EXECUTE {writer.dollar_quoted(each)};" for each in words)
    setting = writer.literal(_setting(key))
    return ops.ExecuteSQLOp(
        writer.block(f"IF current_setting({setting}, true) = 'yes' THEN {body} END IF;")
    )


def _setting(key: ObjectKey) -> str:
    parts = (key.kind, key.schema, key.within, key.name)
    return "limbeck." + re.sub(r"\W", "_", "_".join(str(part) for part in parts if part))
