"""What a revision drops that was there before it, read from its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from limbeck.facts.kind_words import kind_words
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.creations import Creations, Key, key
from limbeck.operations.sql_creations import steps_of
from limbeck.script.history import operations_of
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.script.script import Script

__all__ = ["Dropped", "drops_of", "is_created"]


_KINDS = {
    "index": ("index", "unique"),
    "constraint": ("primary_key", "unique", "foreign_key", "check", "exclude"),
}


class Dropped(Value):
    """Something that a revision drops; names are in small letters.

    :param kind: ``table``, ``column``, ``index``, ``constraint``, or a kind of object.
    :param address: its schema and name; of a column, index or constraint those of its table.
    :param name: the name of a column, index or constraint; else empty.
    """

    kind: str
    address: Key
    name: str = ""

    def __str__(self) -> str:
        place = ".".join(filter(None, self.address))
        if self.kind == "column":
            return f"column {place}.{self.name}"
        return f"{kind_words(self.kind)} {self.name or place}"


def drops_of(script: Script, dialect: Dialect) -> tuple[Dropped, ...]:
    """What a revision drops without having created it itself, each once.

    :param script: the revision.
    :param dialect: the dialect that it sees when it asks for one.
    """
    creations = Creations()
    found: list[Dropped] = []
    for operation in operations_of(script, dialect):
        for dropped in _drops(operation):
            if not is_created(dropped, creations) and dropped not in found:
                found.append(dropped)
        creations.add(operation)
    return tuple(found)


def is_created(dropped: Dropped, creations: Creations) -> bool:
    """Whether operations have created it, and it is there.

    :param dropped: the thing.
    :param creations: what they have created.
    """
    if dropped.kind == "table":
        return dropped.address in creations.tables
    if dropped.kind == "column":
        return (dropped.address, dropped.name) in creations.columns
    if dropped.kind in _KINDS:
        tables = [dropped.address] if dropped.address[1] else creations.tables
        parts = creations.parts
        return any(parts.owns(tables, kind, dropped.name, ()) for kind in _KINDS[dropped.kind])
    return (dropped.kind, dropped.address) in creations.objects


def _drops(operation: object) -> Iterator[Dropped]:
    match operation:
        case ops.OpContainer():
            yield from _all(operation.ops)
        case BatchAlterTable():
            yield from _all(operation.operations)
        case ops.DropTableOp():
            yield Dropped("table", key(operation.schema, operation.table_name))
        case ops.DropColumnOp():
            table = key(operation.schema, operation.table_name)
            yield Dropped("column", table, operation.column_name.lower())
        case ops.DropIndexOp() if operation.index_name:
            table = key(operation.schema, operation.table_name or "")
            yield Dropped("index", table, str(operation.index_name).lower())
        case ops.DropConstraintOp() if operation.constraint_name:
            table = key(operation.schema, operation.table_name)
            yield Dropped("constraint", table, str(operation.constraint_name).lower())
        case ops.DropObjectOp():
            address = key(operation.schema, operation.item.key.name)
            yield Dropped(operation.item.kind, address)
        case ops.ExecuteSQLOp():
            yield from _in_sql(str(operation.sqltext))


def _all(operations: Iterable[object]) -> Iterator[Dropped]:
    for operation in operations:
        yield from _drops(operation)


def _in_sql(sql: str) -> Iterator[Dropped]:
    for step in steps_of(sql):
        address = key(step.schema, step.name)
        if step.what == "drop table":
            yield Dropped("table", address)
        elif step.what == "drop object":
            yield Dropped(step.columns[0], address)
        elif step.what == "drop column":
            for name in step.columns:
                yield Dropped("column", address, name.lower())
