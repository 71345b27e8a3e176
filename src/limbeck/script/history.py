"""What the revisions of a project have created, read from the files, without a database.

A revision that is plain (it imports nothing but SQLAlchemy, the tool and harmless modules, and asks
for no connection) is run with its calls recorded. Any other one could reach a database or a server
on its own, so it is read and not run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from limbeck.errors import HistoryError
from limbeck.operations.creations import Creations
from limbeck.operations.operations import Operations
from limbeck.operations.recorder import Recorder
from limbeck.project.files import read_text
from limbeck.project.line_pieces import read_in_pieces, statements_in
from limbeck.script.reading import operations_in
from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Dialect

    from limbeck.script.script import Script

_HARMLESS = frozenset(
    {
        "__future__",
        "alembic",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "itertools",
        "json",
        "limbeck",
        "re",
        "sqlalchemy",
        "string",
        "textwrap",
        "typing",
        "typing_extensions",
        "uuid",
    }
)
_REACHES_OUT = frozenset(
    {
        "__import__",
        "connection",
        "context",
        "create_async_engine",
        "create_engine",
        "create_mock_engine",
        "eval",
        "exec",
        "get_bind",
        "get_context",
        "get_impl",
        "impl",
        "input",
        "migration_context",
        "open",
        "run_async",
    }
)


def creations_of(
    scripts: Iterable[Script],
    dialect: Dialect,
    opts: Mapping[str, Any] = MappingProxyType({}),
) -> Creations:
    """Say what revisions have created, and not dropped again.

    :param scripts: the revisions, first to run first.
    :param dialect: the dialect that they see when they ask for one.
    :param opts: the options of ``context.configure()``; ``target_metadata`` gives the naming
        convention.
    """
    creations = Creations(dialect, opts)
    for script in scripts:
        for operation in operations_of(script, dialect):
            creations.add(operation)
    return creations


def operations_of(script: Script, dialect: Dialect) -> Iterator[object]:
    """The operations of a revision's way up, as far as they can be told without a database.

    :param script: the revision.
    :param dialect: the dialect that it sees when it asks for one.
    """
    try:
        source = read_text(script.path)
        can_run = is_plain(source)
    except (HistoryError, SyntaxError, ValueError):  # a compiled file, or none any more
        return
    recorder = Recorder(dialect)
    if can_run:
        try:
            with Operations.context(recorder):
                script.module.upgrade()
        except Exception:  # a user's code may raise anything; it is read then
            recorder.operations.clear()
        else:
            yield from recorder.operations
            return
    with suppress(SyntaxError):
        yield from operations_in(syntax_tree(source))


def is_plain(source: str) -> bool:
    """Whether a revision can be run without a chance to reach anything but the recorder.

    :param source: its text.
    :raises SyntaxError: it is no Python.
    """
    return read_in_pieces(_is_plain, source)


def _is_plain(pieces: Iterable[tuple[str, ...]]) -> bool:
    has_upgrade = False
    for first, *others in pieces:
        statements = syntax_tree(first).body
        has_upgrade = has_upgrade or any(map(_is_plain_upgrade, statements))
        for statement in chain(statements, *map(statements_in, others)):
            if not all(map(_is_harmless, ast.walk(statement))):
                return False
    return has_upgrade


def _is_harmless(node: ast.AST) -> bool:
    match node:
        case ast.Name():
            return node.id not in _REACHES_OUT
        case ast.Attribute():
            return node.attr not in _REACHES_OUT
        case ast.Import():
            names = [alias.name for alias in node.names]
        case ast.ImportFrom():
            if node.level or any(alias.name in _REACHES_OUT for alias in node.names):
                return False
            names = [node.module or ""]
        case _:
            return True
    return all(name.partition(".")[0] in _HARMLESS for name in names)


def _is_plain_upgrade(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.FunctionDef)
        and node.name == "upgrade"
        and not (node.args.args or node.args.posonlyargs or node.args.kwonlyargs)
    )


def first_to_last(scripts: Iterable[Script]) -> list[Script]:
    """The revisions in the order in which they run.

    :param scripts: newest first, as a history is walked.
    """
    found: list[Any] = list(scripts)
    return found[::-1]
