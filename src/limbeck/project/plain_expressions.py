"""Expressions of an ``env.py`` that are the same for each database, see ``plain_environment``."""

from __future__ import annotations

import ast
import re

from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.plain_names import CONFIG, FUNCTION, NotPlain

if TYPE_CHECKING:
    from typing import Any

    from limbeck.project.plain_names import Scope

__all__ = ["FILE_CONFIG", "constant_of", "origin_of", "refuse_calls", "refuse_unlike"]

_ALIKE = frozenset({f"{CONFIG}.config_file_name", f"{CONFIG}.config_ini_section"})
"""What of the settings is the same for each database."""

FILE_CONFIG = "logging.config.fileConfig"
_OF_LOGGING = (FILE_CONFIG, "logging.basicConfig")
_PATH = "pathlib.Path"
_CALLS = frozenset(
    {
        *(FILE_CONFIG, "logging.getLogger", "logging.basicConfig"),
        *("os.getenv", "os.environ.get", "os.fspath", "os.getcwd", "sys.path.append"),
        *("sys.path.insert", _PATH),
        *("builtins.str", "builtins.bool", "builtins.list", "builtins.tuple", "builtins.dict"),
    }
)
"""Functions that do the same whenever they are called, so that once is enough."""

_OF_PATHS = re.compile(r"os\.path\.\w+")  # what is within a module there, as os is, may do anything

_METHODS = frozenset({"absolute", "as_posix", "joinpath", "resolve"})
"""Those of a path."""

_PARTS = (
    *(ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Subscript, ast.Slice, ast.BoolOp, ast.BinOp),
    *(ast.UnaryOp, ast.Compare, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.Starred),
)
"""Expressions that are the same where all in them is."""


def origin_of(expression: ast.expr, scope: Scope) -> str | None:
    """Where a value comes from, as a dotted name; None where it is none, or comes from a call.

    :param expression: the value.
    :param scope: the names.
    """
    match expression:
        case ast.Name(id=name):
            return scope.origin(name)
        case ast.Attribute(value=value, attr=attr):
            origin = origin_of(value, scope)
            return None if origin is None else f"{origin}.{attr}"
    return None


def constant_of(expression: ast.expr) -> Any:
    """The value of a constant, None for any other expression.

    :param expression: the expression.
    """
    return expression.value if isinstance(expression, ast.Constant) else None


def refuse_unlike(expression: ast.expr, scope: Scope) -> None:
    """Make sure that an expression has the same value for each database, and does the same.

    :param expression: the expression.
    :param scope: the names.
    :raises NotPlain: it may not.
    """
    match expression:
        case ast.Constant():
            return
        case ast.Lambda(args=ast.arguments(defaults=[], kw_defaults=[])):
            return  # nobody calls it here
        case ast.Name() | ast.Attribute():
            _refuse_unlike_origin(expression, scope)
        case ast.Call():
            _refuse_unlike_call(expression, scope)
        case _ if isinstance(expression, _PARTS):
            for each in ast.iter_child_nodes(expression):
                if isinstance(each, ast.expr):
                    refuse_unlike(each, scope)
        case _:
            raise NotPlain


def _refuse_unlike_origin(expression: ast.Name | ast.Attribute, scope: Scope) -> None:
    origin = origin_of(expression, scope)
    if origin is not None:
        is_ours = origin == "limbeck" or origin.startswith("limbeck.")
        is_open = " " in origin and origin != FUNCTION  # an engine, or what comes from one
        if (is_ours and origin not in _ALIKE) or is_open:
            raise NotPlain
    elif isinstance(expression, ast.Attribute):
        refuse_unlike(expression.value, scope)


def _refuse_unlike_call(call: ast.Call, scope: Scope) -> None:
    origin = origin_of(call.func, scope)
    if origin is None:
        is_method = isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
        if not is_method or not _is_of_path(call.func, scope):
            raise NotPlain
        refuse_unlike(call.func, scope)
    elif origin not in _CALLS and not _OF_PATHS.fullmatch(origin):
        raise NotPlain
    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
        refuse_unlike(each, scope)
    if origin in _OF_LOGGING and not _is_as_settings_say(call, scope):
        scope.seen.sets_other_logging = True
    if origin is not None:
        scope.seen.calls.add(origin)


def _is_as_settings_say(call: ast.Call, scope: Scope) -> bool:
    """Whether logging is set up by the ini file of the settings."""
    return bool(call.args) and origin_of(call.args[0], scope) == f"{CONFIG}.config_file_name"


_IN_TYPES = (
    *(ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.List),
    *(ast.BinOp, ast.operator, ast.expr_context),
)
"""Of what types are said, without that anything is called."""


def refuse_calls(annotation: ast.expr | None) -> None:
    """Make sure that what stands for a type does nothing.

    :param annotation: the type.
    :raises NotPlain: it may.
    """
    if annotation is not None and not all(isinstance(e, _IN_TYPES) for e in ast.walk(annotation)):
        raise NotPlain


def _is_of_path(expression: ast.expr, scope: Scope) -> bool:
    """Whether something is a path, or made from one."""
    while isinstance(expression, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(expression, ast.Call):
            if origin_of(expression.func, scope) == _PATH:
                return True
            expression = expression.func
        else:
            expression = expression.value
    return False
