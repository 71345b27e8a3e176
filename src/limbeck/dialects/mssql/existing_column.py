"""A column as it is, from the catalogue, where a revision file does not say it.

``ALTER COLUMN`` says a column's type and nullability anew, and a column with a default cannot
change its type.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlalchemy.exc import NoSuchTableError

from limbeck.operations.literal_text import literal_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.operations.ops import AlterColumnOp


def completed(op: AlterColumnOp, online: Connection | None) -> AlterColumnOp:
    """The operation with what is known of the column as it is.

    :param online: the database, None where it cannot be asked.
    """
    alters = op.modify_type is not None or op.modify_nullable is not None
    if online is None or not (alters or op.modify_server_default is not False):
        return op
    row = _row(op, online)
    if row is None:
        return op
    known = copy.copy(op)
    if known.existing_type is None:
        known.existing_type = row["type"]
    if known.existing_nullable is None:
        known.existing_nullable = row["nullable"]
    generated = row.get("computed") or row.get("identity")
    if known.existing_server_default is False and not generated:
        default = row["default"]
        known.existing_server_default = None if default is None else literal_text(default)
    return known


def _row(op: AlterColumnOp, online: Connection) -> Any:
    try:
        rows = inspect(online).get_columns(op.table_name, schema=op.schema)
    except NoSuchTableError:
        return None
    # Whether letters count is a matter of the database's collation; mostly they do not.
    exact = [row for row in rows if row["name"] == op.column_name]
    alike = [row for row in rows if row["name"].lower() == op.column_name.lower()]
    return next(iter(exact or alike), None)
