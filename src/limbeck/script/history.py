"""What the revisions of a project have created, read from the files, without a database.

A revision that is plain (it imports nothing but SQLAlchemy, the tool and harmless modules, and asks
for no connection) is run with its calls recorded. Any other one could reach a database or a server
on its own, so it is read and not run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from limbeck.operations.creations import Creations
from limbeck.operations.operations import Operations
from limbeck.operations.recorder import Recorder
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
        tree = syntax_tree(Path(script.path).read_bytes())
    except (OSError, SyntaxError, ValueError):  # a compiled file, or none any more
        return
    recorder = Recorder(dialect)
    if is_plain(tree):
        try:
            with Operations.context(recorder):
                script.module.upgrade()
        except Exception:  # a user's code may raise anything; it is read then
            recorder.operations.clear()
        else:
            yield from recorder.operations
            return
    yield from operations_in(tree)


def is_plain(tree: ast.Module) -> bool:
    """Whether a revision can be run without a chance to reach anything but the recorder."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                names = [node.module or ""]
                if node.level or any(alias.name in _REACHES_OUT for alias in node.names):
                    return False
            case ast.Name():
                if node.id in _REACHES_OUT:
                    return False
                continue
            case ast.Attribute():
                if node.attr in _REACHES_OUT:
                    return False
                continue
            case _:
                continue
        if any(name.partition(".")[0] not in _HARMLESS for name in names):
            return False
    return _has_plain_upgrade(tree)


def _has_plain_upgrade(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "upgrade"
        and not (node.args.args or node.args.posonlyargs or node.args.kwonlyargs)
        for node in tree.body
    )


def first_to_last(scripts: Iterable[Script]) -> list[Script]:
    """The revisions in the order in which they run.

    :param scripts: newest first, as a history is walked.
    """
    found: list[Any] = list(scripts)
    return found[::-1]
