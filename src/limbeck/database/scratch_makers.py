"""An empty database of the project's kind that lives for a moment.

SQLite's is a file in a temporary folder. PostgreSQL's and MySQL's is made beside the project's own
on the same server, with its defaults, and dropped at the end, whatever happens; what a killed
process has left is dropped by the next one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from limbeck.database.scratch_database import (
    ScratchDatabase,
    engine_to,
    own_connection,
    refusals,
)
from limbeck.database.server_address import server_connection
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.dialects.standard.scratch_database import PREFIX, IsMade, ScratchDatabases
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["scratch_database"]

_FOLDER = "limbeck-scratch-"


@contextmanager
def scratch_database(
    url: URL, given: URL | None = None, is_made: IsMade | None = None
) -> Iterator[ScratchDatabase]:
    """An empty database like another one; dropped, or emptied, at the end.

    :param url: the project's own database, which need not exist and is not changed.
    :param given: the database to use instead of one that is made.
    :param is_made: ``(kind, name)``: whether the history creates that ``schema`` or ``extension``
        by itself; all others of the project's own database are there from the start.
    :raises ScratchUnavailable: there is none to be had; the message says why.
    """
    is_made = is_made or (lambda kind, name: False)
    databases = backend_for(url.get_dialect()()).scratch_databases
    if given is not None:
        from limbeck.database.given_scratch import given_scratch

        with given_scratch(url, given, databases, is_made) as scratch:
            yield scratch
    elif url.get_backend_name() == "sqlite":
        with _file(url, databases) as scratch:
            yield scratch
    else:
        with _on_server(url, databases, is_made) as scratch:
            yield scratch


# SQLite -------------------------------------------------------------------------------


@contextmanager
def _file(url: URL, databases: ScratchDatabases) -> Iterator[ScratchDatabase]:
    _remove_stale_folders()
    with tempfile.TemporaryDirectory(
        prefix=f"{_FOLDER}{os.getpid()}-", ignore_cleanup_errors=True
    ) as folder:
        here = URL.create(url.drivername, database=str(Path(folder) / "scratch.db"))
        engine = engine_to(here)
        event.listen(engine, "connect", _without_durability)
        try:
            with engine.connect() as connection:
                identity = databases.identity(connection)

            def empty_again() -> None:
                with own_connection(engine) as scratch:
                    databases.clear(scratch)

            yield ScratchDatabase(
                here, engine, (), empty_again, databases, identity, is_own_file=True
            )
        finally:
            engine.dispose()


def _without_durability(connection: Any, record: object) -> None:
    """Wait for no disk: nothing of the file outlives the process."""
    # https://www.sqlite.org/pragma.html#pragma_synchronous
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _remove_stale_folders() -> None:
    """Remove what processes that were killed have left."""
    if os.name != "posix":  # elsewhere os.kill() does not only ask
        return
    import shutil

    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        pid = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


# A server -----------------------------------------------------------------------------


@contextmanager
def _on_server(url: URL, databases: ScratchDatabases, is_made: IsMade) -> Iterator[ScratchDatabase]:
    import secrets  # SQLite's need no name

    name = f"{PREFIX}{secrets.token_hex(8)}"
    with server_connection(url, databases) as server:
        with refusals("a scratch database cannot be made"):
            databases.drop_stale(server)
            databases.hold(server, name)
        try:
            with refusals("a scratch database cannot be made"):
                databases.create(server, name)
            here = url.set(database=name)
            engine = engine_to(here)
            try:
                notes, identity = _prepared(server, engine, databases, is_made)

                def empty_again() -> None:
                    with own_connection(engine) as scratch:
                        databases.clear(scratch)
                        databases.prepare(server, scratch, is_made)

                yield ScratchDatabase(here, engine, notes, empty_again, databases, identity)
            finally:
                engine.dispose()
        finally:
            _drop(url, server, databases, name)


def _drop(url: URL, server: Connection, databases: ScratchDatabases, name: str) -> None:
    try:
        databases.drop(server, name)
    except (DBAPIError, InvalidRequestError, ScratchImpossible):
        # The connection may have been lost, as SQLAlchemy takes one to be within whose statement
        # a signal came.
        _drop_by_another(url, databases, name)
    except KeyboardInterrupt:
        _drop_by_another(url, databases, name)
        raise


def _drop_by_another(url: URL, databases: ScratchDatabases, name: str) -> None:
    """Drop it once more, on another connection.

    If that fails too, nobody holds the database any more, and the next process drops it.
    """
    with (
        suppress(DBAPIError, CommandError, ScratchImpossible),
        server_connection(url, databases) as another,
    ):
        databases.drop(another, name)


def _prepared(
    server: Connection, engine: Engine, databases: ScratchDatabases, is_made: IsMade
) -> tuple[tuple[str, ...], object]:
    with refusals("the scratch database cannot be prepared"), own_connection(engine) as scratch:
        return databases.prepare(server, scratch, is_made), databases.identity(scratch)
