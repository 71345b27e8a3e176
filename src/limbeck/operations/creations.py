"""What operations have created, and not dropped again: tables, columns, views and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Enum, Sequence, Table
from sqlalchemy.schema import CreateSequence, CreateTable, DropTable

from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.sql_creations import Step, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = tuple[str, str]
"""Schema ("" where none is said) and name, in small letters, as databases disagree on those."""


class Creations:
    """What a history has created, kept up with operation by operation."""

    def __init__(self) -> None:
        self.tables: set[Key] = set()
        self.columns: set[tuple[Key, str]] = set()
        self.sequences: set[Key] = set()
        self.types: set[str] = set()
        self.objects: set[tuple[str, Key]] = set()
        """Views, routines and the like: the kind, and the address."""

    def add(self, operation: object) -> None:
        """Take note of what an operation creates, renames or drops."""
        match operation:
            case ops.OpContainer():
                self._add_all(operation.ops)
            case BatchAlterTable():
                self._add_all(operation.operations)
            case ops.CreateTableOp():
                columns = [item for item in operation.columns if isinstance(item, Column)]
                self._create(key(operation.schema, operation.table_name), columns)
            case ops.DropTableOp():
                self._drop(key(operation.schema, operation.table_name))
            case ops.RenameTableOp():
                new = key(operation.schema, operation.new_table_name)
                self._rename(key(operation.schema, operation.table_name), new)
            case ops.AddColumnOp():
                self._add_columns(key(operation.schema, operation.table_name), [operation.column])
            case ops.DropColumnOp():
                table = key(operation.schema, operation.table_name)
                self.columns.discard((table, operation.column_name.lower()))
            case ops.AlterColumnOp():
                self._alter(operation)
            case ops.CreateObjectOp():
                self.objects.add(
                    (operation.item.kind, key(operation.schema, operation.item.key.name))
                )
            case ops.DropObjectOp():
                address = key(operation.schema, operation.item.key.name)
                self.objects.discard((operation.item.kind, address))
            case ops.ExecuteSQLOp():
                self._execute(operation.sqltext)

    def _add_all(self, operations: Iterable[object]) -> None:
        for operation in operations:
            self.add(operation)

    def _create(self, table: Key, columns: Iterable[Column[Any]]) -> None:
        self.tables.add(table)
        self._add_columns(table, columns)

    def _add_columns(self, table: Key, columns: Iterable[Column[Any]]) -> None:
        for column in columns:
            self.columns.add((table, str(column.name).lower()))
            self._add_type(column.type)
            if isinstance(column.default, Sequence):
                self.sequences.add(key(column.default.schema, column.default.name))

    def _add_type(self, type_: object) -> None:
        item = getattr(type_, "item_type", type_)
        if isinstance(item, Enum) and item.name:
            self.types.add(str(item.name).lower())

    def _drop(self, table: Key) -> None:
        self.tables.discard(table)
        self.columns = {each for each in self.columns if each[0] != table}

    def _rename(self, old: Key, new: Key) -> None:
        if old in self.tables:
            self.tables.remove(old)
            self.tables.add(new)
        self.columns = {(new if table == old else table, column) for table, column in self.columns}

    def _alter(self, operation: ops.AlterColumnOp) -> None:
        table = key(operation.schema, operation.table_name)
        if operation.modify_type is not None:
            self._add_type(operation.modify_type)
        if operation.modify_name is not None:
            self._rename_column(table, operation.column_name, operation.modify_name)

    def _rename_column(self, table: Key, old: str, new: str) -> None:
        if (table, old.lower()) in self.columns:
            self.columns.remove((table, old.lower()))
            self.columns.add((table, new.lower()))

    # ---------------------------------------------------------------------------- statements

    def _execute(self, statement: object) -> None:
        element = getattr(statement, "element", None)
        if isinstance(statement, CreateTable) and isinstance(element, Table):
            self._create(key(element.schema, element.name), element.columns)
        elif isinstance(statement, DropTable) and isinstance(element, Table):
            self._drop(key(element.schema, element.name))
        elif isinstance(statement, CreateSequence) and isinstance(element, Sequence):
            self.sequences.add(key(element.schema, element.name))
        else:
            for step in steps_of(str(statement)):
                self._take(step)

    def _take(self, step: Step) -> None:
        table = key(step.schema, step.name)
        match step.what:
            case "create table":
                self.tables.add(table)
                self.columns |= {(table, name.lower()) for name in step.columns}
            case "drop table":
                self._drop(table)
            case "rename table":
                self._rename(table, key(step.schema, step.columns[0]))
            case "add column":
                self.columns |= {(table, name.lower()) for name in step.columns}
            case "drop column":
                self.columns -= {(table, name.lower()) for name in step.columns}
            case "rename column":
                self._rename_column(table, *step.columns)
            case "create sequence":
                self.sequences.add(table)
            case "create type":
                self.types.add(step.name.lower())
            case "rename type" if step.name.lower() in self.types:
                self.types.add(step.columns[0].lower())
            case "create object":
                self.objects.add((step.columns[0], table))
            case "drop object":
                self.objects.discard((step.columns[0], table))


def key(schema: str | None, name: str) -> Key:
    """The address by which things are remembered."""
    return ((schema or "").lower(), str(name).lower())
