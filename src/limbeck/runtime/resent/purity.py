"""Whether what a revision sends to the database can depend on nothing but its own text.

``upgrade()`` has to be a row of directives on constants and on SQLAlchemy's schema items and types
made of constants; those of a ``with op.batch_alter_table(…)`` are such as well. No name of the
module's own, no function of the user's, no condition, no loop, and nothing that reads the time, the
environment, or the database. What is kept for another process has to come from a plain file
besides, which does nothing but import SQLAlchemy, and say constants.

A large file is looked at in short, see :mod:`limbeck.project.shortened`.
"""

from __future__ import annotations

import ast
import inspect
import types
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.functions import _FunctionGenerator, _registry
from sqlalchemy.types import TypeEngine

from limbeck.dialects.standard.bare_index import are_items_heard
from limbeck.operations.registry import has_implementations
from limbeck.project.files import read_text
from limbeck.project.plain_file import is_plain
from limbeck.project.shortened import (
    PURE_CONSTANT,
    PURE_STATEMENT,
    PURE_VALUE,
    WORDS,
    is_word,
    shortened,
)
from limbeck.script.script import Script
from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from limbeck.revisions.revision import Revision

__all__ = [
    "found_in",
    "is_as_it_came",
    "is_plain_and_pure",
    "is_pure",
    "is_pure_statement",
    "is_pure_value",
    "upgrade_of",
]

_LARGE = 1 << 14
"""Characters of a file from which on it is looked at in short."""

_LONGEST = 1 << 17
"""Characters of a file that is looked at as a whole: the tree of a longer one is too large."""

_DIRECTIVES = frozenset(
    {
        *("create_table", "drop_table", "rename_table", "create_table_comment"),
        *("add_column", "drop_column", "alter_column", "create_index", "drop_index"),
        *("create_primary_key", "create_foreign_key", "create_unique_constraint"),
        *("create_check_constraint", "create_exclude_constraint", "drop_constraint"),
        *("drop_table_comment", "execute"),
    }
)
_WITHIN_DIRECTIVES = frozenset({"f", "inline_literal"})
_FUNCTIONS = ("text", "literal_column", "true", "false", "null")
"""Functions of SQLAlchemy that make the same of the same."""


def is_pure(revision: Revision | None) -> bool:
    """Whether ``upgrade()`` of a revision does the same wherever it runs.

    :param revision: the revision.
    """
    upgrade = upgrade_of(revision)
    if upgrade is None or not isinstance(revision, Script):
        return False
    tree = _tree(read_text(revision.path), upgrade.__globals__)
    if tree is None or sum(_binds(node, {"upgrade"}) for node in ast.walk(tree)) != 1:
        return False
    return _is_pure_in(tree, upgrade)


def is_plain_and_pure(revision: Revision | None, source: str) -> bool:
    """Whether a revision does the same in another process: its ``upgrade()``, and its file.

    :param revision: the revision.
    :param source: the text that was loaded.
    """
    upgrade = upgrade_of(revision)
    tree = None if upgrade is None else _tree(source, upgrade.__globals__)
    return (
        upgrade is not None and tree is not None and is_plain(tree) and _is_pure_in(tree, upgrade)
    )


def upgrade_of(revision: Revision | None) -> types.FunctionType | None:
    """The ``upgrade()`` that a revision's file has defined itself, if it takes nothing.

    :param revision: the revision.
    """
    if not isinstance(revision, Script) or not str(revision.path).endswith(".py"):
        return None
    module = revision.module
    upgrade = getattr(module, "upgrade", None)
    if not isinstance(upgrade, types.FunctionType) or upgrade.__globals__ is not vars(module):
        return None
    return None if _takes_something(upgrade.__code__) else upgrade


def _takes_something(code: types.CodeType) -> bool:
    more = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    return bool(code.co_argcount or code.co_kwonlyargcount or code.co_flags & more)


def _tree(source: str, names: dict[str, Any]) -> ast.Module | None:
    """The syntax tree of a file, with words in it for what is pure; None where it is too large."""
    if any(word in source for word in WORDS):
        return None
    if len(source) > _LARGE:
        looks = (partial(each, names=names) for each in (is_pure_value, is_pure_statement))
        text = shortened(source, *looks)
        if text is not None and len(text) - text.count("\n") <= _LONGEST:
            try:
                return syntax_tree(text)
            except SyntaxError:  # it was taken for something else than it is
                pass
    return syntax_tree(source) if len(source) <= _LONGEST else None


def _is_pure_in(tree: ast.Module, upgrade: types.FunctionType) -> bool:
    found = [
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "upgrade"
    ]
    if len(found) != 1 or found[0].decorator_list:
        return False
    if upgrade.__code__.co_firstlineno != found[0].lineno:
        return False
    return all(is_pure_statement(each, upgrade.__globals__) for each in found[0].body)


def _binds(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name in names
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names


def is_pure_statement(node: ast.stmt, names: dict[str, Any]) -> bool:
    """Whether a statement is a directive on what depends on nothing but its text.

    :param node: the statement.
    :param names: what the names in it stand for.
    """
    if isinstance(node, ast.Pass):
        return True
    if isinstance(node, ast.With):
        return _is_pure_batch(node, names)
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    if isinstance(call, ast.Constant) or is_word(call, PURE_STATEMENT):
        return True  # the docstring, or what was looked at already
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    is_directive = call.func.attr in _DIRECTIVES and _is_op(call.func.value, names)
    return is_directive and _are_pure(call, names)


def _is_pure_batch(node: ast.With, names: dict[str, Any]) -> bool:
    """Whether it is a row of directives on one table: ``with op.batch_alter_table(…) as name``."""
    (item, *others), call = node.items, node.items[0].context_expr
    name = item.optional_vars
    if others or not isinstance(name, ast.Name) or not isinstance(call, ast.Call):
        return False
    method = call.func
    if not isinstance(method, ast.Attribute) or method.attr != "batch_alter_table":
        return False
    if not _is_op(method.value, names) or not _are_pure(call, names):
        return False
    assert isinstance(method.value, ast.Name)
    within = {**names, name.id: names[method.value.id]}  # it has the same directives
    return all(is_pure_statement(each, within) for each in node.body)


def _are_pure(call: ast.Call, names: dict[str, Any]) -> bool:
    return all(is_pure_value(each, names) for each in call.args) and all(
        each.arg is not None and is_pure_value(each.value, names) for each in call.keywords
    )


def is_pure_value(node: ast.expr, names: dict[str, Any]) -> bool:
    """Whether an expression depends on nothing but its text.

    :param node: the expression.
    :param names: what the names in it stand for.
    """
    if isinstance(node, ast.Constant) or is_word(node, PURE_CONSTANT, PURE_VALUE):
        return True
    if isinstance(node, ast.List | ast.Tuple):
        return all(is_pure_value(each, names) for each in node.elts)
    if isinstance(node, ast.Dict):
        keys = all(each is not None and is_pure_value(each, names) for each in node.keys)
        return keys and all(is_pure_value(each, names) for each in node.values)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Attribute | ast.Name):
        return _is_item(found_in(node, names))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and _is_op(node.func.value, names):
        return node.func.attr in _WITHIN_DIRECTIVES and _are_pure(node, names)
    return _is_maker(found_in(node.func, names)) and _are_pure(node, names)


def _is_op(node: ast.expr, names: dict[str, Any]) -> bool:
    found = names.get(node.id) if isinstance(node, ast.Name) else None
    if not isinstance(found, types.ModuleType):
        return False
    # that of the package limbeck-alembic hands everything on
    within = vars(found).get("_op") if found.__name__ == "alembic.op" else found
    return isinstance(within, types.ModuleType) and within.__name__ == "limbeck.op"


def found_in(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """What a name of SQLAlchemy's stands for, dotted or imported alone, None for any other.

    :param node: the name.
    :param names: what names stand for.
    """
    path = []
    while isinstance(node, ast.Attribute):
        path.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    value: Any = names.get(node.id)
    if not path:  # by its own name it was imported; by another one it may be another one next time
        return value if getattr(value, "__name__", None) == node.id else None
    is_module = isinstance(value, types.ModuleType) and _is_of_sqlalchemy(value.__name__)
    if not is_module and value is not sa.func:
        return None
    for name in reversed(path):
        value = getattr(value, name, None)
    return value


def _is_of_sqlalchemy(name: str) -> bool:
    return name == "sqlalchemy" or name.startswith("sqlalchemy.")


def _is_item(value: Any) -> bool:
    """Whether it is a type of SQLAlchemy's own, as in ``sa.Integer`` without brackets."""
    return (
        isinstance(value, type)
        and issubclass(value, sa.types.TypeEngine)
        and _is_of_sqlalchemy(value.__module__)
    )


def _is_maker(value: Any) -> bool:
    """Whether calling it makes the same of the same, and does nothing else."""
    if isinstance(value, _FunctionGenerator):
        return _is_of_the_database(value)
    if isinstance(value, type):
        kinds = (sa.types.TypeEngine, sa.schema.SchemaItem)
        return issubclass(value, kinds) and _is_of_sqlalchemy(value.__module__)
    return any(value is getattr(sa, name) for name in _FUNCTIONS)


def _is_of_the_database(function: _FunctionGenerator) -> bool:
    """Whether ``sa.func.now`` is an expression for the database, and no class of the user's."""
    *package, name = vars(function).get("_FunctionGenerator__names") or [""]
    registered = _registry.get(package[-1] if package else "_default", {}).get(name.lower())
    return bool(name) and (registered is None or _is_of_sqlalchemy(registered.__module__))


def is_as_it_came(engine: Engine, *, but_for_ours: bool = False) -> bool:
    """Whether nobody has put anything of his own into how limbeck and SQLAlchemy make statements.

    :param engine: the engine, with what listens to all engines.
    :param but_for_ours: what of limbeck itself listens is no objection.
    """
    listened = any(
        not (but_for_ours and str(getattr(listener, "__module__", "")).startswith("limbeck."))
        for name in _EVENTS
        for listener in getattr(engine.dispatch, name)
    )
    if listened or has_implementations() or are_items_heard():
        return False
    return not _compiles_otherwise(("default", engine.dialect.name))


def _compiles_otherwise(dialects: tuple[str, ...]) -> bool:
    """Whether somebody has put ``@compiles`` for a dialect on a class of SQLAlchemy's or ours."""
    waiting: list[Any] = [ClauseElement, TypeEngine]
    while waiting:  # five hundred classes, for each tenant of a fleet
        cls = waiting.pop()
        if "_compiler_dispatcher" in cls.__dict__ and cls.__module__.startswith(_OWN):
            # SQLAlchemy itself does so for SQL Server, and others do for the one dialect they mend.
            functions = [cls._compiler_dispatcher.specs.get(name) for name in dialects]
            if not all(each is None or each.__module__.startswith(_OWN) for each in functions):
                return True
        waiting += cls.__subclasses__()
    return False


_OWN = ("sqlalchemy.", "limbeck.")
_EVENTS = (
    *("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute"),
    *("begin", "commit", "rollback", "engine_connect"),
)
