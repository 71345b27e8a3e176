"""A database that lives for a moment, or is emptied after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from limbeck.database.connection_errors import meaning_of
from limbeck.database.secrets import without_passwords
from limbeck.database.server_address import synchronous
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.dialects.standard.scratch_database import ScratchDatabases
from limbeck.errors import ScratchUnavailable
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["ScratchDatabase", "engine_to", "own_connection", "refusals"]


class ScratchDatabase(Value):
    """A scratch database.

    :param url: its address, for the project's own driver.
    :param engine: makes connections to it, without an event loop.
    :param notes: what could not be made as the project's own database has it, a line each.
    :param is_own_file: it is a file in a folder of limbeck's own, which nobody else has opened.
    """

    url: URL = field(repr=False)
    engine: Engine = field(repr=False)
    notes: tuple[str, ...] = ()
    is_own_file: bool = field(default=False, kw_only=True)
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
        with refusals("the scratch database cannot be emptied"):
            self._empty_again()

    def schemas(self, connection: Connection) -> tuple[str, ...]:
        """The schemas within the database, "" for the default one."""
        return self._databases.schemas(connection)

    def surroundings(self, connection: Connection) -> tuple[str, ...]:
        """What there is besides tables, types and sequences, a text for each, sorted."""
        return self._databases.surroundings(connection)

    def statements(
        self, connection: Connection, left_out: Collection[tuple[str | None, str]]
    ) -> tuple[str, ...] | None:
        """The SQL that makes what is in it, as the database keeps it; None where it keeps none.

        :param left_out: tables to leave out, as schema and name.
        """
        return self._databases.statements(connection, left_out)

    @cached_property
    def trespass(self) -> Callable[[str], str | None]:
        """A function that tells why a statement reaches beyond this database, or None."""
        with self.engine.connect() as connection:
            return self._databases.trespass(connection)


@contextmanager
def own_connection(engine: Engine) -> Iterator[Connection]:
    """A connection to a database, each statement of which is committed.

    :param engine: makes connections to the database.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def refusals(what: str) -> Iterator[None]:
    """From what a server refuses to a reason in words.

    :param what: what cannot be done.
    :raises ScratchUnavailable: the server refuses.
    """
    try:
        yield
    except ScratchImpossible as reason:
        raise ScratchUnavailable(f"{what}: {reason}") from reason
    except DBAPIError as error:
        meant = meaning_of(str(error.orig))
        words = without_passwords(str(error.orig)).strip().splitlines() or ["it is refused"]
        said = meant.message if meant is not None else words[0]
        raise ScratchUnavailable(f"{what}: {said}") from error


def engine_to(url: URL) -> Engine:
    """An engine for a database that needs no event loop.

    :param url: the database.
    """
    return create_engine(synchronous(url))
