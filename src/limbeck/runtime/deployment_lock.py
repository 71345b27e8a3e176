"""The deploy lock of one run: how it is taken, who holds it, and when it is given back.

Who ends the transaction decides who holds the lock. Where limbeck does, the session holds it over
all revisions, or the transaction of each where a session cannot. Where the caller does, it is the
caller's transaction that holds it.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from limbeck.database.deploy_lock import SessionLock, brief_transaction, session_name
from limbeck.database.transaction import commits_by_itself
from limbeck.dialects.standard.lock import DeployLock
from limbeck.errors import CommandError
from limbeck.runtime.deploy_options import DeployOptions, deploy_options
from limbeck.runtime.lock_attempts import LockAttempts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limbeck.database.transaction import OwnTransaction
    from limbeck.dialects.standard.lock import DeployLocks
    from limbeck.runtime.migration import MigrationContext

__all__ = ["DeploymentLock"]

log = logging.getLogger("limbeck.runtime.migration")

_AS_SET = "the setting deploy_lock says so"


class DeploymentLock:
    """The deploy lock of one migration context.

    :param context: the context.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.locks: DeployLocks = context.backend.deploy_locks
        self._is_taken = False
        self._held: SessionLock | None = None
        self._session: object = None
        self._of_transactions: DeployLock | None = None

    @cached_property
    def attempts(self) -> LockAttempts:
        """Ways to get the lock."""
        return LockAttempts(self.context, self.locks, self.options)

    @cached_property
    def options(self) -> DeployOptions:
        """What was asked for."""
        return deploy_options(self.context)

    def hurry(self) -> None:
        """Wait for nobody any more: somebody has asked us to end."""
        self.attempts.options = replace(self.options, lock_wait=0)

    @property
    def is_taken(self) -> bool:
        """Whether the lock is ours, or taken by each of our transactions."""
        return self._is_taken

    @property
    def holds_session(self) -> bool:
        """Whether our session holds the lock, whatever its transactions do."""
        return self._held is not None

    @property
    def is_undisputed(self) -> bool:
        """Whether nobody can move the version between two transactions, or within one (SQLite)."""
        is_of_session = self._held is not None and self._session is None
        return self._is_taken and (is_of_session or self.locks.begin_locks)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Within, nobody else migrates; until what was done within is committed, in fact.

        :raises LockNotObtained: another deployer holds the lock for too long.
        """
        if self._is_taken or not self._is_possible:
            yield
            return
        try:
            self._take()
        except BaseException:
            self.end()
            raise
        self._is_taken = True
        try:
            yield
        finally:
            if not self._lasts_longer:
                self.end()

    def end(self) -> None:
        """Give the lock back."""
        held, self._held = self._held, None
        self._is_taken = False
        self._session = self._of_transactions = None
        if held is not None:
            held.release()

    def begin(self, transaction: OwnTransaction) -> None:
        """Begin a transaction of ours; where it is the transaction that holds the lock, with it.

        :param transaction: the transaction, not begun.
        :raises LockNotObtained: another deployer holds the lock for too long.
        """
        lock = self._of_transactions
        if lock is None and self.locks.begin_locks and self._is_possible:
            lock = DeployLock()
        if lock is None:
            transaction.begin()
            return
        self.attempts.until(lambda: self.attempts.by_beginning(transaction, lock), lock)

    def between_transactions(self) -> AbstractContextManager[None]:
        """Around a block in which statements commit by themselves, and the transactions beside it.

        :raises CommandError: the lock cannot be kept meanwhile.
        """
        lock = self._of_transactions
        if lock is None:
            return nullcontext()
        try:
            return self.locks.kept_between(self._connection)
        except NotImplementedError:
            pass
        if not lock.why_not:
            return nullcontext()
        if self.context.opts.get("refusals") != "alembic":
            raise CommandError(
                f"autocommit_block() would give up the deploy lock: {lock.why_not}",
                hint='connect to the server itself; or set deploy_lock = "session", if the '
                "pooler leaves each client its session",
            )
        log.warning("Without the deploy lock in autocommit_block(): %s", lock.why_not)
        return nullcontext()

    # Taking it

    @property
    def _connection(self) -> Connection:
        connection: Connection = self.context.connection
        return connection

    @property
    def _is_possible(self) -> bool:
        is_database = not self.context.as_sql and isinstance(self.context.connection, Connection)
        return is_database and self.options.kind != "off"

    @property
    def _lasts_longer(self) -> bool:
        """Whether what was done is committed only later."""
        transactions = self.context.transactions
        if self.context.kept.is_not_ours:
            return self._held is not None
        return not transactions.per_migration and transactions.has_block

    def _take(self) -> None:
        connection, transactions = self._connection, self.context.transactions
        with brief_transaction(connection):
            found = self._found()
        if found is None:
            return
        is_ours = not self.context.kept.is_not_ours
        if not is_ours and not commits_by_itself(connection) and self._fits_transaction(found):
            if self._has_name(found):
                self.attempts.until(lambda: self.attempts.by_joining(found), found)
            return
        if found.of_session:
            with transactions.set_aside():
                is_held = self._take_for_session(found)
            if is_held:
                if not is_ours and self._held is not None:
                    self._held.release_after_transaction()
                return
        lock = DeployLock() if found.of_session else found
        if self._has_name(lock) or self._can_lock_rows(lock):
            self._take_in_transactions(lock)

    def _can_lock_rows(self, lock: DeployLock) -> bool:
        with self.context.transactions.set_aside():  # what fails would spoil a transaction
            return self.attempts.can_lock_rows(lock)

    def _has_name(self, lock: DeployLock) -> bool:
        """Whether it is a lock that the database is known to have, and not one of rows."""
        return bool(lock.key) or self.locks.begin_locks

    def _take_for_session(self, lock: DeployLock) -> bool:
        """Take the lock for the session; False where the server has nothing of the kind."""
        try:
            granted = self.attempts.for_session(lock)
        except DBAPIError as error:  # a server that only speaks the language, a right that is gone
            if error.connection_invalidated:
                raise
            log.debug("The server does not lock for a session: %s", error.orig)
            return False
        if not granted:
            self.attempts.until(lambda: self.attempts.for_session(lock), lock)
        self._hold(lock)
        return True

    def _take_in_transactions(self, lock: DeployLock) -> None:
        """Let each transaction of ours take the lock, or the one that is open for all."""
        transactions = self.context.transactions
        self._of_transactions = lock
        if not transactions.per_migration:
            with transactions.set_aside():
                pass  # where it can be begun again, it is begun with the lock
            self.attempts.until(lambda: self.attempts.by_joining(lock), lock)

    def _found(self) -> DeployLock | None:
        lock = self.locks.find(self._connection, self.context.versions.table)
        kind = self.options.kind
        if lock is None or kind == "auto" or not lock.key or not self._fits_transaction(lock):
            return lock
        return DeployLock(lock.key, of_session=kind == "session", why_not=lock.why_not or _AS_SET)

    def _fits_transaction(self, lock: DeployLock) -> bool:
        return self.locks.locks_transaction(lock)

    def _hold(self, lock: DeployLock) -> None:
        self._held = SessionLock(self._connection, self.locks, lock)
        with brief_transaction(self._connection):
            self._held.also_undo(self.locks.introduce(self._connection, session_name()))
            if not lock.is_certain:
                self._session = self._session_id()

    def _session_id(self) -> object:
        return self.locks.session_id(self._connection)
