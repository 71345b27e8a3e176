"""Transactions that limbeck begins, and ends.

A transaction may be ended and begun again (``autocommit_block()``), so it is an object of its own
and not SQLAlchemy's, which lives once. SQLite needs more: see
:mod:`limbeck.database.sqlite_transaction`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from sqlalchemy import Connection, RootTransaction


class TransactionBlock(Protocol):
    """What ``begin_transaction()`` gives: a block that commits, or rolls back on an error."""

    def __enter__(self) -> Self:
        """Enter the block; a transaction has begun before."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or roll back where there was an error."""

    def commit(self) -> None:
        """Commit."""

    def rollback(self) -> None:
        """Roll back."""


class Block:
    """A block in which nobody has to begin or end anything.

    :param on_commit: called when the block has ended well.
    """

    #: Called when the block has ended, however it has.
    on_end: Callable[[], None] | None = None

    def __init__(self, on_commit: Callable[[], None] | None = None) -> None:
        self._on_commit = on_commit
        self.on_rollback: Callable[[], None] | None = None
        """Called when the block was rolled back for an error within."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._end(is_good=kind is None)
        finally:
            if self.on_end is not None:
                self.on_end()

    def _end(self, *, is_good: bool) -> None:
        if not is_good:
            self.rollback()
            if self.on_rollback is not None:
                self.on_rollback()
            return
        try:
            self.commit()
        except BaseException:
            self.rollback()
            raise
        if self._on_commit is not None:
            self._on_commit()

    def commit(self) -> None:
        """Make what was done within last."""

    def rollback(self) -> None:
        """Undo what was done within."""


class PendingBlock(Block):
    """A block within which transactions come and go; what is open at its end is ended with it.

    :param connection: the connection.
    """

    def __init__(self, connection: Connection, on_commit: Callable[[], None] | None = None) -> None:
        super().__init__(on_commit)
        self.connection = connection

    def commit(self) -> None:
        if self.connection.in_transaction():
            self.connection.commit()

    def rollback(self) -> None:
        roll_back(self.connection)


class OwnTransaction(Block):
    """A transaction of limbeck's own on a connection.

    :param connection: the connection; a transaction that SQLAlchemy has begun on it by itself is
        committed first.
    """

    def __init__(self, connection: Connection, on_commit: Callable[[], None] | None = None) -> None:
        super().__init__(on_commit)
        self.connection = connection
        self._root: RootTransaction | None = None

    @property
    def is_active(self) -> bool:
        """True from :meth:`begin` to the end."""
        return self._root is not None

    def begin(self) -> None:
        """Begin, or begin again."""
        if self.connection.in_transaction():
            self.connection.commit()
        self._root = self.connection.begin()

    def commit(self) -> None:
        """Commit; once the transaction has ended, do nothing.

        A revision may have ended it by a ``commit()`` of its own: then what came after that.
        """
        root = self._root
        if root is None:
            return
        if root.is_active:
            root.commit()
        elif self.connection.in_transaction():
            self.connection.commit()
        self._root = None

    def forget(self) -> None:
        """Forget what was found when it ended: something else was done on the connection since."""

    def rollback(self) -> None:
        """Roll back; once the transaction has ended, do nothing."""
        if self._root is not None:
            self._root = None
            roll_back(self.connection)


def own_transaction(
    connection: Connection, on_commit: Callable[[], None] | None = None
) -> OwnTransaction:
    """A transaction for this connection's database, not begun."""
    if connection.dialect.name == "sqlite":
        from limbeck.database.sqlite_transaction import SqliteTransaction, is_switchable

        if is_switchable(connection):
            return SqliteTransaction(connection, on_commit)
    return OwnTransaction(connection, on_commit)


def join_transaction(connection: Connection) -> None:
    """Make sure that the caller's transaction is one for DDL as well."""
    if connection.dialect.name == "sqlite":
        from limbeck.database.sqlite_transaction import begin_really

        begin_really(connection)


def commits_by_itself(connection: Connection) -> bool:
    """Whether each statement on the connection is a transaction of its own (AUTOCOMMIT).

    ``get_isolation_level()`` does not tell: it answers with the level of the server's session. Nor
    does a level that SQLAlchemy has set before, where a revision may say ``SET autocommit = 1``.
    """
    given = connection.get_execution_options().get("isolation_level")
    # On SQLite the driver begins nothing where limbeck does.
    if given == "AUTOCOMMIT" or (given is not None and connection.dialect.name == "sqlite"):
        return bool(given == "AUTOCOMMIT")
    detect = getattr(connection.dialect, "detect_autocommit_setting", None)
    if detect is None:  # SQLAlchemy before 2.0.43
        return False
    try:
        return bool(detect(connection.connection.dbapi_connection))
    except NotImplementedError:
        return False


def is_open_no_more(connection: Connection) -> bool:
    """Whether a driver that begins nothing by itself here is in no transaction (SQLite).

    It is so when somebody has ended that of SQLAlchemy by a statement.
    """
    return not getattr(connection.connection.driver_connection, "in_transaction", True)


def roll_back(connection: Connection | None) -> None:
    """Roll back whatever is open.

    Where the connection is lost there is nothing to roll back: the server has done so. The error
    that made us roll back is worth more than the driver's complaint about it.
    """
    if connection is None or connection.closed:
        return  # None where configure() was given no connection: that error is told
    # One whose COMMIT has failed is in_transaction() no more, and refuses statements all the same.
    if connection.get_transaction() is None:
        return
    try:
        connection.rollback()
    except DBAPIError:
        connection.invalidate()
