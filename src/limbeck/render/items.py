"""Columns and constraints as Python expressions, as they stand inside ``op.create_table``."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy import schema
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import conv, quoted_name
from sqlalchemy.sql.functions import FunctionElement

from limbeck.render.classic import classic_line
from limbeck.render.constructors import constructor_arguments
from limbeck.render.layout import Call, Code, Keyword, ListOf, Node, TupleOf
from limbeck.render.sql import compiled_text, text_of
from limbeck.render.types import type_expression
from limbeck.render.values import string, strings, value

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from limbeck.render.context import Rendering


def name_expression(name: str | None, rendering: Rendering) -> Node:
    """Return a name; one that no naming convention may touch again as ``op.f("…")``."""
    if name is None:
        return Code("None")
    if isinstance(name, conv):
        return Call(rendering.op("f"), (string(str(name)),))
    return string(str(name))


def column_expression(column: sa.Column[Any], rendering: Rendering) -> Node | None:
    """Return ``sa.Column(…)``, or None where the user's hook leaves the column out."""
    hooked = rendering.hooked("column", column)
    if hooked is not False:
        return hooked
    arguments: list[Node] = [string(str(column.name)), type_expression(column.type, rendering)]
    keywords: list[Node] = []
    default: Node | None = None
    if column.server_default is not None:
        default = server_default_expression(column.server_default, rendering)
    if isinstance(column.server_default, sa.Computed | sa.Identity):
        arguments += [default] if default is not None else []
    elif default is not None:
        keywords.append(Keyword("server_default", default))
    autoincrement = _autoincrement(column, explicit=rendering.explicit)
    if autoincrement is not None:
        keywords.append(Keyword("autoincrement", Code(repr(autoincrement))))
    keywords.append(Keyword("nullable", Code(repr(bool(column.nullable)))))
    if column.system:
        keywords.append(Keyword("system", Code("True")))
    if isinstance(column.name, quoted_name) and column.name.quote is not None:
        keywords.append(Keyword("quote", Code(repr(column.name.quote))))
    if column.comment is not None:
        keywords.append(Keyword("comment", string(column.comment)))
    keywords += dialect_options(column.dialect_kwargs, rendering)
    return Call(rendering.sa("Column"), (*arguments, *keywords))


def _autoincrement(column: sa.Column[Any], *, explicit: bool) -> bool | None:
    """Return the flag where leaving it out would mean something else."""
    flag = column.autoincrement
    if not isinstance(flag, bool):
        return None
    if explicit:
        return flag
    if not column.primary_key:
        return None
    if not flag:
        return False
    single = column.table is not None and len(column.table.primary_key.columns) == 1
    return None if single and not column.foreign_keys else True


def server_default_expression(default: object, rendering: Rendering) -> Node | None:
    """Return what makes a server default: a string, ``sa.text``, ``sa.Computed``, …"""
    hooked: Node | Literal[False] | None = rendering.hooked("server_default", default)
    if hooked is not False:
        return hooked
    match default:
        case None:
            return None
        case sa.Computed():
            return _computed(default, rendering)
        case sa.Identity():
            return _identity(default, rendering)
        case sa.DefaultClause(arg=argument):
            return server_default_expression(argument, rendering)
        case sa.FetchedValue():
            return Call(rendering.sa("FetchedValue"))
        case str():
            return string(default)
        case sa.True_() | sa.False_():
            return text_expression(default, rendering)
        case sa.ColumnElement() if rendering.dialect.name == "sqlite":
            # SQLite's DEFAULT takes an expression in parentheses only ("CREATE TABLE").
            words = text_of(default, rendering.dialect)
            return Call(rendering.sa("text"), (string(f"({words})"),))
        case _:
            return text_expression(default, rendering)


def literal_expression(sql: Any, rendering: Rendering) -> Node:
    """Return ``sa.literal_column("…")`` around an SQL expression, as an index takes it."""
    words = sql.text.replace("\\:", ":") if isinstance(sql, sa.TextClause) else None
    if words is None:
        if rendering.dialect.name == "postgresql" and isinstance(sql, sa.ColumnElement):
            # PostgreSQL wants parentheses around what is no function call ("CREATE INDEX").
            sql = sql if isinstance(sql, sa.ColumnClause) else sql.self_group()
        words = compiled_text(sql, rendering.dialect)
        if _needs_parentheses(sql, rendering.dialect):
            words = f"({words})"
    return Call(rendering.sa("literal_column"), (string(words),))


def _needs_parentheses(sql: Any, dialect: Dialect) -> bool:
    """MySQL wants parentheses around a key part that is an expression ("CREATE INDEX")."""
    if dialect.name not in ("mysql", "mariadb"):
        return False
    if isinstance(sql, sa.UnaryExpression):
        return sql.modifier not in (operators.desc_op, operators.asc_op)
    return isinstance(sql, sa.BinaryExpression | FunctionElement)


def column_name(name: str, rendering: Rendering) -> Node:
    """Return a column among expressions, as an EXCLUDE constraint takes it."""
    if rendering.explicit:
        return Call(rendering.sa("column"), (string(name),))
    return string(name)


def text_expression(sql: Any, rendering: Rendering) -> Node:
    """Return ``sa.text("…")`` around an SQL expression."""
    return Call(rendering.sa("text"), (string(text_of(sql, rendering.dialect)),))


def _computed(computed: sa.Computed, rendering: Rendering) -> Node:
    arguments: list[Node] = [string(text_of(computed.sqltext, rendering.dialect))]
    if computed.persisted is not None:
        arguments.append(Keyword("persisted", value(computed.persisted)))
    return Call(rendering.sa("Computed"), tuple(arguments))


def _identity(identity: sa.Identity, rendering: Rendering) -> Node:
    options = dict(getattr(identity, "dialect_kwargs", {}))  # since SQLAlchemy 2.1
    given = dict(constructor_arguments(identity, sa.Identity).keywords) | options
    if options:
        given = {name: given[name] for name in given if name not in ("on_null", "order")}
    names = sorted(given)
    if rendering.explicit:
        given = {"always": identity.always, **given}
        names = list(given)
    keywords = [Keyword(name, value(given[name])) for name in names]
    return Call(rendering.sa("Identity"), tuple(keywords))


def dialect_options(
    options: Mapping[str, Any], rendering: Rendering, *, in_order: bool = True
) -> list[Node]:
    """Return keyword arguments such as ``postgresql_using="gin"``, sorted, empty ones left out."""
    return [
        Keyword(name, option_expression(options[name], rendering))
        for name in (sorted(options) if in_order else options)
        if not _means_nothing(name, options[name], explicit=rendering.explicit)
    ]


def _means_nothing(name: str, option: object, *, explicit: bool) -> bool:
    """Say whether an option is the same as none: what reflection gives for everything."""
    if option is None or option in ({}, [], ()):
        return True
    return option is False and name.startswith("postgresql_") and not explicit


def option_expression(option: Any, rendering: Rendering) -> Node:
    """Return the value of one option; expressions in it become ``sa.text``."""
    if isinstance(option, sa.Column):
        return string(str(option.name))
    if isinstance(option, sa.ClauseElement):
        return text_expression(option, rendering)
    if isinstance(option, list | tuple):
        nodes = tuple(option_expression(part, rendering) for part in option)
        return ListOf(nodes) if isinstance(option, list) else TupleOf(nodes)
    return value(option)


# ------------------------------------------------------------------------------ constraints

_HOOK_KINDS: tuple[tuple[type[schema.Constraint], str], ...] = (
    (sa.PrimaryKeyConstraint, "primary_key"),
    (sa.UniqueConstraint, "unique"),
    (sa.ForeignKeyConstraint, "foreign_key"),
    (sa.CheckConstraint, "check"),
    (postgresql.ExcludeConstraint, "exclude"),
)


def constraint_expression(constraint: schema.Constraint, rendering: Rendering) -> Node | None:
    """Return a constraint as ``create_table`` takes it, or None where it is left out."""
    kind = next((word for class_, word in _HOOK_KINDS if isinstance(constraint, class_)), None)
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
            return _over_columns("PrimaryKeyConstraint", constraint, rendering)
        case sa.UniqueConstraint():
            return _over_columns("UniqueConstraint", constraint, rendering)
        case sa.ForeignKeyConstraint():
            return _foreign_key(constraint, rendering)
        case postgresql.ExcludeConstraint():
            return _exclude(constraint, rendering)
        case sa.CheckConstraint():
            text = string(text_of(constraint.sqltext, rendering.dialect))
            call = rendering.sa("CheckConstraint")
            return Call(call, (text, *constraint_keywords(constraint, rendering)))
    return None


def _over_columns(
    class_name: str, constraint: sa.PrimaryKeyConstraint | sa.UniqueConstraint, rendering: Rendering
) -> Node:
    names = [string(str(column.name)) for column in constraint.columns]
    return Call(rendering.sa(class_name), (*names, *constraint_keywords(constraint, rendering)))


def _foreign_key(constraint: sa.ForeignKeyConstraint, rendering: Rendering) -> Node:
    local = strings([str(element.parent.name) for element in constraint.elements])
    remote = strings([referred_column(each, rendering.models) for each in constraint.elements])
    keywords = constraint_keywords(constraint, rendering, foreign_key_keywords(constraint))
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
    constraint: schema.Constraint, rendering: Rendering, extra: Mapping[str, Any] | None = None
) -> list[Node]:
    """Return ``name``, ``deferrable``, ``initially`` and the options of one database."""
    keywords: list[Node] = []
    if isinstance(constraint.name, str):
        keywords.append(Keyword("name", name_expression(constraint.name, rendering)))
    given = {
        **(extra or {}),
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
    }
    for name, option in given.items():
        if option is not None:
            keywords.append(Keyword(name, option_expression(option, rendering)))
    return keywords + dialect_options(constraint.dialect_kwargs, rendering)


def written_constraints(
    constraints: Iterable[schema.Constraint], rendering: Rendering
) -> list[Node]:
    """Return a table's constraints, sorted by kind and text, without those a type brings."""
    written: list[tuple[int, str, Node]] = []
    for constraint in constraints:
        if getattr(constraint, "_type_bound", False):
            continue
        node = constraint_expression(constraint, rendering)
        if node is not None:
            if rendering.layout == "alembic":
                written.append((0, classic_line(node), node))
            else:
                written.append((_rank(constraint), repr(node), node))
    return [node for _, _, node in sorted(written, key=lambda entry: entry[:2])]


def _rank(constraint: schema.Constraint) -> int:
    for rank, (class_, _) in enumerate(_HOOK_KINDS):
        if isinstance(constraint, class_):
            return rank
    return len(_HOOK_KINDS)
