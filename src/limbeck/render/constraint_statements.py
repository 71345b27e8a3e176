"""Operations on indexes and constraints as Python expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.operations import ops
from limbeck.render.items import (
    column_name,
    dialect_options,
    literal_expression,
    name_expression,
    text_expression,
)
from limbeck.render.nodes import Code, Keyword, ListOf, Method, Node, TupleOf
from limbeck.render.sql import text_of
from limbeck.render.target import Target, flag, keywords, writes
from limbeck.render.values import string, strings

if TYPE_CHECKING:
    from limbeck.render.context import Rendering


# ----------------------------------------------------------------------------------- indexes


@writes(ops.CreateIndexOp)
def _create_index(operation: ops.CreateIndexOp, target: Target) -> Node:
    elements = ListOf(tuple(_index_element(e, target.rendering) for e in operation.columns))
    return target.call(
        "create_index",
        name_expression(operation.index_name, target.rendering),
        *target.table(operation.table_name),
        elements,
        Keyword("unique", Code(repr(bool(operation.unique)))),
        *target.schema(operation.schema),
        *flag("if_not_exists", operation.if_not_exists),
        *dialect_options(operation.kw, target.rendering, in_order=not target.rendering.explicit),
    )


def _index_element(element: Any, rendering: Rendering) -> Node:
    if isinstance(element, str):
        return string(element)
    if isinstance(element, sa.Column):
        return string(str(element.name))
    if isinstance(element, sa.Label):
        inner = literal_expression(element.element, rendering)
        return Method(inner, "label", (string(str(element.name)),))
    return literal_expression(element, rendering)


@writes(ops.DropIndexOp)
def _drop_index(operation: ops.DropIndexOp, target: Target) -> Node:
    table: Sequence[Node] = ()
    if operation.table_name is not None and not target.batch:
        table = (Keyword("table_name", string(operation.table_name)),)
    return target.call(
        "drop_index",
        name_expression(operation.index_name, target.rendering),
        *table,
        *target.schema(operation.schema),
        *flag("if_exists", operation.if_exists),
        *dialect_options(operation.kw, target.rendering),
    )


# ------------------------------------------------------------------------------- constraints


@writes(ops.CreateUniqueConstraintOp)
def _create_unique(operation: ops.CreateUniqueConstraintOp, target: Target) -> Node:
    return _over_columns("create_unique_constraint", operation, target)


@writes(ops.CreatePrimaryKeyOp)
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


@writes(ops.CreateForeignKeyOp)
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
        *keywords(given, target),
    )


@writes(ops.CreateCheckConstraintOp)
def _create_check(operation: ops.CreateCheckConstraintOp, target: Target) -> Node:
    return target.call(
        "create_check_constraint",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        string(text_of(operation.condition, target.rendering.dialect)),
        *target.schema(operation.schema),
        *dialect_options(operation.kw, target.rendering),
    )


@writes(ops.CreateExcludeConstraintOp)
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
        *keywords(operation.kw, target),
    )


def _exclude_element(element: Any, rendering: Rendering) -> Node:
    if isinstance(element, str):
        return column_name(element, rendering)
    if isinstance(element, sa.ColumnClause) and not element.is_literal:
        return column_name(str(element.name), rendering)
    if isinstance(element, sa.ColumnClause):
        return literal_expression(element, rendering)
    return text_expression(element, rendering)


@writes(ops.DropConstraintOp)
def _drop_constraint(operation: ops.DropConstraintOp, target: Target) -> Node:
    kind: list[Node] = []
    # Alembic knows no such type, and PostgreSQL drops every constraint in the same words.
    if operation.constraint_type not in (None, "exclude"):
        kind = [Keyword("type_", string(operation.constraint_type))]
    return target.call(
        "drop_constraint",
        name_expression(operation.constraint_name, target.rendering),
        *target.table(operation.table_name),
        *target.schema(operation.schema),
        *kind,
        *flag("if_exists", operation.if_exists),
    )
