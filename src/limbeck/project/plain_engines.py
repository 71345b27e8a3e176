"""Engines in an ``env.py``, and what they are made of, see ``plain_environment``."""

from __future__ import annotations

import ast

from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.plain_expressions import constant_of, origin_of
from limbeck.project.plain_names import CONFIG

if TYPE_CHECKING:
    from limbeck.project.plain_names import Scope

__all__ = ["CONNECTION", "ENGINE", "GIVEN", "SECTION", "is_engine", "is_given", "is_section"]

GIVEN = f"{CONFIG}.attributes.get"
"""What asks for something that a caller has handed over."""

_ENGINES = frozenset(
    f"sqlalchemy{inner}.{name}"
    for inner in ("", ".engine")
    for name in ("create_engine", "engine_from_config")
)
_NULL_POOLS = ("sqlalchemy.pool.NullPool", "sqlalchemy.NullPool")

ENGINE, CONNECTION, SECTION = "an engine", "a connection", "a section"
"""What names stand for that is not the same for each database; no module could be called so."""


def is_engine(value: ast.expr, scope: Scope) -> bool:
    """Whether an expression is an engine for ``sqlalchemy.url``, with usual arguments only.

    :param value: the expression.
    :param scope: the names.
    """
    match value:
        case ast.BoolOp(op=ast.Or(), values=[given, engine]) if is_given(given, scope):
            return is_engine(engine, scope)
    if not isinstance(value, ast.Call) or not value.args:
        return False
    origin = origin_of(value.func, scope)
    if origin not in _ENGINES:
        return False
    source, *more = value.args
    said = [*more, *(each.value for each in value.keywords if each.arg == "prefix")]
    is_source = is_section if origin.endswith("engine_from_config") else _is_address
    return (
        is_source(source, scope)
        and all(constant_of(each) == "sqlalchemy." for each in said)
        and len(said) <= (is_source is is_section)
        and all(_is_usual(each, scope) for each in value.keywords)
    )


def _is_usual(keyword: ast.keyword, scope: Scope) -> bool:
    if keyword.arg == "poolclass":
        return origin_of(keyword.value, scope) in _NULL_POOLS
    is_new = keyword.arg == "future" and constant_of(keyword.value) is True
    return is_new or keyword.arg == "prefix"


def is_section(value: ast.expr, scope: Scope) -> bool:
    """Whether an expression is the section of the ini file, whatever there is in it.

    :param value: the expression.
    :param scope: the names.
    """
    match value:
        case ast.Name():
            return origin_of(value, scope) == SECTION
        case ast.BoolOp(op=ast.Or(), values=[section, ast.Dict(keys=[])]):
            return is_section(section, scope)
        case ast.Call(func=func, args=[name, *more], keywords=named):
            more += [each.value for each in named if each.arg == "default"]
            return (
                origin_of(func, scope) == f"{CONFIG}.get_section"
                and origin_of(name, scope) == f"{CONFIG}.config_ini_section"
                and len(more) <= 1
                and all(isinstance(each, ast.Dict) and not each.keys for each in more)
                and all(each.arg == "default" for each in named)
            )
    return False


def _is_address(value: ast.expr, scope: Scope) -> bool:
    """Whether an expression is ``sqlalchemy.url``."""
    match value:
        case ast.Call(func=func, args=[ast.Constant("sqlalchemy.url")], keywords=[]):
            return origin_of(func, scope) == f"{CONFIG}.get_main_option"
    return False


def is_given(value: ast.expr, scope: Scope) -> bool:
    """Whether an expression is what a caller has handed over, or None where nobody has.

    :param value: the expression.
    :param scope: the names.
    """
    match value:
        case ast.Call(func=func, args=[ast.Constant(str()), *more], keywords=[]):
            is_none = all(isinstance(each, ast.Constant) and each.value is None for each in more)
            if len(more) <= 1 and is_none and origin_of(func, scope) == GIVEN:
                scope.seen.calls.add(GIVEN)
                return True
    return False
