"""A scratch database at an address of the user's, where none may be made.

It is used if it is empty, or if limbeck has used it like this before, which a table in it tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, inspect
from sqlalchemy.exc import DBAPIError

from limbeck.database.scratch_database import ScratchDatabase, engine_to, refusals
from limbeck.database.server_address import server_connection, unreachable
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch_database import MARKER, PREFIX
from limbeck.errors import ScratchUnavailable

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

    from limbeck.dialects.standard.scratch_database import IsMade, ScratchDatabases

__all__ = ["given_scratch"]

_marker = Table(MARKER, MetaData(), Column("note", String(80), primary_key=True))


@contextmanager
def given_scratch(
    url: URL, given: URL, databases: ScratchDatabases, is_made: IsMade
) -> Iterator[ScratchDatabase]:
    """A database at an address of the user's."""
    if backend_for(given.get_dialect()()).name != backend_for(url.get_dialect()()).name:
        raise ScratchUnavailable(
            f"the scratch database is of {given.get_backend_name()}, the project's own of "
            f"{url.get_backend_name()}"
        )
    engine = engine_to(given)
    try:
        with _connected(engine, given) as scratch:
            _refuse_own(url, scratch, databases)
            if not databases.hold(scratch, f"{PREFIX}{given.database}"[:64]):
                raise ScratchUnavailable("the scratch database is in use by another process")
            with refusals("the scratch database cannot be used"):
                _empty(scratch, databases)
            try:
                notes = _prepared_from(url, scratch, databases, is_made)
                identity = databases.identity(scratch)

                def empty_again() -> None:
                    _empty(scratch, databases)
                    _prepared_from(url, scratch, databases, is_made)

                yield ScratchDatabase(given, engine, notes, empty_again, databases, identity)
            finally:
                with refusals("the scratch database cannot be emptied"):
                    _empty(scratch, databases)
    finally:
        engine.dispose()


def _prepared_from(
    url: URL, scratch: Connection, databases: ScratchDatabases, is_made: IsMade
) -> tuple[str, ...]:
    if url.get_backend_name() == "sqlite":
        return ()
    try:
        with server_connection(url, databases) as server:
            return databases.prepare(server, scratch, is_made)
    except ScratchUnavailable as error:
        return (f"the project's own database could not be looked at: {error.message}",)


@contextmanager
def _connected(engine: Engine, url: URL) -> Iterator[Connection]:
    try:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except DBAPIError as error:
        raise unreachable(error, url) from error
    with connection:
        yield connection


def _refuse_own(url: URL, scratch: Connection, databases: ScratchDatabases) -> None:
    """Refuse the project's own database, whatever the address that leads there."""
    here = scratch.engine.url
    if url.get_backend_name() == "sqlite":
        own = Path(url.database or "")
        same = own.exists() and str(own.resolve()) == databases.identity(scratch)
    else:
        same = (url.host, url.port, url.database) == (here.host, here.port, here.database)
        if not same:
            with suppress(ScratchUnavailable), server_connection(url, databases) as server:
                same = databases.identity(server) == databases.identity(scratch)
    if same:
        raise ScratchUnavailable(
            "the scratch database is the project's own, which limbeck will not empty",
            hint="give --scratch another, empty database",
        )


def _empty(scratch: Connection, databases: ScratchDatabases) -> None:
    """Empty a database that is known to be for scratch, and mark it as such."""
    contents = databases.contents(scratch)
    if contents and not inspect(scratch).has_table(MARKER):
        shown = ", ".join(contents[:3]) + (", …" if len(contents) > 3 else "")
        raise ScratchUnavailable(
            f"the scratch database is not empty ({shown}), and is not marked as limbeck's",
            hint="give --scratch an empty database",
        )
    databases.clear(scratch)
    _marker.create(scratch)
