"""Operations as Python expressions: one function for each kind of operation.

Every function takes the operation and a :class:`Target`, which knows whether the call goes
to ``op`` or to the ``batch_op`` of a table (that then needs no telling which table it is).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from limbeck.operations import ops
from limbeck.render.items import (
    column_expression,
    dialect_options,
    literal_expression,
    name_expression,
    option_expression,
    server_default_expression,
    text_expression,
    written_constraints,
)
from limbeck.render.layout import Call, Code, Keyword, ListOf, Node, Starred, TupleOf, call
from limbeck.render.sql import text_of
from limbeck.render.types import type_expression
from limbeck.render.values import string, strings, value

if TYPE_CHECKING:
    from limbeck.render.context import Rendering

O = TypeVar("O", bound=ops.MigrateOperation)  # noqa: E741  # an operation

_MOST_ARGUMENTS = 255
"""Python took no more arguments in a call before 3.7; longer files still read better so."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: ``op`` itself, or a table's ``batch_op``."""

    rendering: Rendering
    batch: bool = False

    def call(self, name: str, *arguments: Node) -> Call:
        """Return a call of the operation with that name."""
        return call(f"batch_op.{name}" if self.batch else self.rendering.op(name), *arguments)

    def table(self, name: str) -> list[Node]:
        """Return the argument that tells the table, where one is needed."""
        return [] if self.batch else [string(name)]

    def schema(self, schema: str | None, keyword: str = "schema") -> list[Node]:
        """Return the keyword that tells the schema, where one is needed."""
        if schema is None or self.batch:
            return []
        return [Keyword(keyword, string(schema))]


Writer = Callable[[Any, Target], "Node | None"]
_WRITERS: dict[type[ops.MigrateOperation], Writer] = {}


def _writes(kind: type[O]) -> Callable[[Callable[[O, Target], Node | None]], Writer]:
    def register(writer: Callable[[O, Target], Node | None]) -> Writer:
        _WRITERS[kind] = writer
        return writer

    return register


def statement(operation: ops.MigrateOperation, target: Target) -> Node | None:
    """Return the call that carries out an operation; None where a hook leaves it out.

    :raises NotImplementedError: there is no writer for operations of this class.
    """
    for class_ in type(operation).__mro__:
        if class_ in _WRITERS:
            return _WRITERS[class_](operation, target)
    raise NotImplementedError(
        f"{type(operation).__name__} cannot be written into a file; give it a renderer with "
        "@renderers.dispatch_for"
    )


def _flag(name: str, given: bool | None) -> list[Node]:
    return [] if given is None else [Keyword(name, Code(repr(given)))]


def _keywords(given: Mapping[str, Any], target: Target) -> list[Node]:
    return [
        Keyword(name, option_expression(option, target.rendering))
        for name, option in given.items()
        if option is not None and option is not False
    ]


# ------------------------------------------------------------------------------------ tables


@_writes(ops.CreateTableOp)
def _create_table(operation: ops.CreateTableOp, target: Target) -> Node:
    rendering = target.rendering
    table = operation.to_table()
    written = (column_expression(column, rendering) for column in table.columns)
    items: list[Node] = [node for node in written if node is not None]
    items += written_constraints(table.constraints, rendering)
    if len(items) > _MOST_ARGUMENTS:
        items = [Starred(ListOf(tuple(items)))]
    keywords: list[Node] = target.schema(operation.schema)
    if operation.comment:
        keywords.append(Keyword("comment", string(operation.comment)))
    if operation.info:
        keywords.append(Keyword("info", value(dict(operation.info))))
    if operation.prefixes:
        keywords.append(Keyword("prefixes", strings([str(p) for p in operation.prefixes])))
    keywords += _flag("if_not_exists", operation.if_not_exists)
    keywords += dialect_options(operation.kw, rendering)
    return target.call("create_table", string(operation.table_name), *items, *keywords)


@_writes(ops.DropTableOp)
def _drop_table(operation: ops.DropTableOp, target: Target) -> Node:
    keywords = target.schema(operation.schema) + _flag("if_exists", operation.if_exists)
    return target.call("drop_table", string(operation.table_name), *keywords)


@_writes(ops.RenameTableOp)
def _rename_table(operation: ops.RenameTableOp, target: Target) -> Node:
    names = (string(operation.table_name), string(operation.new_table_name))
    return target.call("rename_table", *names, *target.schema(operation.schema))


@_writes(ops.CreateTableCommentOp)
def _create_table_comment(operation: ops.CreateTableCommentOp, target: Target) -> Node:
    existing = [Keyword("existing_comment", value(operation.existing_comment))]
    return target.call(
        "create_table_comment",
        *target.table(operation.table_name),
        value(operation.comment),
        *existing,
        *target.schema(operation.schema),
    )


@_writes(ops.DropTableCommentOp)
def _drop_table_comment(operation: ops.DropTableCommentOp, target: Target) -> Node:
    return target.call(
        "drop_table_comment",
        *target.table(operation.table_name),
        Keyword("existing_comment", value(operation.existing_comment)),
        *target.schema(operation.schema),
    )


# ----------------------------------------------------------------------------------- columns


@_writes(ops.AddColumnOp)
def _add_column(operation: ops.AddColumnOp, target: Target) -> Node | None:
    column = column_expression(operation.column, target.rendering)
    if column is None:
        return None
    keywords = target.schema(operation.schema) + _flag("if_not_exists", operation.if_not_exists)
    keywords += _flag("inline_references", operation.inline_references)
    keywords += _flag("inline_primary_key", operation.inline_primary_key)
    keywords += _keywords(operation.kw, target)
    return target.call("add_column", *target.table(operation.table_name), column, *keywords)


@_writes(ops.DropColumnOp)
def _drop_column(operation: ops.DropColumnOp, target: Target) -> Node:
    keywords = target.schema(operation.schema) + _flag("if_exists", operation.if_exists)
    keywords += _keywords(operation.kw, target)
    name = string(operation.column_name)
    return target.call("drop_column", *target.table(operation.table_name), name, *keywords)


@_writes(ops.AlterColumnOp)
def _alter_column(operation: ops.AlterColumnOp, target: Target) -> Node:
    return target.call(
        "alter_column",
        *target.table(operation.table_name),
        string(operation.column_name),
        *_alterations(operation, target.rendering),
        *_existing(operation, target.rendering),
        *_keywords(
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
    keywords: list[Node] = []
    if operation.existing_type is not None:
        existing = type_expression(operation.existing_type, rendering)
        keywords.append(Keyword("existing_type", existing))
    if operation.modify_server_default is not False:
        default = server_default_expression(operation.modify_server_default, rendering)
        keywords.append(Keyword("server_default", default or Code("None")))
    if operation.modify_name is not None:
        keywords.append(Keyword("new_column_name", string(operation.modify_name)))
    if operation.modify_type is not None:
        keywords.append(Keyword("type_", type_expression(operation.modify_type, rendering)))
    keywords += _flag("nullable", operation.modify_nullable)
    if operation.modify_comment is not False:
        keywords.append(Keyword("comment", value(operation.modify_comment)))
    return keywords


def _existing(operation: ops.AlterColumnOp, rendering: Rendering) -> list[Node]:
    keywords: list[Node] = []
    if operation.existing_comment is not None:
        keywords.append(Keyword("existing_comment", string(operation.existing_comment)))
    if operation.modify_nullable is None:
        keywords += _flag("existing_nullable", operation.existing_nullable)
    if operation.existing_server_default:
        default = server_default_expression(operation.existing_server_default, rendering)
        keywords.append(Keyword("existing_server_default", default or Code("None")))
    return keywords


# ----------------------------------------------------------------------------------- indexes


@_writes(ops.CreateIndexOp)
def _create_index(operation: ops.CreateIndexOp, target: Target) -> Node:
    elements = ListOf(tuple(_index_element(e, target.rendering) for e in operation.columns))
    return target.call(
        "create_index",
        name_expression(operation.index_name, target.rendering),
        *target.table(operation.table_name),
        elements,
        Keyword("unique", Code(repr(bool(operation.unique)))),
        *target.schema(operation.schema),
        *_flag("if_not_exists", operation.if_not_exists),
        *dialect_options(operation.kw, target.rendering),
    )


def _index_element(element: Any, rendering: Rendering) -> Node:
    if isinstance(element, str):
        return string(element)
    if isinstance(element, sa.Column):
        return string(str(element.name))
    return literal_expression(element, rendering)


@_writes(ops.DropIndexOp)
def _drop_index(operation: ops.DropIndexOp, target: Target) -> Node:
    table: Sequence[Node] = ()
    if operation.table_name is not None and not target.batch:
        table = (Keyword("table_name", string(operation.table_name)),)
    return target.call(
        "drop_index",
        name_expression(operation.index_name, target.rendering),
        *table,
        *target.schema(operation.schema),
        *_flag("if_exists", operation.if_exists),
        *dialect_options(operation.kw, target.rendering),
    )


# ------------------------------------------------------------------------------- constraints


@_writes(ops.CreateUniqueConstraintOp)
def _create_unique(operation: ops.CreateUniqueConstraintOp, target: Target) -> Node:
    return _over_columns("create_unique_constraint", operation, target)


@_writes(ops.CreatePrimaryKeyOp)
def _create_primary_key(operation: ops.CreatePrimaryKeyOp, target: Target) -> Node:
    return _over_columns("create_primary_key", operation, target)


def _over_columns(
    name: str, operation: ops.CreateUniqueConstraintOp | ops.CreatePrimaryKeyOp, target: Target
) -> Node:
    return target.call(
        name,
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        strings([str(column) for column in operation.columns]),
        *target.schema(operation.schema),
        *dialect_options(operation.kw, target.rendering),
    )


@_writes(ops.CreateForeignKeyOp)
def _create_foreign_key(operation: ops.CreateForeignKeyOp, target: Target) -> Node:
    given = dict(operation.kw)
    given.pop("use_alter", None)
    source, referent = given.pop("source_schema", None), given.pop("referent_schema", None)
    schemas = target.schema(source, "source_schema")
    if referent is not None:
        schemas.append(Keyword("referent_schema", string(referent)))
    return target.call(
        "create_foreign_key",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.source_table),
        string(operation.referent_table),
        strings([str(column) for column in operation.local_cols]),
        strings([str(column) for column in operation.remote_cols]),
        *schemas,
        *_keywords(given, target),
    )


@_writes(ops.CreateCheckConstraintOp)
def _create_check(operation: ops.CreateCheckConstraintOp, target: Target) -> Node:
    return target.call(
        "create_check_constraint",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        text_expression(operation.condition, target.rendering),
        *target.schema(operation.schema),
        *dialect_options(operation.kw, target.rendering),
    )


@_writes(ops.CreateExcludeConstraintOp)
def _create_exclude(operation: ops.CreateExcludeConstraintOp, target: Target) -> Node:
    elements = [
        TupleOf((_exclude_element(element, target.rendering), string(operator)))
        for element, operator in operation.elements
    ]
    where: list[Node] = []
    if operation.where is not None:
        where = [Keyword("where", text_expression(operation.where, target.rendering))]
    return target.call(
        "create_exclude_constraint",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        *elements,
        *where,
        *target.schema(operation.schema),
        *_keywords(operation.kw, target),
    )


def _exclude_element(element: Any, rendering: Rendering) -> Node:
    if isinstance(element, str):
        return string(element)
    if isinstance(element, sa.Column):
        return string(str(element.name))
    return text_expression(element, rendering)


@_writes(ops.DropConstraintOp)
def _drop_constraint(operation: ops.DropConstraintOp, target: Target) -> Node:
    kind: list[Node] = []
    if operation.constraint_type is not None:
        kind = [Keyword("type_", string(operation.constraint_type))]
    return target.call(
        "drop_constraint",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        *target.schema(operation.schema),
        *kind,
        *_flag("if_exists", operation.if_exists),
    )


# ---------------------------------------------------------------------------------- statements


@_writes(ops.ExecuteSQLOp)
def _execute(operation: ops.ExecuteSQLOp, target: Target) -> Node:
    options: list[Node] = []
    if operation.execution_options:
        options = [Keyword("execution_options", value(operation.execution_options))]
    if isinstance(operation.sqltext, str):
        return target.call("execute", string(operation.sqltext), *options)
    words = string(text_of(operation.sqltext, target.rendering.dialect))
    return target.call("execute", Call(target.rendering.sa("text"), (words,)), *options)
