"""Whether an ``env.py`` does the same to each database that it is given, told by its text.

Nothing is run. What one database has that others have not reaches an ``env.py`` through ``context``
and its ``config`` alone. Where these are used for nothing but to open ``sqlalchemy.url``, and to
run the revisions in it, another address makes no other difference. Every statement has to be one
that is known here: in doubt, it is not plain.
"""

from __future__ import annotations

import ast
from functools import partial

from limbeck.light_typing import Any, NamedTuple
from limbeck.project.plain_engines import (
    CONNECTION,
    ENGINE,
    GIVEN,
    SECTION,
    is_engine,
    is_given,
    is_section,
)
from limbeck.project.plain_expressions import FILE_CONFIG, origin_of, refuse_calls, refuse_unlike
from limbeck.project.plain_names import (
    CONFIG,
    CONTEXT,
    FUNCTION,
    NOTHING,
    NotPlain,
    Scope,
    local_names,
)
from limbeck.syntax_trees import tree_of_silent

__all__ = ["PlainEnvironment", "plain_environment"]

_OPTIONS = frozenset(
    {
        # what is compared, and what is written
        *("target_metadata", "compare_type", "compare_server_default", "include_schemas"),
        *("include_name", "include_object", "process_revision_directives", "render_item"),
        *("render_as_batch", "user_module_prefix", "sqlalchemy_module_prefix"),
        *("alembic_module_prefix", "upgrade_token", "downgrade_token"),
        # where the version is, and how it is moved
        *("version_table", "version_table_schema", "transaction_per_migration"),
    }
)
"""Arguments of ``context.configure()`` by which no code of the project's runs with a revision."""


class PlainEnvironment(NamedTuple):
    """What an ``env.py`` does with each database.

    :param options: what ``context.configure()`` is given besides the connection, of it the
        constants.
    :param worked_out: the names of the rest of it.
    :param imports: the modules that it imports.
    :param sets_logging: it sets logging up as the ini file says.
    :param sets_other_logging: it sets logging up otherwise.
    :param asks_caller: it asks what a caller has handed over, and has read here that nobody has.
    :param changes_path: it changes where Python looks for modules.
    """

    options: tuple[tuple[str, Any], ...]
    worked_out: frozenset[str]
    imports: tuple[str, ...]
    sets_logging: bool
    sets_other_logging: bool
    asks_caller: bool
    changes_path: bool


def plain_environment(source: bytes | str) -> PlainEnvironment | None:
    """What an ``env.py`` does with a database that is open; None where it may not be the same.

    :param source: its text.
    """
    try:
        reading = _Reading()
        reading.module(tree_of_silent(source))
    except (NotPlain, SyntaxWarning, SyntaxError, ValueError, RecursionError):
        return None
    said, seen = reading.options.items(), reading.names.seen
    return PlainEnvironment(
        options=tuple((name, each.value) for name, each in said if isinstance(each, ast.Constant)),
        worked_out=frozenset(name for name, each in said if not isinstance(each, ast.Constant)),
        imports=tuple(sorted(seen.imports)),
        sets_logging=FILE_CONFIG in seen.calls,
        sets_other_logging=seen.sets_other_logging,
        asks_caller=GIVEN in seen.calls,
        changes_path=any(name.startswith("sys.path.") for name in seen.calls),
    )


class _Reading:
    """An ``env.py`` as far as it is read, in the order in which it runs."""

    def __init__(self) -> None:
        self.names = Scope()
        self.options: dict[str, ast.expr] = {}
        self._functions: dict[str, ast.FunctionDef] = {}
        self._is_configured = self._has_run = False

    def module(self, module: ast.Module) -> None:
        self._all(module.body, self.names)
        if not self._has_run:
            raise NotPlain

    def _all(self, statements: list[ast.stmt], scope: Scope) -> None:
        for each in statements:
            self._one(each, scope)

    def _one(self, statement: ast.stmt, scope: Scope) -> None:
        if self._has_run and not isinstance(statement, ast.Pass | ast.Expr):
            raise NotPlain  # what fails here fails for a database that is migrated already
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Import() | ast.ImportFrom():
                scope.import_(statement)
            case ast.FunctionDef():
                self._define(statement, scope)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign(name, value, scope)
            case ast.AnnAssign(
                target=ast.Name(id=name), annotation=type_, value=ast.expr() as value
            ):
                refuse_calls(type_)
                self._assign(name, value, scope)
            case ast.If():
                self._decide(statement, scope)
            case ast.With(items=[item]):
                self._within(item, statement.body, scope)
            case ast.Expr(value=ast.Call() as call):
                self._call(call, scope)
            case _:
                raise NotPlain

    # Names

    def _define(self, function: ast.FunctionDef, scope: Scope) -> None:
        """A function, which runs where it is called here and nowhere else."""
        given = function.args
        if function.decorator_list:
            raise NotPlain
        for default in (*given.defaults, *filter(None, given.kw_defaults)):
            refuse_unlike(default, scope)
        takes = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
        for type_ in (function.returns, *(each.annotation for each in takes if each is not None)):
            refuse_calls(type_)
        if scope is self.names:
            scope.bind(function.name, FUNCTION)
            self._functions[function.name] = function
        else:
            scope.bind(function.name, None)

    def _assign(self, name: str, value: ast.expr, scope: Scope) -> None:
        if is_engine(value, scope):
            scope.bind(name, ENGINE)
        elif is_section(value, scope):
            scope.bind(name, SECTION)
        elif is_given(value, scope):
            scope.bind(name, NOTHING)
        elif origin_of(value, scope) == CONFIG:
            scope.bind(name, CONFIG)
        else:
            refuse_unlike(value, scope)
            scope.bind(name, None)

    # What runs

    def _decide(self, statement: ast.If, scope: Scope) -> None:
        """``if``: it is run with a database, and nobody has handed anything over."""
        test, first, second = statement.test, statement.body, statement.orelse
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, first, second = test.operand, second, first
        if _is_call(test, f"{CONTEXT}.is_offline_mode", scope):
            self._all(second, scope)
            return
        found = _asks_for_nothing(test, scope)
        if found is not None:
            name, is_nothing = found
            scope.forget(name)
            self._all(first if is_nothing else second, scope)
            return
        refuse_unlike(test, scope)
        before = self._state()
        scope.either(*(partial(self._all, way, scope) for way in (first, second)))
        if self._state() != before:  # nobody knows which of the two it was
            raise NotPlain

    def _state(self) -> tuple[Any, ...]:
        return self._is_configured, self._has_run, dict(self._functions)

    def _within(self, item: ast.withitem, body: list[ast.stmt], scope: Scope) -> None:
        match item.context_expr, item.optional_vars:
            case (
                ast.Call(func=ast.Attribute(value=engine, attr="connect"), args=[], keywords=[]),
                ast.Name(id=name),
            ) if origin_of(engine, scope) == ENGINE:
                scope.bind(name, CONNECTION)
                self._all(body, scope)
                scope.close(name)
                if self._is_configured and not self._has_run:
                    raise NotPlain
            case call, None if _is_call(call, f"{CONTEXT}.begin_transaction", scope):
                self._run(body, scope)
            case _:
                raise NotPlain

    def _run(self, body: list[ast.stmt], scope: Scope) -> None:
        match body:
            case [ast.Expr(value=call)] if _is_call(call, f"{CONTEXT}.run_migrations", scope):
                if self._has_run or not self._is_configured:
                    raise NotPlain
                self._has_run = True
            case _:
                raise NotPlain

    def _call(self, call: ast.Call, scope: Scope) -> None:
        origin = origin_of(call.func, scope)
        if origin == f"{CONTEXT}.configure":
            self._configure(call, scope)
        elif origin == FUNCTION:
            self._enter(call, scope)
        elif not _is_call(call, f"{ENGINE}.dispose", scope):
            if self._has_run:
                raise NotPlain
            refuse_unlike(call, scope)

    def _enter(self, call: ast.Call, scope: Scope) -> None:
        """A function of the module's own, without arguments; each is entered once."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        function = None if call.args or call.keywords else self._functions.pop(name, None)
        if function is None or ast.unparse(function.args):
            raise NotPlain
        self._all(function.body, Scope(self.names, local_names(function)))

    def _configure(self, call: ast.Call, scope: Scope) -> None:
        said = {each.arg or "": each.value for each in call.keywords}
        connection = said.pop("connection", None)
        is_usual = connection is not None and origin_of(connection, scope) == CONNECTION
        if call.args or not is_usual or self._is_configured or not said.keys() <= _OPTIONS:
            raise NotPlain
        for value in said.values():
            refuse_unlike(value, scope)
        self.options = said
        self._is_configured = True


def _is_call(value: ast.expr, origin: str, scope: Scope) -> bool:
    """Whether a function is called, without arguments."""
    if not isinstance(value, ast.Call) or value.args or value.keywords:
        return False
    return origin_of(value.func, scope) == origin


def _asks_for_nothing(test: ast.expr, scope: Scope) -> tuple[str, bool] | None:
    """A name that stands for what nobody has handed over, and whether a test says so."""
    is_nothing = False
    match test:
        case ast.Compare(
            left=ast.Name() as name, ops=[ast.Is() | ast.IsNot() as is_], comparators=[other]
        ) if isinstance(other, ast.Constant) and other.value is None:
            is_nothing = isinstance(is_, ast.Is)
        case ast.Name() as name:
            pass
        case _:
            return None
    return (name.id, is_nothing) if origin_of(name, scope) == NOTHING else None
