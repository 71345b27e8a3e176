"""How the statements of a revision are sent by the bare driver, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute
from limbeck.database.sqlite_journal import KeptJournalFile
from limbeck.database.sqlite_transaction import SqliteTakenOver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

__all__ = ["SESSIONS", "BareSession", "NotAsExpected"]

Row = tuple[str, Any]
"""A statement that adds a row, and its values."""


class NotAsExpected(Exception):
    """Something is not as it was when the statements were seen; the usual road finds out what."""


class BareSession:
    """The session of a run, for as long as statements are sent again.

    :param context: the database, in no transaction.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.connection: Connection = context.connection
        self.driver: Any = self.connection.connection.driver_connection
        self.cursor: Any = self.driver.cursor()
        self._is_committing = False

    def leave(self) -> None:
        """Leave the driver as it was."""
        self.cursor.close()

    def carry_out(
        self,
        step: RunStep,
        statements: Sequence[str],
        heads: frozenset[str],
        row: Callable[[], Row | None],
        following: Callable[[], Sequence[str] | None],
    ) -> None:
        """Carry out one revision, and commit.

        :param step: the revision.
        :param statements: what was kept of it.
        :param heads: what the version table has to hold before.
        :param row: makes its row in the history, None where no history is kept.
        :param following: what was kept of the next revision, if it is one that is sent again.
        :raises NotAsExpected: the database is not as it should be.
        :raises Exception: whatever the driver raises; nothing of the revision is in the database,
            or the journal says what is.
        """
        raise NotImplementedError

    def lasts(self, heads: frozenset[str]) -> bool:
        """Whether the last revision was committed, although something was raised.

        :param heads: what the version table holds then.
        """
        if not self._is_committing:
            return False
        try:
            query = self.context.versions.bare_query(self.context.dialect)
            return {row[0] for row in self.ask(query)} == heads
        except Exception:  # the connection is lost, and the usual road finds it so
            return False

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query.

        :param sql: the query.
        """
        do_execute(self.cursor, sql)
        return list(self.cursor.fetchall())

    def _changes(self, step: RunStep) -> list[tuple[str, bool]]:
        return self.context.versions.bare_changes(self.context.dialect, step.rows)


class TransactionSession(BareSession):
    """The session of a run in which each revision is one transaction."""

    def carry_out(
        self,
        step: RunStep,
        statements: Sequence[str],
        heads: frozenset[str],
        row: Callable[[], Row | None],
        following: Callable[[], Sequence[str] | None],
    ) -> None:
        self._is_committing = False
        try:
            self._send(step, statements, heads)
            made = row()
            if made is not None:
                do_execute(self.cursor, *made)
            self._check()
            self._is_committing = True
            do_execute(self.cursor, "COMMIT")
        except BaseException:
            if self._is_open:
                do_execute(self.cursor, "ROLLBACK")
            raise

    def lasts(self, heads: frozenset[str]) -> bool:
        return not self._is_open and super().lasts(heads)

    def _change(self, sql: str, is_matching: bool) -> None:
        do_execute(self.cursor, sql)
        if is_matching and self.cursor.rowcount != 1:
            raise NotAsExpected

    def _check(self) -> None:
        """Find out whether the revision may be committed."""

    # For each database

    @property
    def _is_open(self) -> bool:
        raise NotImplementedError

    def _send(self, step: RunStep, statements: Sequence[str], heads: frozenset[str]) -> None:
        """Begin a transaction, send the statements in it, and move the version."""
        raise NotImplementedError


class PostgresqlSession(TransactionSession):
    """PostgreSQL by psycopg: what begins a revision and what it sends are one message.

    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    """

    def __init__(self, context: MigrationContext) -> None:
        super().__init__(context)
        driver = self.driver
        if (driver.isolation_level, driver.read_only, driver.deferrable) != (None, None, None):
            raise NotAsExpected  # its own BEGIN says more
        driver.autocommit = True
        try:
            short = context.politeness.of_transaction(lambda sql: str(self.ask(sql)[0][0]))
        except BaseException:
            self.leave()
            raise
        self._begin = ("BEGIN", *short)

    def leave(self) -> None:
        super().leave()
        if not self.driver.closed:
            self.driver.autocommit = False

    @property
    def _is_open(self) -> bool:
        return not self.driver.closed and bool(self.driver.info.transaction_status)

    def _send(self, step: RunStep, statements: Sequence[str], heads: frozenset[str]) -> None:
        # The session holds the deploy lock, so that nobody else moves the version.
        changes = self._changes(step)
        if any("%" in sql for sql, _ in changes):  # the text doubles it, for values beside it
            raise NotAsExpected
        (first, is_matching), *others = changes
        # whatever ends with a comment, the next statement begins on another line
        do_execute(self.cursor, "\n;".join((*self._begin, *statements, first)))
        while self.cursor.nextset():
            pass
        if is_matching and self.cursor.rowcount != 1:
            raise NotAsExpected
        for sql, is_matching in others:
            self._change(sql, is_matching)


class SqliteSession(TransactionSession):
    """SQLite by Python's own driver; the transactions are as those of the usual road."""

    def __init__(self, context: MigrationContext) -> None:
        super().__init__(context)
        self._taken = SqliteTakenOver(self.connection)
        self._query = context.versions.bare_query(context.dialect)
        self._journal_file = KeptJournalFile(self.ask)
        self._has_committed = False

    def leave(self) -> None:
        if not (self.connection.closed or self._is_open):
            self._journal_file.give_back()
        super().leave()
        self._taken.give_back()
        own = self.context.transactions.own
        if own is not None:
            own.forget()

    @property
    def _is_open(self) -> bool:
        return bool(self.driver.in_transaction)

    def _send(self, step: RunStep, statements: Sequence[str], heads: frozenset[str]) -> None:
        if self._has_committed:
            self._journal_file.keep()
        do_execute(self.cursor, "BEGIN IMMEDIATE")
        if {row[0] for row in self.ask(self._query)} != heads:
            raise NotAsExpected
        for sql in statements:
            do_execute(self.cursor, sql)
        for sql, is_matching in self._changes(step):
            self._change(sql, is_matching)

    def _check(self) -> None:
        if not self._taken.fits(self.ask("PRAGMA foreign_key_check")):
            raise NotAsExpected
        self._has_committed = True


SESSIONS: dict[str, type[BareSession]] = {
    "sqlite": SqliteSession,
    "postgresql": PostgresqlSession,
}
