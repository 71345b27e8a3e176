"""Operations as Python expressions: one function for each kind of operation.

Every function takes the operation and a :class:`Target`, which knows whether the call goes
to ``op`` or to the ``batch_op`` of a table (that then needs no telling which table it is).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Computed, DefaultClause, Identity

from limbeck.dialects.registry import backend_for
from limbeck.operations import ops
from limbeck.plan.new_tables import NewTable
from limbeck.render.constraints import written_constraints
from limbeck.render.items import (
    column_expression,
    dialect_options,
    server_default_expression,
)
from limbeck.render.new_tables import written_parts
from limbeck.render.nodes import Call, Code, Keyword, ListOf, Node, Starred
from limbeck.render.sql import text_of
from limbeck.render.target import WRITERS, Target, flag, keywords, writes
from limbeck.render.types import type_expression
from limbeck.render.values import Unwritable, string, strings, value

if TYPE_CHECKING:
    from limbeck.render.context import Rendering


def is_known(operation: ops.MigrateOperation) -> bool:
    """Whether :func:`statement` can write an operation."""
    return any(class_ in WRITERS for class_ in type(operation).__mro__)


def statement(operation: ops.MigrateOperation, target: Target) -> Node | None:
    """Return the call that carries out an operation; None where a hook leaves it out.

    :raises NotImplementedError: there is no writer for operations of this class.
    """
    for class_ in type(operation).__mro__:
        if class_ in WRITERS:
            return WRITERS[class_](operation, target)
    raise NotImplementedError(
        f"{type(operation).__name__} cannot be written into a file; give it a renderer with "
        "@renderers.dispatch_for"
    )


# ------------------------------------------------------------------------------------ tables


@writes(ops.CreateTableOp)
def _create_table(operation: ops.CreateTableOp, target: Target) -> Node:
    rendering = target.rendering
    new = operation.new
    if isinstance(new, NewTable) and rendering.render_item is None:
        items = written_parts(new, rendering)
    else:
        rendering = replace(rendering, models=operation._namespace_metadata)
        # A hook may look around among what a copy refers to; nobody else needs one.
        table = None if rendering.render_item is not None else operation.whole_table()
        table = operation.to_table() if table is None else table
        written = (column_expression(column, rendering) for column in table.columns)
        items = [node for node in written if node is not None]
        items += written_constraints(table.constraints, rendering)
    if len(items) > rendering.most_arguments:
        items = [Starred(ListOf(tuple(items)))]
    named: list[Node] = target.schema(operation.schema)
    if operation.comment is not None:
        named.append(Keyword("comment", string(operation.comment)))
    named += _info(operation.info)
    if operation.prefixes:
        named.append(Keyword("prefixes", strings([str(p) for p in operation.prefixes])))
    named += flag("if_not_exists", operation.if_not_exists)
    named += dialect_options(operation.kw, rendering)
    return target.call("create_table", string(operation.table_name), *items, *named)


def _info(info: Mapping[Any, Any]) -> list[Node]:
    """What models keep about a table for themselves, where it can be written.

    To the database it means nothing, so whatever has no literal does not keep a file from being
    written.
    """
    try:
        return [Keyword("info", value(dict(info)))] if info else []
    except Unwritable:
        return []


@writes(ops.DropTableOp)
def _drop_table(operation: ops.DropTableOp, target: Target) -> Node:
    named = target.schema(operation.schema) + flag("if_exists", operation.if_exists)
    return target.call("drop_table", string(operation.table_name), *named)


@writes(ops.RenameTableOp)
def _rename_table(operation: ops.RenameTableOp, target: Target) -> Node:
    names = (string(operation.table_name), string(operation.new_table_name))
    return target.call("rename_table", *names, *target.schema(operation.schema))


@writes(ops.CreateTableCommentOp)
def _create_table_comment(operation: ops.CreateTableCommentOp, target: Target) -> Node:
    existing = [Keyword("existing_comment", value(operation.existing_comment))]
    return target.call(
        "create_table_comment",
        *target.table(operation.table_name),
        value(operation.comment),
        *existing,
        *target.any_schema(operation.schema),
    )


@writes(ops.DropTableCommentOp)
def _drop_table_comment(operation: ops.DropTableCommentOp, target: Target) -> Node:
    return target.call(
        "drop_table_comment",
        *target.table(operation.table_name),
        Keyword("existing_comment", value(operation.existing_comment)),
        *target.any_schema(operation.schema),
    )


# ----------------------------------------------------------------------------------- columns


@writes(ops.AddColumnOp)
def _add_column(operation: ops.AddColumnOp, target: Target) -> Node | None:
    column = column_expression(operation.column, target.rendering)
    if column is None:
        return None
    named = target.schema(operation.schema) + flag("if_not_exists", operation.if_not_exists)
    named += flag("inline_references", operation.inline_references)
    named += flag("inline_primary_key", operation.inline_primary_key)
    named += keywords(operation.kw, target)
    return target.call("add_column", *target.table(operation.table_name), column, *named)


@writes(ops.DropColumnOp)
def _drop_column(operation: ops.DropColumnOp, target: Target) -> Node:
    named = target.schema(operation.schema) + flag("if_exists", operation.if_exists)
    named += keywords({**_default_first(operation, target), **operation.kw}, target)
    name = string(operation.column_name)
    return target.call("drop_column", *target.table(operation.table_name), name, *named)


def _default_first(operation: ops.DropColumnOp, target: Target) -> dict[str, bool]:
    """The option for a column that cannot go while it has a default."""
    option = backend_for(target.rendering.dialect).features.drop_default_option
    # Alembic's own text says what was asked for, and no more.
    if not option or target.rendering.layout == "alembic":
        return {}
    return {option: isinstance(operation.to_column().server_default, DefaultClause)}


@writes(ops.AlterColumnOp)
def _alter_column(operation: ops.AlterColumnOp, target: Target) -> Node:
    return target.call(
        "alter_column",
        *target.table(operation.table_name),
        string(operation.column_name),
        *_alterations(operation, target.rendering),
        *_existing(operation, target.rendering),
        *keywords(
            {name: operation.kw[name] for name in sorted(operation.kw)}
            | _autoincrement(operation.kw),
            target,
        ),
        *_autoincrement_off(operation.kw),
        *target.schema(operation.schema),
    )


def _autoincrement(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave flags that are False to :func:`_autoincrement_off`, which writes them."""
    return {name: given[name] or None for name in given if name.endswith("autoincrement")}


def _autoincrement_off(given: Mapping[str, Any]) -> list[Node]:
    names = [name for name in sorted(given) if name.endswith("autoincrement")]
    return [Keyword(name, Code("False")) for name in names if given[name] is False]


def _alterations(operation: ops.AlterColumnOp, rendering: Rendering) -> list[Node]:
    named: list[Node] = []
    if operation.existing_type is not None:
        existing = type_expression(operation.existing_type, rendering)
        named.append(Keyword("existing_type", existing))
    if operation.modify_server_default is not False:
        default = server_default_expression(operation.modify_server_default, rendering)
        named.append(Keyword("server_default", default or Code("None")))
    if operation.modify_name is not None:
        named.append(Keyword("new_column_name", string(operation.modify_name)))
    if operation.modify_type is not None:
        named.append(Keyword("type_", type_expression(operation.modify_type, rendering)))
    named += flag("nullable", operation.modify_nullable)
    if operation.modify_comment is not False:
        named.append(Keyword("comment", value(operation.modify_comment)))
    return named


def _existing(operation: ops.AlterColumnOp, rendering: Rendering) -> list[Node]:
    named: list[Node] = []
    if operation.existing_comment is not None:
        named.append(Keyword("existing_comment", string(operation.existing_comment)))
    if operation.modify_nullable is None:
        named += flag("existing_nullable", operation.existing_nullable)
    if operation.existing_server_default and not _is_taken_for_granted(operation, rendering):
        default = server_default_expression(operation.existing_server_default, rendering)
        named.append(Keyword("existing_server_default", default or Code("None")))
    return named


def _is_taken_for_granted(operation: ops.AlterColumnOp, rendering: Rendering) -> bool:
    """Whether Alembic's layout leaves out what a default was: where it is replaced.

    What is dropped or altered in words of its own is kept, or it could not be told apart.
    """
    replaced = operation.modify_server_default is not False
    in_own_words = isinstance(operation.existing_server_default, Computed | Identity)
    return rendering.layout == "alembic" and replaced and not in_own_words


# ---------------------------------------------------------------------------------- statements


@writes(ops.ExecuteSQLOp)
def _execute(operation: ops.ExecuteSQLOp, target: Target) -> Node:
    options: list[Node] = []
    if operation.execution_options:
        options = [Keyword("execution_options", value(operation.execution_options))]
    if isinstance(operation.sqltext, str):
        return target.call("execute", string(operation.sqltext), *options)
    words = string(text_of(operation.sqltext, target.rendering.dialect))
    return target.call("execute", Call(target.rendering.sa("text"), (words,)), *options)
