"""What operations have created, and not dropped again: tables, their parts, views and the like."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Constraint, Enum, Index, Sequence, Table
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateSequence, CreateTable, DropTable

from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.operations.created_parts import CreatedParts
from limbeck.operations.sql_creations import Step, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Dialect

Key = tuple[str, str]
"""Schema ("" where none is said) and name, in small letters, as databases disagree on those."""


class Creations:
    """What a history has created, kept up with operation by operation.

    :param dialect: that of the database.
    :param opts: the options of ``context.configure()``; ``target_metadata`` gives the naming
        convention.
    """

    def __init__(
        self, dialect: Dialect | None = None, opts: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self.tables: set[Key] = set()
        self.columns: set[tuple[Key, str]] = set()
        self.sequences: set[Key] = set()
        self.types: set[str] = set()
        self.objects: set[tuple[str, Key]] = set()
        """Views, routines and the like: the kind, and the address."""
        self.parts = CreatedParts(dialect, opts)
        """Constraints and indexes."""

    def add(self, operation: object) -> None:
        """Take note of what an operation creates, renames or drops."""
        match operation:
            case ops.OpContainer():
                self._add_all(operation.ops)
            case BatchAlterTable():
                self._add_all(operation.operations)
                table = key(operation.schema, operation.table_name)
                self.parts.add_named(table, operation.options.table_args)
            case ops.CreateTableOp():
                columns = [item for item in operation.columns if isinstance(item, Column)]
                self._create(key(operation.schema, operation.table_name), columns, operation)
            case ops.DropTableOp():
                self._drop(key(operation.schema, operation.table_name))
            case ops.RenameTableOp():
                new = key(operation.schema, operation.new_table_name)
                self._rename(key(operation.schema, operation.table_name), new)
            case ops.AddColumnOp():
                table = key(operation.schema, operation.table_name)
                self._add_columns(table, [operation.column])
                self.parts.add_column(table, operation.column)
            case ops.DropColumnOp():
                table = key(operation.schema, operation.table_name)
                self.columns.discard((table, operation.column_name.lower()))
            case ops.AlterColumnOp():
                self._alter(operation)
            case ops.ExecuteSQLOp():
                self._execute(operation.sqltext)
            case _:
                self._add_other(operation)

    def _add_other(self, operation: object) -> None:
        match operation:
            case (
                ops.CreateIndexOp()
                | ops.DropIndexOp()
                | ops.AddConstraintOp()
                | ops.DropConstraintOp()
            ):
                table = key(operation.schema, operation.table_name or "")
                self.parts.add(operation, table)
            case ops.CreateObjectOp():
                self.objects.add(
                    (operation.item.kind, key(operation.schema, operation.item.key.name))
                )
            case ops.DropObjectOp():
                address = key(operation.schema, operation.item.key.name)
                self.objects.discard((operation.item.kind, address))

    def _add_all(self, operations: Iterable[object]) -> None:
        for operation in operations:
            self.add(operation)

    def _create(
        self, table: Key, columns: Iterable[Column[Any]], made: ops.CreateTableOp | Table
    ) -> None:
        self.tables.add(table)
        self.parts.add_table(table, made)
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
        self.parts.drop_table(table)
        self.columns = {each for each in self.columns if each[0] != table}

    def _rename(self, old: Key, new: Key) -> None:
        if old in self.tables:
            self.tables.remove(old)
            self.tables.add(new)
        self.columns = {(new if table == old else table, column) for table, column in self.columns}
        self.parts.rename_table(old, new)

    def _alter(self, operation: ops.AlterColumnOp) -> None:
        table = key(operation.schema, operation.table_name)
        if operation.modify_type is not None:
            self._add_type(operation.modify_type)
            column: Column[Any] = Column(operation.column_name, operation.modify_type)
            self.parts.add_column(table, column)
        if operation.modify_name is not None:
            self._rename_column(table, operation.column_name, operation.modify_name)

    def _rename_column(self, table: Key, old: str, new: str) -> None:
        self.parts.rename_column(table, old, new)
        if (table, old.lower()) in self.columns:
            self.columns.remove((table, old.lower()))
            self.columns.add((table, new.lower()))

    # ---------------------------------------------------------------------------- statements

    def _execute(self, statement: object) -> None:
        element = getattr(statement, "element", None)
        if isinstance(statement, CreateTable) and isinstance(element, Table):
            self._create(key(element.schema, element.name), element.columns, element)
        elif isinstance(statement, DropTable) and isinstance(element, Table):
            self._drop(key(element.schema, element.name))
        elif isinstance(statement, CreateSequence) and isinstance(element, Sequence):
            self.sequences.add(key(element.schema, element.name))
        elif isinstance(statement, CreateIndex) and isinstance(element, Index):
            self.add(ops.CreateIndexOp.from_index(element))
        elif isinstance(statement, AddConstraint) and isinstance(element, Constraint):
            with suppress(ValueError):  # a constraint of somebody else's kind
                self.add(ops.AddConstraintOp.from_constraint(element))
        else:
            sql = str(statement)
            for step in steps_of(sql):
                self._take(step)
            self.parts.execute(sql)

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
