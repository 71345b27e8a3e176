"""Locks that let one deployer at a time migrate a database.

A dialect's own ``lock.py`` subclasses :class:`DeployLocks`. A lock belongs to a session and ends
with it, however that ends; none is a row that somebody has to clean up. Where a session cannot hold
one, it is taken in the transaction of each revision.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy import Connection, Select, Table


class DeployLock(Value, slots=True):
    """The lock of one version table.

    :param key: what the server knows it by; empty where it has no name.
    :param of_session: the session can hold it over several transactions.
    :param is_certain: nothing between us and the server can have moved us to another session.
    :param why_not: why the session cannot hold it, for people.
    """

    key: str = ""
    of_session: bool = False
    is_certain: bool = True
    why_not: str = ""


class Holder(Value, slots=True):
    """Who holds a lock.

    :param words: the session, for people, without a secret in it.
    :param hint: what ends it if it hangs.
    """

    words: str
    hint: str = ""


class DeployLocks:
    """What a database can do to let one deployer at a time migrate it.

    The standard answer locks the rows of the version table in each transaction. ``connection``
    always is the one that migrates.
    """

    begin_locks: ClassVar[bool] = False
    """Whether a transaction has the lock from its beginning, and so may have to wait to begin."""

    other: ClassVar[str] = "another deployer migrates this database"
    """What it means that the lock is not to be had."""

    reads_snapshots: ClassVar[bool] = False
    """Whether a transaction goes on seeing what there was when it first looked."""

    def find(self, connection: Connection, table: Table) -> DeployLock | None:
        """The lock of a version table, None where the database has nothing of the kind.

        :param connection: the connection; the question may begin a transaction on it.
        :param table: the version table.
        """
        return DeployLock()

    def try_session(self, connection: Connection, lock: DeployLock) -> bool:
        """Take the lock for the session without waiting.

        :returns: False where another session holds it.
        """
        raise NotImplementedError

    def release(self, lock: DeployLock) -> str:
        """The statement by which the session gives the lock back."""
        raise NotImplementedError

    def try_transaction(self, connection: Connection, lock: DeployLock, table: Table) -> bool:
        """Take the lock for the transaction without waiting, or wait as the server does.

        :returns: False where another session holds it.
        """
        from sqlalchemy import inspect

        if inspect(connection).has_table(table.name, schema=table.schema):
            connection.execute(self.rows(table)).all()
        return True

    def rows(self, table: Table) -> Select[Any]:
        """The statement that locks the rows of the version table."""
        return table.select().with_for_update()

    def locks_transaction(self, lock: DeployLock) -> bool:
        """Whether a transaction can hold the lock, to its end."""
        return not lock.of_session

    def is_busy(self, error: BaseException) -> bool:
        """Whether something has failed because another transaction is writing."""
        return False

    def waiting(
        self, connection: Connection, seconds: float, *, at_least: bool = False
    ) -> AbstractContextManager[None]:
        """Within, let statements wait that long for others that write, if nothing else limits it.

        :param seconds: how long.
        :param at_least: longer, where the connection is set so.
        """
        return nullcontext()

    def kept_between(self, connection: Connection) -> AbstractContextManager[None]:
        """Within, keep a lock that a transaction holds although that ends.

        :returns: a context to be entered before the transaction is committed, and left when the
            next one has begun.
        :raises NotImplementedError: it cannot be kept.
        """
        raise NotImplementedError

    def session_id(self, connection: Connection) -> Hashable | None:
        """What tells this session from every other, for locks that are not certain."""
        return None

    def holder(self, connection: Connection, lock: DeployLock) -> Holder | None:
        """Who holds the lock; None where the database does not tell."""
        return None

    def blocks_holder(self, connection: Connection, lock: DeployLock) -> bool:
        """Whether the holder waits for a transaction of ours, so that we would wait for ever."""
        return False

    def introduce(self, connection: Connection, name: str) -> tuple[str, ...]:
        """Tell the server who we are, and to end the session soon after we have died.

        :param name: what to be called, as in ``limbeck web-1:4711``.
        :returns: the statements that take it back.
        """
        return ()


def digest(*words: str | None) -> str:
    """Hexadecimal digits that stand for some words.

    :param words: the words; None is told from the empty word.
    """
    joined = "\0".join("\1" if word is None else word for word in words)
    return sha256(joined.encode()).hexdigest()
