"""A deploy lock that the migrating session holds, from one moment to another."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from limbeck.database.transaction import roll_back
from limbeck.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.standard.lock import DeployLock, DeployLocks


@contextmanager
def brief_transaction(connection: Connection) -> Iterator[None]:
    """A transaction that is over at once, so that nothing is held between two questions.

    Within a transaction that is open already, nothing is begun and nothing ended.

    :param connection: the connection.
    """
    joined = connection.in_transaction()
    try:
        yield
        if connection.invalidated:  # somebody has swallowed the error: do not go on without a lock
            raise DatabaseUnreachable(
                "the connection to the database is lost", hint="run the same command again"
            )
        if not joined and connection.in_transaction():
            connection.commit()
    except BaseException:
        if not joined:
            roll_back(connection)
        raise


@dataclass(eq=False)
class SessionLock:
    """A lock that a session holds until it is released.

    :param connection: the connection whose session it is.
    :param locks: what the database can do.
    :param lock: the lock.
    """

    connection: Connection
    locks: DeployLocks
    lock: DeployLock
    _statements: tuple[str, ...] = field(init=False)
    _is_held: bool = field(default=True, init=False)
    _ends_with_transaction: bool = field(default=False, init=False)
    _driver: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._statements = (self.locks.release(self.lock),)
        self._driver = self.connection.connection.dbapi_connection
        # Who gives a connection back to a pool must not give the lock away with it.
        _held.append(self)
        _listen_once(self.connection.engine.pool, "reset", _given_back)

    def also_undo(self, statements: Sequence[str]) -> None:
        """Take back what the session was told besides when the lock is given back.

        :param statements: do that.
        """
        self._statements += tuple(statements)

    def release_after_transaction(self) -> None:
        """Give the lock back when the transaction that is open is known to have ended.

        That is when the next one begins, or when the connection goes back to its pool.
        """
        self._ends_with_transaction = True
        _listen_once(self.connection, "begin", _begins)

    def release(self) -> None:
        """Give the lock back; if the session is gone, so is the lock."""
        if not self._let_go():
            return
        connection = self.connection
        if connection.closed or connection.invalidated:
            return
        try:
            with brief_transaction(connection):
                for statement in self._statements:
                    connection.exec_driver_sql(statement)
        except DBAPIError:
            # A session that does not answer may live on; in a pool it would keep the lock.
            connection.invalidate()

    def _let_go(self) -> bool:
        was_held, self._is_held = self._is_held, False
        if was_held:
            _held.remove(self)
        return was_held

    def begins(self, connection: Connection) -> None:
        """A transaction begins on a connection."""
        if self._ends_with_transaction and connection is self.connection:
            self._release_by_driver()

    def given_back(self, driver: Any) -> None:
        """A driver's connection goes back to its pool."""
        if driver is self._driver:
            driver.rollback()
            self._release_by_driver()

    def _release_by_driver(self) -> None:
        if not self._let_go():
            return
        cursor = self._driver.cursor()
        try:
            for statement in self._statements:
                cursor.execute(statement)
        finally:
            cursor.close()
        self._driver.commit()


def session_name() -> str:
    """The name that a session which migrates has on the server, for those who wait for it."""
    return f"limbeck {socket.gethostname()}:{os.getpid()}"[:63]


_held: list[SessionLock] = []
"""The locks that are held now, of all threads."""


def _listen_once(target: Any, name: str, listener: Callable[..., None]) -> None:
    """Listen, if that is not done yet.

    A listener may not be removed while it is called, so one stays for all locks: the connections
    and pools of an application live long, and it may migrate many times.
    """
    if not event.contains(target, name, listener):
        event.listen(target, name, listener)


def _begins(connection: Connection) -> None:
    for lock in tuple(_held):
        lock.begins(connection)


def _given_back(driver: Any, record: Any, state: Any) -> None:
    for lock in tuple(_held):
        if not state.terminate_only:
            lock.given_back(driver)
