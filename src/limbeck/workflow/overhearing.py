"""The statements that run while a revision runs: its author's own, told from those of operations.

Whether a revision says ``op.execute()``, ``op.get_bind().execute()`` or works with a session, the
statement comes by here as it is sent to the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.literal_text import literal_text
from limbeck.runtime.carrying_out import running_operation
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Heard", "overheard"]


class Heard(Value, slots=True):
    """A statement that has run.

    :param sql: its text, with placeholders for values.
    :param is_own: whether it is the author's, and not what an operation needs.
    :param operation: the operation that it belongs to, None where the revision runs it by itself.
    """

    sql: str
    is_own: bool
    operation: ops.MigrateOperation | None = None


_heard: ContextVar[list[Heard] | None] = ContextVar("limbeck_heard", default=None)


@contextmanager
def overheard() -> Iterator[list[Heard]]:
    """Within, the statements that run are gathered, in their order."""
    found: list[Heard] = []
    token = _heard.set(found)
    event.listen(Engine, "before_cursor_execute", _executing)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", _executing)
        _heard.reset(token)


def _executing(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
    found = _heard.get()
    if found is not None:
        is_own = _is_own(statement, connection)
        found.append(Heard(statement, is_own, running_operation.get()))


def _is_own(statement: str, connection: Connection) -> bool:
    operation = running_operation.get()
    if operation is None or isinstance(operation, ops.ExecuteSQLOp | ops.BulkInsertOp):
        return True
    if not isinstance(operation, BatchAlterTable):
        return False
    return any(
        _text(each.sqltext, connection) == statement
        for each in operation.operations
        if isinstance(each, ops.ExecuteSQLOp)
    )


def _text(sqltext: Any, connection: Connection) -> str:
    element = literal_text(sqltext) if isinstance(sqltext, str) else sqltext
    return str(element.compile(dialect=connection.dialect))
