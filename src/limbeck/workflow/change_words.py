"""What a list of operations changes, in words and in a short message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.operations.ops import MigrateOperation

_MOST_NAMES = 3


def flattened(operations: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    """Give every single operation, without the containers around them.

    :param operations: operations and containers.
    """
    from limbeck.operations.ops import OpContainer

    for operation in operations:
        if isinstance(operation, OpContainer):
            yield from flattened(operation.ops)
        else:
            yield operation


def words_of(
    operations: Sequence[MigrateOperation], dialects: Sequence[Dialect] = ()
) -> tuple[str, ...]:
    """Describe each operation in a line of its own.

    :param operations: operations and containers.
    :param dialects: the databases in whose words types are told, one for each of ``operations``;
        with any other number they are told in the words of no database.
    """
    from limbeck.operations.ops.base import described

    known: Sequence[Dialect | None] = dialects
    if len(dialects) != len(operations):
        known = [None] * len(operations)
    return tuple(
        described(operation, dialect)
        for one, dialect in zip(operations, known, strict=True)
        for operation in flattened([one])
    )


def message_of(operations: Iterable[MigrateOperation]) -> str | None:
    """Make a short message out of what changes, as in ``add orders, users.email``.

    :param operations: operations and containers.
    :returns: None where nothing changes.
    """
    verbs: dict[str, list[str]] = {"rename": [], "add": [], "drop": [], "change": []}
    for operation in flattened(operations):
        verb, name = _short(operation)
        if name not in (*verbs[verb], *verbs["add"]) and not _fills(operation):
            verbs[verb].append(name)
    parts = [f"{verb} {_list(names)}" for verb, names in verbs.items() if names]
    return "; ".join(parts) or None


def _fills(operation: MigrateOperation) -> bool:
    """Whether it only gives rows a value for a column that another operation is about."""
    from limbeck.operations import ops

    sql = operation.sqltext if isinstance(operation, ops.ExecuteSQLOp) else ""
    return str(sql).startswith("UPDATE ")


def _short(operation: MigrateOperation) -> tuple[str, str]:
    from limbeck.operations import ops

    if isinstance(operation, ops.CreateObjectOp | ops.DropObjectOp | ops.ReplaceObjectOp):
        verbs = {ops.CreateObjectOp: "add", ops.DropObjectOp: "drop"}
        return verbs.get(type(operation), "change"), operation.item.key.name
    table = str(getattr(operation, "table_name", None) or getattr(operation, "source_table", ""))
    if isinstance(operation, ops.CreateTableOp):
        return "add", table
    if isinstance(operation, ops.DropTableOp):
        return "drop", table
    if isinstance(operation, ops.AddColumnOp):
        return "add", f"{table}.{operation.column.name}"
    if isinstance(operation, ops.DropColumnOp):
        return "drop", f"{table}.{operation.column_name}"
    if isinstance(operation, ops.RenameTableOp):
        return "rename", f"{table} to {operation.new_table_name}"
    if isinstance(operation, ops.AlterColumnOp) and operation.modify_name is not None:
        return "rename", f"{table}.{operation.column_name} to {operation.modify_name}"
    if isinstance(operation, ops.AlterColumnOp):
        return "change", f"{table}.{operation.column_name}"
    return "change", table or "schema"


def _list(names: list[str]) -> str:
    shown = names[:_MOST_NAMES]
    left_out = len(names) - len(shown)
    return ", ".join(shown) + (f" and {left_out} more" if left_out else "")
