"""Real transactions on SQLite, DDL included.

SQLite has transactional DDL. Python's driver does not use it: it begins a transaction only before
INSERT, UPDATE, DELETE and REPLACE
(https://docs.python.org/3/library/sqlite3.html#sqlite3-transaction-control-isolation-level).
So the driver is told to begin nothing by itself, and ``BEGIN IMMEDIATE`` is said here: a deferred
one fails at once when two processes want to write. Afterwards the driver is as it was before.

Tables are rebuilt by DROP TABLE, which deletes rows and so fires ON DELETE CASCADE, and foreign
keys can be switched off outside of a transaction only
(https://www.sqlite.org/pragma.html#pragma_foreign_keys). So they are off within, and checked
before the commit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from limbeck.database.transaction import OwnTransaction
from limbeck.dialects.standard.own_statements import ask
from limbeck.errors import RevisionFailed
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

Violations = Counter[tuple[str, str]]
"""How many rows of a table miss the row of another that they refer to."""

_LEGACY = -1  # sqlite3.LEGACY_TRANSACTION_CONTROL, which Python 3.11 does not have


class _Settings(Value):
    """What a driver's connection was set to before limbeck changed it."""

    isolation_level: str | None
    autocommit: Any
    foreign_keys: bool


class SqliteTransaction(OwnTransaction):
    """A transaction that holds DDL, and within which foreign keys do not act."""

    def __init__(self, connection: Connection, on_commit: Callable[[], None] | None = None) -> None:
        super().__init__(connection, on_commit)
        self._before: _Settings | None = None
        self._violations: Violations | None = None
        self._is_listening = False

    def begin(self) -> None:
        if self.connection.in_transaction():
            self.connection.commit()
        self._before = _take_over(self.connection)
        try:
            super().begin()
            _end_deferred(self.connection)
            begin_really(self.connection)
            # A revision may commit by itself; what it does then is in a transaction as well.
            event.listen(self.connection, "begin", begin_really)
            self._is_listening = True
            if self._violations is None:
                self._violations = _violations(self.connection)
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        """Commit.

        :raises RevisionFailed: rows refer to rows that are not there, and did not before.
        """
        if not self.is_active:
            return
        after = _violations(self.connection)
        _refuse_new(self._violations, after)
        super().commit()
        # What the next transaction finds at its beginning: the check reads every table.
        self._violations = after
        self._give_back()

    def rollback(self) -> None:
        super().rollback()
        self._give_back()

    def forget(self) -> None:
        self._violations = None

    def _give_back(self) -> None:
        before, self._before = self._before, None
        if self._is_listening:
            event.remove(self.connection, "begin", begin_really)
            self._is_listening = False
        if before is not None and not self.connection.closed:
            _set(self.connection, before)


class SqliteTakenOver:
    """A driver's connection that begins nothing by itself, and whose foreign keys do not act.

    :param connection: the connection, in no transaction.
    :raises Exception: whatever the driver raises; then it is as it was.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._before = _take_over(connection)
        cursor = connection.connection.cursor()
        try:
            self._violations = cursor.execute("PRAGMA foreign_key_check").fetchall()
        except BaseException:
            self.give_back()
            raise
        finally:
            cursor.close()

    def fits(self, violations: list[Any]) -> bool:
        """Whether no more rows refer to rows that are not there than when this was last asked.

        :param violations: the rows of ``PRAGMA foreign_key_check``.
        """
        before, self._violations = self._violations, violations
        return len(violations) <= len(before)

    def give_back(self) -> None:
        """Set the driver to what it was."""
        if not self._connection.closed:
            _set(self._connection, self._before)


def is_switchable(connection: Connection) -> bool:
    """Whether the driver can be told to begin nothing by itself."""
    return hasattr(connection.connection.dbapi_connection, "isolation_level")


def begin_really(connection: Connection) -> None:
    """Begin a transaction in the database where only SQLAlchemy has begun one."""
    driver = connection.connection.driver_connection
    if not getattr(driver, "in_transaction", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _end_deferred(connection: Connection) -> None:
    """End a transaction that an engine's own listener has begun, and that may not write yet.

    It has done nothing, and a deferred one cannot wait for its turn to write:
    https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes
    """
    driver = connection.connection.driver_connection
    if getattr(driver, "in_transaction", False):
        connection.exec_driver_sql("COMMIT")


def _take_over(connection: Connection) -> _Settings:
    proxied = connection.connection
    driver: Any = proxied.dbapi_connection
    before = _Settings(
        isolation_level=driver.isolation_level,
        autocommit=getattr(driver, "autocommit", _LEGACY),
        foreign_keys=bool(_ask(connection, "PRAGMA foreign_keys")),
    )
    _set(connection, _Settings(isolation_level=None, autocommit=_LEGACY, foreign_keys=False))
    return before


def _set(connection: Connection, wanted: _Settings) -> None:
    import sqlite3  # other databases have this module loaded, and no use for the driver

    driver: Any = connection.connection.dbapi_connection
    if getattr(driver, "autocommit", _LEGACY) != wanted.autocommit:
        # From False, which holds a transaction open at all times, the way leads over True.
        driver.autocommit = True
        driver.autocommit = wanted.autocommit
    if driver.isolation_level != wanted.isolation_level:
        driver.isolation_level = wanted.isolation_level
    if isinstance(driver, sqlite3.Connection) and driver.in_transaction:
        return  # an engine that begins transactions by itself: the pragma would do nothing
    if bool(_ask(connection, "PRAGMA foreign_keys")) != wanted.foreign_keys:
        _ask(connection, f"PRAGMA foreign_keys={'ON' if wanted.foreign_keys else 'OFF'}")


def _ask(connection: Connection, pragma: str) -> Any:
    """Run a pragma without letting SQLAlchemy begin a transaction for it."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(pragma)
        row = cursor.fetchone() if cursor.description else None
    finally:
        cursor.close()
    return row[0] if row else None


def _violations(connection: Connection) -> Violations | None:
    """The rows that refer to nothing, None where SQLite cannot tell.

    It cannot where a foreign key refers to columns that are not unique ("foreign key mismatch").
    """
    try:
        rows = ask(connection, "PRAGMA foreign_key_check")
    except DBAPIError:
        return None
    return Counter((row[0], row[2]) for row in rows)


def _refuse_new(before: Violations | None, after: Violations | None) -> None:
    if before is None or not after or after.total() <= before.total():
        return
    (table, referred), count = (after - before).most_common(1)[0]
    rows = "1 row" if count == 1 else f"{count} rows"
    raise RevisionFailed(
        f"{rows} of {table} would refer to rows of {referred} that are not there",
        hint=f"delete or correct these rows of {table} first; foreign keys do not act within a "
        "revision, so nothing is deleted by ON DELETE CASCADE",
    )
