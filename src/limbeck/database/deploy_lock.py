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
    from collections.abc import Iterator, Sequence

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


@dataclass
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
    _driver: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._statements = (self.locks.release(self.lock),)
        self._driver = self.connection.connection.dbapi_connection
        # Who gives a connection back to a pool must not give the lock away with it.
        event.listen(self.connection.engine.pool, "reset", self._given_back)

    def also_undo(self, statements: Sequence[str]) -> None:
        """Take back what the session was told besides when the lock is given back.

        :param statements: do that.
        """
        self._statements += tuple(statements)

    def release_after_transaction(self) -> None:
        """Give the lock back when the transaction that is open is known to have ended.

        That is when the next one begins, or when the connection goes back to its pool.
        """
        event.listen(self.connection, "begin", self._begins)

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
            event.remove(self.connection.engine.pool, "reset", self._given_back)
        return was_held

    def _begins(self, connection: Connection) -> None:
        self._release_by_driver()

    def _given_back(self, driver: Any, record: Any, state: Any) -> None:
        if driver is self._driver and not state.terminate_only:
            driver.rollback()
            self._release_by_driver()

    def _release_by_driver(self) -> None:
        # The listeners are left in place: one may not be removed while they are called.
        if not self._is_held:
            return
        self._is_held = False
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
