"""Constraints as Python expressions, as they stand inside ``op.create_table``."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import schema

from limbeck.dialects.loaded_class import loaded_class
from limbeck.render.classic import classic_line
from limbeck.render.items import (
    column_name,
    dialect_options,
    literal_expression,
    name_expression,
    option_expression,
    text_expression,
)
from limbeck.render.nodes import Call, Code, Keyword, Node, TupleOf
from limbeck.render.sql import text_of
from limbeck.render.values import string, strings, value

if TYPE_CHECKING:
    from limbeck.render.context import Rendering

OWN_NAME = object()
"""Stands for the name that a constraint has itself."""

_HOOK_KINDS: tuple[tuple[type[schema.Constraint], str], ...] = (
    (sa.PrimaryKeyConstraint, "primary_key"),
    (sa.UniqueConstraint, "unique"),
    (sa.ForeignKeyConstraint, "foreign_key"),
    (sa.CheckConstraint, "check"),
)


def constraint_expression(constraint: schema.Constraint, rendering: Rendering) -> Node | None:
    """Return a constraint as ``create_table`` takes it, or None where it is left out."""
    kind = _kind(constraint)
    if kind is None:
        warnings.warn(
            f"No renderer is established for object {constraint!r}", UserWarning, stacklevel=2
        )
        return Code(f"[Unknown Python object {constraint!r}]")
    hooked = rendering.hooked(kind, constraint)
    if hooked is not False:
        return hooked
    match constraint:
        case sa.PrimaryKeyConstraint():
            if not constraint.columns:
                return None
            return over_columns("PrimaryKeyConstraint", constraint, constraint.columns, rendering)
        case sa.UniqueConstraint():
            return over_columns("UniqueConstraint", constraint, constraint.columns, rendering)
        case sa.ForeignKeyConstraint():
            return _foreign_key(constraint, rendering)
        case sa.CheckConstraint():
            return check_expression(constraint, rendering)
    return _exclude(constraint, rendering)


def _kind(constraint: schema.Constraint) -> str | None:
    for class_, word in _HOOK_KINDS:
        if isinstance(constraint, class_):
            return word
    return "exclude" if _is_exclude(constraint) else None


def _is_exclude(constraint: schema.Constraint) -> bool:
    return isinstance(constraint, loaded_class("postgresql", "ExcludeConstraint"))


def over_columns(
    class_name: str,
    constraint: schema.Constraint,
    columns: Iterable[sa.Column[Any]],
    rendering: Rendering,
    name: object = OWN_NAME,
) -> Node:
    """Return a primary key or a unique constraint over these columns, under a name."""
    names = [string(str(column.name)) for column in columns]
    keywords = constraint_keywords(constraint, rendering, name=name)
    return Call(rendering.sa(class_name), (*names, *keywords))


def check_expression(
    constraint: sa.CheckConstraint, rendering: Rendering, name: object = OWN_NAME
) -> Node:
    """Return a CHECK under a name."""
    text = string(text_of(constraint.sqltext, rendering.dialect))
    keywords = constraint_keywords(constraint, rendering, name=name)
    return Call(rendering.sa("CheckConstraint"), (text, *keywords))


def _foreign_key(constraint: sa.ForeignKeyConstraint, rendering: Rendering) -> Node:
    local = strings([str(element.parent.name) for element in constraint.elements])
    remote = strings([referred_column(each, rendering.models) for each in constraint.elements])
    own = {**foreign_key_keywords(constraint), "use_alter": constraint.use_alter or None}
    keywords = constraint_keywords(constraint, rendering, own)
    return Call(rendering.sa("ForeignKeyConstraint"), (local, remote, *keywords))


def foreign_key_keywords(constraint: sa.ForeignKeyConstraint) -> Mapping[str, Any]:
    """Return what a foreign key has on top of other constraints."""
    return {
        "onupdate": constraint.onupdate,
        "ondelete": constraint.ondelete,
        "match": constraint.match,
    }


def referred_column(element: sa.ForeignKey, models: sa.MetaData | None = None) -> str:
    """Return ``table.column`` or ``schema.table.column`` that one foreign key points to.

    A model may name the target by the column's key, and leave its schema to its MetaData,
    while a file knows names only.

    :param models: the tables that it may point to, where its own table is a copy.
    """
    spec = element._get_colspec()
    if models is not None:
        return _referred_among(spec, element, models)
    try:
        target = element.column
    except sa.exc.SQLAlchemyError:
        return spec
    return f"{target.table.fullname}.{target.name}"


def _referred_among(spec: str, element: sa.ForeignKey, models: sa.MetaData) -> str:
    table_name, _, column_name = spec.rpartition(".")
    if "." not in table_name and models.schema is not None:
        table_name = f"{models.schema}.{table_name}"
    table = models.tables.get(table_name)
    if table is not None and not element.link_to_name and column_name in table.columns:
        column_name = table.columns[column_name].name
    return f"{table_name}.{column_name}"


def _exclude(constraint: Any, rendering: Rendering) -> Node:
    rendering.imports.add("from sqlalchemy.dialects import postgresql")
    elements = [exclude_element(part, rendering) for part in constraint._render_exprs]
    extra: dict[str, Any] = {"where": constraint.where, "using": constraint.using}
    keywords = constraint_keywords(constraint, rendering, extra)
    if constraint.ops:
        keywords.append(Keyword("ops", value(dict(sorted(constraint.ops.items())))))
    return Call("postgresql.ExcludeConstraint", (*elements, *keywords))


def exclude_element(part: tuple[Any, str | None, str], rendering: Rendering) -> Node:
    """Return one ``(column or expression, operator)`` of an EXCLUDE constraint."""
    sql, name, operator = part
    if isinstance(sql, sa.ColumnClause) and sql.is_literal:
        element = literal_expression(sql, rendering)
    elif isinstance(sql, sa.ClauseElement) and not isinstance(sql, sa.ColumnClause):
        element = text_expression(sql, rendering)
    else:
        element = column_name(name if name is not None else str(sql), rendering)
    return TupleOf((element, string(operator)))


def constraint_keywords(
    constraint: schema.Constraint,
    rendering: Rendering,
    extra: Mapping[str, Any] | None = None,
    name: object = OWN_NAME,
) -> list[Node]:
    """Return ``name``, ``deferrable``, ``initially`` and the options of one database."""
    keywords: list[Node] = []
    named = constraint.name if name is OWN_NAME else name
    if isinstance(named, str):
        keywords.append(Keyword("name", name_expression(named, rendering)))
    given = {
        **(extra or {}),
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
    }
    for word, option in given.items():
        if option is not None:
            keywords.append(Keyword(word, option_expression(option, rendering)))
    return keywords + dialect_options(constraint.dialect_kwargs, rendering)


def written_constraints(
    constraints: Iterable[schema.Constraint], rendering: Rendering
) -> list[Node]:
    """Return a table's constraints, sorted by kind and text, without those a type brings."""
    written = (
        (constraint, constraint_expression(constraint, rendering))
        for constraint in constraints
        if not getattr(constraint, "_type_bound", False)
    )
    return in_written_order(written, rendering)


def in_written_order(
    written: Iterable[tuple[schema.Constraint, Node | None]], rendering: Rendering
) -> list[Node]:
    """Return constraints in the order of a file: by kind and text.

    :param written: each with how it is written; None where it is left out.
    """
    kinds: dict[int, list[Node]] = defaultdict(list)
    is_classic = rendering.layout == "alembic"
    for constraint, node in written:
        if node is not None:
            kinds[0 if is_classic else _rank(constraint)].append(node)
    for nodes in kinds.values():
        if len(nodes) > 1:  # most tables have one of a kind, whose text nobody needs to know
            nodes.sort(key=classic_line if is_classic else repr)
    return [node for _, nodes in sorted(kinds.items()) for node in nodes]


def _rank(constraint: schema.Constraint) -> int:
    for rank, (class_, _) in enumerate(_HOOK_KINDS):
        if isinstance(constraint, class_):
            return rank
    return len(_HOOK_KINDS) + (not _is_exclude(constraint))
