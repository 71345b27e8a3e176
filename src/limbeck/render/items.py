"""Columns and expressions as Python expressions, as they stand inside ``op.create_table``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import conv, quoted_name
from sqlalchemy.sql.functions import FunctionElement

from limbeck.render.constructors import constructor_arguments
from limbeck.render.nodes import Call, Code, Keyword, ListOf, Node, TupleOf
from limbeck.render.sql import compiled_text, text_of
from limbeck.render.types import type_expression
from limbeck.render.values import string, value

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
    if default is None:
        pass
    elif isinstance(column.server_default, sa.Computed | sa.Identity):
        arguments.append(default)
    else:
        keywords.append(Keyword("server_default", default))
    autoincrement = _autoincrement(column, explicit=rendering.explicit)
    if autoincrement is not None:
        keywords.append(Keyword("autoincrement", Code(repr(autoincrement))))
    keywords.append(_NULLABLE if column.nullable else _NOT_NULLABLE)
    if column.system:
        keywords.append(Keyword("system", Code("True")))
    if isinstance(column.name, quoted_name) and column.name.quote is not None:
        keywords.append(Keyword("quote", Code(repr(column.name.quote))))
    if column.comment is not None:
        keywords.append(Keyword("comment", string(column.comment)))
    keywords += dialect_options(column.dialect_kwargs, rendering)
    return Call(rendering.sa("Column"), (*arguments, *keywords))


_NULLABLE, _NOT_NULLABLE = Keyword("nullable", Code("True")), Keyword("nullable", Code("False"))


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
    return _default_expression(default, rendering) if hooked is False else hooked


# What Alembic leaves as it is in a default of SQLite's.
_NEEDS_NO_PARENTHESES = re.compile(r"(\(.+\)|'.+'|\d+)?", re.DOTALL)


def _in_parentheses(rendering: Rendering) -> bool:
    return rendering.dialect.name == "sqlite" and rendering.layout == "alembic"


def _default_expression(default: object, rendering: Rendering) -> Node | None:
    match default:
        case None:
            return None
        case sa.Computed():
            return _computed(default, rendering)
        case sa.Identity():
            return _identity(default, rendering)
        case sa.DefaultClause(arg=argument):
            return _default_expression(argument, rendering)
        case sa.FetchedValue():
            return Call(rendering.sa("FetchedValue"))
        case str():
            return string(default)
        case sa.True_() | sa.False_():
            return text_expression(default, rendering)
        case sa.ColumnElement() | sa.TextClause() if rendering.render_sql is not None:
            words = rendering.render_sql(default, is_server_default=True)
            return Call(rendering.sa("text"), (string(text_of(words, rendering.dialect)),))
        case sa.ColumnElement() | sa.TextClause() if _in_parentheses(rendering):
            words = text_of(default, rendering.dialect)
            bare = _NEEDS_NO_PARENTHESES.fullmatch(words)
            return Call(rendering.sa("text"), (string(words if bare else f"({words})"),))
        case sa.ColumnElement() if rendering.dialect.name == "sqlite":
            # SQLite's DEFAULT takes an expression in parentheses only ("CREATE TABLE").
            words = text_of(default, rendering.dialect)
            return Call(rendering.sa("text"), (string(f"({words})"),))
        case _:
            return text_expression(default, rendering)


def literal_expression(sql: Any, rendering: Rendering) -> Node:
    """Return ``sa.literal_column("…")`` around an SQL expression, as an index takes it."""
    words = sql.text.replace("\\:", ":") if isinstance(sql, sa.TextClause) else None
    if words is None and rendering.render_sql is not None:
        words = rendering.render_sql(sql, is_index=True)
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
    """Return keyword arguments such as ``postgresql_using="gin"``, sorted, empty ones left out.

    MySQL's ``DEFAULT CHARSET`` is reflected as an option with a blank in its name, which no keyword
    can have; SQLAlchemy takes an underscore for it.
    """
    if not options:
        return []
    return [
        Keyword(name.replace(" ", "_"), option_expression(options[name], rendering))
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
    if isinstance(option, quoted_name) and option.quote is False:
        # SQLAlchemy would quote a name with its schema as if it were one word.
        parts = (string(str(option)), Keyword("quote", Code("False")))
        return Call(rendering.sa("quoted_name"), parts)
    return value(option)
