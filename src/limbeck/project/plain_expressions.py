"""Expressions of an ``env.py`` that are the same for each database, see ``plain_environment``."""

from __future__ import annotations

import ast
import builtins
import re

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = [
    "CONFIG",
    "CONTEXT",
    "FILE_CONFIG",
    "FUNCTION",
    "NotPlain",
    "Scope",
    "Seen",
    "constant_of",
    "local_names",
    "origin_of",
    "refuse_calls",
    "refuse_unlike",
]

CONTEXT = "limbeck.context"
CONFIG = "limbeck.context.config"
FUNCTION = "a function"
"""What a function of the module's own comes from: it is the same for each database."""

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


_OF_MODULES = frozenset({*vars(builtins), "__file__", "__name__"})


class NotPlain(Exception):
    """There is something that need not be the same for each database."""


class Seen:
    """What was seen on the way.

    :ivar imports: the modules that are imported.
    :ivar calls: the functions that are called.
    :ivar sets_other_logging: logging is set up otherwise than by the ini file of the settings.
    """

    def __init__(self) -> None:
        self.sets_other_logging = False
        self.imports: set[str] = set()
        self.calls: set[str] = set()


class Scope:
    """The names of a module, or of a function in it.

    :param outer: the module's, for a function.
    :param local: the names that are the function's own, wherever in it they are bound.
    """

    def __init__(self, outer: Scope | None = None, local: frozenset[str] = frozenset()) -> None:
        self.outer = outer
        self._local = local
        self._unsure: set[str] = set()
        self._bound: set[str] = set()
        self.seen: Seen = Seen() if outer is None else outer.seen
        self._names: dict[str, str | None] = {}

    def bind(self, name: str, origin: str | None) -> None:
        """Let a name stand for something.

        :param name: the name.
        :param origin: where that comes from, None for any value that is the same for all.
        :raises NotPlain: it has stood for something else.
        """
        if self._names.get(name, origin) != origin:
            raise NotPlain
        self._names[name] = origin
        self._unsure.discard(name)
        self._bound.add(name)

    def close(self, name: str) -> None:
        """Let a name stand for a connection that is closed."""
        self._names[name] = "a closed connection"

    def either(self, first: Callable[[], None], second: Callable[[], None]) -> None:
        """Read two ways of which one is taken; what one of them binds alone may not be there.

        :param first: reads one.
        :param second: reads the other one.
        """
        bound, unsure = set(self._names) | self._bound, set(self._unsure)
        found: list[set[str]] = []
        for read in (first, second):
            self._bound, self._unsure = set(), set(unsure)
            if found:
                self._unsure |= found[0] - bound
            read()
            found.append(self._bound)
        both, new = found[0] & found[1], (found[0] ^ found[1]) - bound
        self._bound = found[0] | found[1]
        self._unsure = (unsure - both) | new

    def import_(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Let the names of an import stand for what is imported.

        :param statement: the import.
        :raises NotPlain: nobody sees which names these are.
        """
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                top = alias.name.partition(".")[0]
                self.seen.imports.add(alias.name)
                self.bind(alias.asname or top, _known(alias.name if alias.asname else top))
                continue
            if alias.name == "*" or statement.level or statement.module is None:
                raise NotPlain
            self.seen.imports.add(statement.module)
            self.bind(alias.asname or alias.name, _known(f"{statement.module}.{alias.name}"))

    def origin(self, name: str) -> str | None:
        """Where what a name stands for comes from.

        :param name: the name.
        :raises NotPlain: it may stand for nothing yet.
        """
        if name in self._unsure:
            raise NotPlain
        if name in self._names:
            return self._names[name]
        if name in self._local or (self.outer is None and name not in _OF_MODULES):
            raise NotPlain
        return f"builtins.{name}" if self.outer is None else self.outer.origin(name)


def local_names(function: ast.FunctionDef) -> frozenset[str]:
    """The names that a function binds anywhere, and those that are bound within its own ones.

    :param function: the function.
    :raises NotPlain: it does not run when it is called, or binds names of the module's.
    """
    found: set[str] = set()
    for node in (each for top in function.body for each in ast.walk(top)):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found.update(each.asname or each.name.partition(".")[0] for each in node.names)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Global() | ast.Nonlocal() | ast.Yield() | ast.YieldFrom():
                raise NotPlain
            case ast.AsyncFunctionDef() | ast.ExceptHandler() | ast.Match():
                raise NotPlain
    return frozenset(found)


def _known(origin: str) -> str:
    """An origin, by limbeck's name where it has two."""
    top, dot, rest = origin.partition(".")
    return f"limbeck{dot}{rest}" if top == "alembic" else origin


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
