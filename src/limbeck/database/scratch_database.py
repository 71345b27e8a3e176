"""An empty database of the project's kind that lives for a moment.

SQLite's is a file in a temporary folder. PostgreSQL's and MySQL's is made beside the project's own
on the same server, with its defaults, and dropped at the end, whatever happens; what a killed
process has left is dropped by the next one. Where that is not allowed, an address can be given, of
a database that is empty or that limbeck has used like this before, which a table in it tells.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, String, Table, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from limbeck.database.connection_errors import meaning_of
from limbeck.database.secrets import without_passwords
from limbeck.database.server_address import server_connection, synchronous, unreachable
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.dialects.standard.scratch_database import (
    MARKER,
    PREFIX,
    IsMade,
    ScratchDatabases,
)
from limbeck.errors import CommandError, ScratchUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_marker = Table(MARKER, MetaData(), Column("note", String(80), primary_key=True))
_FOLDER = "limbeck-scratch-"


@dataclass(frozen=True)
class ScratchDatabase:
    """A scratch database.

    :param url: its address, for the project's own driver.
    :param engine: makes connections to it, without an event loop.
    :param notes: what could not be made as the project's own database has it, a line each.
    """

    url: URL = field(repr=False)
    engine: Engine = field(repr=False)
    notes: tuple[str, ...] = ()
    _empty_again: Callable[[], None] = field(default=lambda: None, repr=False)
    _databases: ScratchDatabases = field(default_factory=ScratchDatabases, repr=False)
    _identity: object = field(default=None, repr=False)

    def is_behind(self, connection: Connection) -> bool:
        """Whether a connection, whoever has made it, is one to this database."""
        if backend_for(connection.dialect).name != backend_for(self.engine.dialect).name:
            return False
        inside = connection.in_transaction()
        found = self._databases.identity(connection)
        if not inside and connection.in_transaction():
            connection.rollback()
        return found is not None and found == self._identity

    def empty_again(self) -> None:
        """Make it empty again, as it was at the start.

        :raises ScratchUnavailable: the server refuses.
        """
        with _refusals("the scratch database cannot be emptied"):
            self._empty_again()

    def schemas(self, connection: Connection) -> tuple[str, ...]:
        """The schemas within the database, "" for the default one."""
        return self._databases.schemas(connection)

    def surroundings(self, connection: Connection) -> tuple[str, ...]:
        """What there is besides tables, types and sequences, a text for each, sorted."""
        return self._databases.surroundings(connection)

    @cached_property
    def trespass(self) -> Callable[[str], str | None]:
        """A function that tells why a statement reaches beyond this database, or None."""
        with self.engine.connect() as connection:
            return self._databases.trespass(connection)


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
        with _given(url, given, databases, is_made) as scratch:
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
        engine = _engine(here)
        event.listen(engine, "connect", _without_durability)
        try:
            with engine.connect() as connection:
                identity = databases.identity(connection)

            def empty_again() -> None:
                with _own_connection(engine) as scratch:
                    databases.clear(scratch)

            yield ScratchDatabase(here, engine, (), empty_again, databases, identity)
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
    name = f"{PREFIX}{secrets.token_hex(8)}"
    with server_connection(url, databases) as server:
        with _refusals("a scratch database cannot be made"):
            databases.drop_stale(server)
            databases.hold(server, name)
        try:
            with _refusals("a scratch database cannot be made"):
                databases.create(server, name)
            here = url.set(database=name)
            engine = _engine(here)
            try:
                notes, identity = _prepared(server, engine, databases, is_made)

                def empty_again() -> None:
                    with _own_connection(engine) as scratch:
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
    except (DBAPIError, ScratchImpossible):
        # The connection may have been lost: once more on another one. If that fails too, nobody
        # holds the database any more, and the next process drops it.
        with (
            suppress(DBAPIError, CommandError, ScratchImpossible),
            server_connection(url, databases) as another,
        ):
            databases.drop(another, name)


def _prepared(
    server: Connection, engine: Engine, databases: ScratchDatabases, is_made: IsMade
) -> tuple[tuple[str, ...], object]:
    with _refusals("the scratch database cannot be prepared"), _own_connection(engine) as scratch:
        return databases.prepare(server, scratch, is_made), databases.identity(scratch)


@contextmanager
def _own_connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    """From what a server refuses to a reason in words."""
    try:
        yield
    except ScratchImpossible as reason:
        raise ScratchUnavailable(f"{what}: {reason}") from reason
    except DBAPIError as error:
        meant = meaning_of(str(error.orig))
        words = without_passwords(str(error.orig)).strip().splitlines() or ["it is refused"]
        said = meant.message if meant is not None else words[0]
        raise ScratchUnavailable(f"{what}: {said}") from error


# A database that was given ------------------------------------------------------------


@contextmanager
def _given(
    url: URL, given: URL, databases: ScratchDatabases, is_made: IsMade
) -> Iterator[ScratchDatabase]:
    """A database at an address of the user's."""
    if backend_for(given.get_dialect()()).name != backend_for(url.get_dialect()()).name:
        raise ScratchUnavailable(
            f"the scratch database is of {given.get_backend_name()}, the project's own of "
            f"{url.get_backend_name()}"
        )
    engine = _engine(given)
    try:
        with _connected(engine, given) as scratch:
            _refuse_own(url, scratch, databases)
            if not databases.hold(scratch, f"{PREFIX}{given.database}"[:64]):
                raise ScratchUnavailable("the scratch database is in use by another process")
            with _refusals("the scratch database cannot be used"):
                _empty(scratch, databases)
            try:
                notes = _prepared_from(url, scratch, databases, is_made)
                identity = databases.identity(scratch)

                def empty_again() -> None:
                    _empty(scratch, databases)
                    _prepared_from(url, scratch, databases, is_made)

                yield ScratchDatabase(given, engine, notes, empty_again, databases, identity)
            finally:
                with _refusals("the scratch database cannot be emptied"):
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


def _engine(url: URL) -> Engine:
    return create_engine(synchronous(url))
