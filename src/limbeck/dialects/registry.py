"""Which folder answers for which dialect.

A third-party dialect that builds on a known one (CockroachDB on PostgreSQL, say) gets the known
one's answers. Its own come by an entry point of the group ``limbeck.backends``: the name is the
dialect's, the object a subclass of :class:`~limbeck.dialects.backend.Backend`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend

if TYPE_CHECKING:
    from sqlalchemy import Dialect

ENTRY_POINT_GROUP = "limbeck.backends"

_BUILT_IN = {
    "postgresql": ("limbeck.dialects.postgresql", "PostgresqlBackend"),
    "mysql": ("limbeck.dialects.mysql", "MysqlBackend"),
    "mariadb": ("limbeck.dialects.mysql", "MysqlBackend"),
    "mssql": ("limbeck.dialects.mssql", "MssqlBackend"),
    "oracle": ("limbeck.dialects.oracle", "OracleBackend"),
    "sqlite": ("limbeck.dialects.sqlite", "SqliteBackend"),
}

_registered: dict[str, Backend] = {}


def register_backend(name: str, backend: Backend) -> None:
    """Let ``backend`` answer for the dialect called ``name`` from now on."""
    _registered[name] = backend


def backend_for(dialect: Dialect | str) -> Backend:
    """The answers for a dialect; a dialect that nobody knows gets the standard ones.

    :param dialect: a SQLAlchemy dialect, or the name of one.
    """
    for name in _names(dialect):
        found = _registered.get(name) or _load(name)
        if found is not None:
            return found
    return _standard()


def _names(dialect: Dialect | str) -> list[str]:
    """The dialect's name, then the names of the dialects that it builds on."""
    if isinstance(dialect, str):
        return [dialect.partition("+")[0]]
    inherited = [vars(cls).get("name") for cls in type(dialect).__mro__]
    return [name for name in [dialect.name, *inherited] if isinstance(name, str)]


@cache
def _load(name: str) -> Backend | None:
    for entry in entry_points(group=ENTRY_POINT_GROUP, name=name):
        loaded: Backend = entry.load()()
        return loaded
    if name not in _BUILT_IN:
        return None
    module, attribute = _BUILT_IN[name]
    built_in: Backend = getattr(import_module(module), attribute)()
    return built_in


@cache
def _standard() -> Backend:
    return Backend()
