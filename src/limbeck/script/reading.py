"""The operations of a revision that is read and not run: those whose arguments are literals."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Enum
from sqlalchemy.types import NULLTYPE, TypeEngine

from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.operations import ops
from limbeck.script.literals import called, constant, keyword, nested, text_of
from limbeck.script.reading_parts import PART_CALLS, part_operation, table_parts, with_parts

_ENUMS = frozenset({"Enum", "ENUM"})


def operations_in(tree: ast.Module) -> Iterator[ops.MigrateOperation]:
    """The operations that a revision calls for, in the order of the text.

    Every function counts but those of the way back, whichever way they are reached.

    :param tree: the file.
    """
    tables = _batches(tree)
    makes_tables = any(
        isinstance(node, ast.Attribute) and node.attr in ("create", "create_all")
        for node in ast.walk(tree)
    )
    for call in _calls(tree):
        operation = _operation(call, tables, makes_tables=makes_tables)
        if operation is not None:
            yield operation


def _calls(tree: ast.Module) -> list[ast.Call]:
    body = [
        node
        for node in tree.body
        if not (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("downgrade")
        )
    ]
    found = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Call)]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _batches(tree: ast.Module) -> dict[str, tuple[str, str | None]]:
    """The table of each ``with op.batch_alter_table("t") as batch_op`` by the latter's name.

    One name may stand for one table after the other, so that the line belongs to it.
    """
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.With):
            continue
        for item in node.items:
            call, name = item.context_expr, item.optional_vars
            if not (isinstance(call, ast.Call) and isinstance(name, ast.Name)):
                continue
            table = text_of(call, 0, "table_name")
            if called(call) == "batch_alter_table" and table is not None:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Call):
                        found[f"{name.id}:{inner.lineno}"] = (table, text_of(call, 1, "schema"))
    return found


def _operation(
    call: ast.Call, batches: dict[str, tuple[str, str | None]], *, makes_tables: bool
) -> ops.MigrateOperation | None:
    name = called(call)
    if name == "create_table" or (name == "Table" and makes_tables):
        table = text_of(call, 0, "table_name")
        columns = [column for column in map(_column, nested(call, "Column")) if column is not None]
        schema = keyword(call, "schema")
        parts = table_parts(call, [column.name for column in columns])
        return ops.CreateTableOp(table, [*columns, *parts], schema=schema) if table else None
    if name == "execute" and call.args:
        return _statement(call.args[0])
    if name == "rename_table":
        old, new = text_of(call, 0, "old_table_name"), text_of(call, 1, "new_table_name")
        if old is None or new is None:
            return None
        return ops.RenameTableOp(old, new, schema=keyword(call, "schema"))
    if name == "drop_table":
        table = text_of(call, 0, "table_name")
        return ops.DropTableOp(table, schema=keyword(call, "schema")) if table else None
    if name.startswith("create_") and name.removeprefix("create_") in OBJECT_KINDS:
        return _object(call, name.removeprefix("create_"))
    return _column_operation(call, name, batches)


def _object(call: ast.Call, kind: str) -> ops.ExecuteSQLOp | None:
    """An object, of which only the name is looked at."""
    name, schema = text_of(call, 0, "name"), keyword(call, "schema")
    address = f'"{schema}"."{name}"' if schema else f'"{name}"'
    return ops.ExecuteSQLOp(f"CREATE {kind.replace('_', ' ')} {address}") if name else None


def _column_operation(
    call: ast.Call, name: str, batches: dict[str, tuple[str, str | None]]
) -> ops.MigrateOperation | None:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    batch = batches.get(f"{getattr(owner, 'id', '')}:{call.lineno}")
    if name in PART_CALLS:
        return part_operation(call, name, batch)
    if name not in ("add_column", "drop_column", "alter_column"):
        return None
    if batch is not None:
        (table, schema), first = batch, 0
    else:
        found, first = text_of(call, 0, "table_name"), 1
        if found is None:
            return None
        table, schema = found, keyword(call, "schema")
    if name == "add_column":
        columns = [column for column in map(_column, nested(call, "Column")) if column is not None]
        return ops.AddColumnOp(table, columns[0], schema=schema) if columns else None
    column = text_of(call, first, "column_name")
    if column is None:
        return None
    if name == "drop_column":
        return ops.DropColumnOp(table, column, schema=schema)
    new = keyword(call, "new_column_name") or keyword(call, "name")
    return ops.AlterColumnOp(table, column, schema=schema, modify_name=new)


def _statement(argument: ast.expr) -> ops.MigrateOperation | None:
    if isinstance(argument, ast.Call) and called(argument) in ("text", "DDL") and argument.args:
        argument = argument.args[0]
    words = constant(argument)
    return None if words is None else ops.ExecuteSQLOp(words)


def _column(call: ast.Call) -> Column[Any] | None:
    name = text_of(call, 0, "name")
    if name is None:
        return None
    type_: TypeEngine[Any] = NULLTYPE
    for inner in ast.walk(call):
        if isinstance(inner, ast.Call) and called(inner) in _ENUMS:
            type_ = Enum(name=keyword(inner, "name"))
    return with_parts(call, name, type_)
