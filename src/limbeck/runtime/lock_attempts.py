"""Attempts to get the deploy lock, and the waiting between them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy.exc import CompileError, DBAPIError

from limbeck.database.deploy_lock import brief_transaction
from limbeck.database.patience import Patience, pause_of
from limbeck.database.transaction import join_transaction, roll_back
from limbeck.errors import LockNotObtained

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from limbeck.database.transaction import OwnTransaction
    from limbeck.dialects.standard.lock import DeployLock, DeployLocks, Holder
    from limbeck.runtime.deploy_options import DeployOptions
    from limbeck.runtime.migration import MigrationContext

log = logging.getLogger("limbeck.runtime.migration")

_ATTEMPT_SECONDS = 0.1
"""How long a database that waits by itself may do so, without hearing of a signal."""


class LockAttempts:
    """Attempts of one migration context. Each says whether it has got the lock, and does not wait.

    :param context: the context.
    :param locks: what the database can do.
    :param options: how long to wait.
    """

    def __init__(
        self, context: MigrationContext, locks: DeployLocks, options: DeployOptions
    ) -> None:
        self.context = context
        self.locks = locks
        self.options = options

    @property
    def connection(self) -> Connection:
        """The connection that migrates."""
        connection: Connection = self.context.connection
        return connection

    def for_session(self, lock: DeployLock) -> bool:
        """Take the lock for the session."""
        with brief_transaction(self.connection):
            return self.locks.try_session(self.connection, lock)

    def by_beginning(self, transaction: OwnTransaction, lock: DeployLock) -> bool:
        """Begin a transaction, and take the lock for it."""
        with self.locks.waiting(self.connection, _ATTEMPT_SECONDS):
            try:
                transaction.begin()
            except DBAPIError as error:
                if self.locks.is_busy(error):
                    return False
                raise
        if self._for_transaction(lock):
            return True
        transaction.rollback()
        return False

    def by_joining(self, lock: DeployLock) -> bool:
        """Take the lock in the transaction that is open, or that somebody else will commit."""
        connection = self.connection
        joined = connection.in_transaction()
        with self.locks.waiting(connection, _ATTEMPT_SECONDS):
            try:
                join_transaction(connection)
            except DBAPIError as error:
                if self.locks.is_busy(error):
                    return False
                raise
        granted = self._for_transaction(lock)
        if not granted and not joined:
            roll_back(connection)
        return granted

    def _for_transaction(self, lock: DeployLock) -> bool:
        return self.locks.try_transaction(self.connection, lock, self.context.versions.table)

    def by_looking(self, look: Callable[[], None]) -> bool:
        """Read something while nobody else is in the middle of writing.

        :param look: reads it.
        """
        try:
            with self.locks.waiting(self.connection, _ATTEMPT_SECONDS):
                look()
        except DBAPIError as error:
            if self.locks.is_busy(error):
                return False
            raise
        return True

    def can_lock_rows(self, lock: DeployLock) -> bool:
        """Whether the database knows ``SELECT … FOR UPDATE``, which not every one does."""
        if self.connection.in_transaction():
            return False  # it may not be tried here
        try:
            with brief_transaction(self.connection):
                self._for_transaction(lock)
        except (DBAPIError, CompileError) as error:
            log.debug("The database does not lock rows: %s", error)
            return False
        return True

    # Waiting

    def until(self, attempt: Callable[[], bool], lock: DeployLock) -> None:
        """Attempt it until it has succeeded, and hold nothing in between.

        :param attempt: says whether it has succeeded.
        :param lock: the lock that it is about.
        :raises LockNotObtained: it has taken too long.
        """
        patience = Patience(self.options.lock_wait, pause=pause_of(self.connection))
        holder: Holder | None = None
        is_told = False
        while not attempt():
            if not is_told:
                holder = self._holder(lock)
                is_told = True
                self._tell_of_waiting(holder, patience.seconds)
            if not patience.wait():
                raise self._not_obtained(self._holder(lock) or holder)

    def _holder(self, lock: DeployLock) -> Holder | None:
        connection = self.connection
        with brief_transaction(connection):
            if connection.in_transaction() and self.locks.blocks_holder(connection, lock):
                raise LockNotObtained(
                    "another deployer waits for the transaction that we are in, and we for it",
                    hint="give context.configure() a connection that is not in a transaction",
                )
            return self.locks.holder(connection, lock)

    def _tell_of_waiting(self, holder: Holder | None, seconds: float) -> None:
        words = holder.words if holder is not None else ""
        log.info("Waiting, as %s%s", self.locks.other, f": {words}" if words else "")
        report = self.context.opts.get("report")
        if report is not None:
            from limbeck.runtime.events import LockAwaited

            report(LockAwaited(self.locks.other, words, seconds))

    def _not_obtained(self, holder: Holder | None) -> LockNotObtained:
        waited = f"; waited for {self.options.lock_wait:g} s" if self.options.lock_wait else ""
        end = f"; {holder.hint}" if holder is not None and holder.hint else ""
        return LockNotObtained(
            f"{self.locks.other}{waited}",
            hint=f"try again when it is done, or wait longer with --lock-wait{end}",
            details=[f"it is {holder.words}"] if holder is not None else [],
        )
