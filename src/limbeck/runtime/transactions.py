"""Where the transactions of a migration begin and end.

``env.py`` opens a block around all revisions, and each revision has a block of its own. At which
of the two a transaction begins depends on the database and on what was asked for; in the other one
nothing happens. On paper, a block writes down what it would do.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from limbeck.database.transaction import (
    Block,
    OwnTransaction,
    PendingBlock,
    TransactionBlock,
    commits_by_itself,
    join_transaction,
    own_transaction,
    roll_back,
)
from limbeck.errors import CommandError, ConfigurationError
from limbeck.runtime.outer_transaction import (
    CallersTransaction,
    CommittedBlock,
    SavepointBlock,
    is_begun_by_a_block,
    take_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from limbeck.runtime.deployment import Deployment
    from limbeck.runtime.failure import StatementWatch
    from limbeck.runtime.impl import Impl
    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.outer_transaction import Way


class Transactions:
    """The transactions of one migration context.

    :param connection: the connection; on paper a stand-in.
    :param impl: the way of statements to the database, or onto paper.
    :param given: what ``transaction_per_migration`` says, None where it is not said.
    :param per_migration_by_default: what it means where it is not said.
    :param on_commit: called when the block around all revisions was committed.
    :param outer: what becomes of a transaction that the caller has begun.
    """

    def __init__(
        self,
        connection: Any,
        impl: Impl,
        given: bool | None,
        per_migration_by_default: bool,
        on_commit: Callable[[], None],
        outer: Way = "join",
    ) -> None:
        self.connection: Connection = connection
        self.impl = impl
        self.on_commit = on_commit
        self.outer = outer
        self.own: OwnTransaction | None = None
        self.watch: StatementWatch | None = None
        self.journal: Journal | None = None
        self.deployment: Deployment | None = None
        self.pending_blocks = 0
        self._is_untouched = False
        self.was_fresh = False
        self._given = given
        self._per_migration_by_default = per_migration_by_default
        self._single = False
        self._on_paper = False
        self.after_rollback: Callable[[], None] | None = None
        self._is_each = False
        self.external = not impl.as_sql and _has_begun(connection)
        self.callers = CallersTransaction(connection)
        if self.external and not is_begun_by_a_block(connection) and commits_by_itself(connection):
            self.external = False  # in name only: each statement that has run there was committed

    @property
    def has_block(self) -> bool:
        """Whether a block of limbeck's is open, which will commit."""
        return self.pending_blocks > 0 or (self.own is not None and self.own.is_active)

    @property
    def per_migration(self) -> bool:
        """Whether each revision has a transaction of its own.

        It has where DDL cannot be rolled back, so that the version is committed with it, and where
        the connection commits each statement in any case. An environment has it so by default; a
        context that was made by hand has not.
        """
        if not self.impl.transactional_ddl or self._is_each:
            return True
        if self._given is None:
            return self._per_migration_by_default and not self._single
        return self._given

    @property
    def is_each_said(self) -> bool:
        """Whether somebody has asked for a transaction for each revision."""
        return self._given is True

    def begin(self, per_migration: bool = False) -> TransactionBlock:
        """Begin a transaction, if this is the level at which transactions are begun.

        In a transaction that the caller has begun, nothing is begun and nothing committed.

        :param per_migration: it is for one revision, and not for all of them.
        :return: a block that commits, or rolls back where there is an error.
        """
        if self.external:
            if not per_migration or self.impl.as_sql:
                return Block()
            if self.outer == "wrap":
                return SavepointBlock(self.connection)
            return CommittedBlock(self.callers)
        mine = per_migration == self.per_migration
        if self.impl.as_sql:
            paper = mine and self.impl.transactional_ddl and not self._on_paper
            return _PaperBlock(self) if paper else Block()
        if self.own is not None and self.own.is_active:
            return Block()
        if not mine:
            return Block() if per_migration else _PendingOuter(self)
        if self.own is None:
            on_commit = None if per_migration else self.on_commit
            self.own = own_transaction(self.connection, on_commit)
            self.own.on_rollback = self._rolled_back
            if not per_migration:
                self.own.on_end = self._block_ends
        self._begin(self.own)
        if not per_migration:
            self._watch_for_use()
        return self.own

    def _rolled_back(self) -> None:
        """Do what was to be done after a rollback."""
        wanted, self.after_rollback = self.after_rollback, None
        if wanted is not None:
            wanted()

    def _begin(self, transaction: OwnTransaction) -> None:
        if self.deployment is None:
            transaction.begin()
        else:
            self.deployment.begin(transaction)

    def _block_ends(self) -> None:
        self._end_watch()
        if self.deployment is not None:
            self.deployment.end()

    def _watch_for_use(self) -> None:
        self._is_untouched = True
        if self.connection is not None:
            event.listen(self.connection, "before_cursor_execute", self._used, retval=True)

    def _used(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        self._is_untouched = False
        return statement, parameters

    def _end_watch(self) -> None:
        connection = self.connection
        if connection and event.contains(connection, "before_cursor_execute", self._used):
            event.remove(connection, "before_cursor_execute", self._used)

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Within, no transaction is open, if the one that is has done nothing yet.

        To be entered before anything is asked of the database.
        """
        own = self.own
        if own is None or not own.is_active or not self.was_fresh:
            yield
            return
        own.rollback()
        yield
        self._begin(own)

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Run what is within outside of any transaction, as ``CREATE INDEX CONCURRENTLY`` needs.

        What was done before is committed first, and a new transaction begins afterwards.

        :raises CommandError: the transaction is the caller's, and not ours to commit.
        """
        if self.external:
            raise CommandError(
                "autocommit_block() would commit a transaction that the caller has begun",
                hint="give configure() a connection that is not in a transaction",
            )
        if self.impl.as_sql:
            with self._off_paper():
                yield
            return
        journalled = self.journal.block() if self.journal is not None else nullcontext()
        with journalled, self._locked_between():
            transaction = self._commit_open()
            watched = self.watch.autocommit() if self.watch is not None else nullcontext()
            with watched, autocommit(self.connection):
                yield
            if transaction is not None:
                self._begin(transaction)

    def commit_so_far(self) -> None:
        """Commit what was done until now, and go on in another transaction."""
        with self._locked_between():
            transaction = self._commit_open()
            if transaction is not None:
                self._begin(transaction)

    def _locked_between(self) -> AbstractContextManager[None]:
        if self.deployment is None:
            return nullcontext()
        return self.deployment.between_transactions()

    def _commit_open(self) -> OwnTransaction | None:
        """Commit what is open; the transaction of limbeck's own that is to begin again."""
        transaction = self.own
        if transaction is not None and not transaction.is_active:
            transaction = None
        if self.connection.in_transaction():
            (transaction or self.connection).commit()
        return transaction

    @contextmanager
    def _off_paper(self) -> Iterator[None]:
        within = self._on_paper
        if within:
            self.impl.emit_commit()
        self._on_paper = False
        yield
        self._on_paper = within
        if within:
            self.impl.emit_begin()

    def require_connection(self) -> None:
        """Make sure that there is something to run on.

        :raises ConfigurationError: there is no connection.
        """
        if self.connection is None:
            raise ConfigurationError(
                "context.configure() was given no connection to run on",
                hint="give it one in env.py: context.configure(connection=connection, …)",
            )

    def adopt(self) -> None:
        """Keep a transaction in which ``env.py`` has already done something.

        It may hold a lock, or settings that end with it, so committing it between two revisions
        would change what they run under; where nobody asked for one transaction for each
        revision, all run in this one. One that ``env.py`` has begun in a block of its own, and
        not in limbeck's, is the caller's.

        :raises ConfigurationError: there is no connection.
        """
        self.was_fresh = self._is_untouched
        self.require_connection()
        assert self.connection is not None
        self._end_watch()
        if not self.has_block and self.connection.in_transaction():
            self.external = self.external or is_begun_by_a_block(self.connection)
        self._is_each = (
            not self.has_block and not self.external and commits_by_itself(self.connection)
        )
        self._single = (
            self.pending_blocks > 0
            and self._given is None
            and self.impl.transactional_ddl
            and self.impl.dialect.name != "sqlite"
            and self.connection.in_transaction()
        )

    def join(self) -> AbstractContextManager[None]:
        """Go on in a transaction that is somebody else's to commit.

        :return: a context to run within.
        :raises ConfigurationError: that was not what was asked.
        """
        if not self.external:
            join_transaction(self.connection)
            return nullcontext()
        take_over(self.connection, self.impl, self.outer)
        return nullcontext() if self.impl.transactional_ddl else self.callers.watched()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, to read from; a transaction that this begins is ended again."""
        connection = self.connection
        joined = connection.in_transaction()
        try:
            yield connection
        finally:
            if not joined:
                roll_back(connection)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """The connection, to write to: in the transaction that is open, or in one of its own."""
        connection = self.connection
        if connection.in_transaction():
            yield connection
            return
        transaction = own_transaction(connection)
        self._begin(transaction)
        with transaction:
            yield connection


@contextmanager
def autocommit(connection: Connection) -> Iterator[None]:
    """Within, each statement on the connection is a transaction of its own."""
    if commits_by_itself(connection):
        yield
        return
    level = connection.get_isolation_level()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.begin()  # as with Alembic, what runs within finds a transaction, if only in name
    try:
        yield
    finally:
        if not connection.closed:
            roll_back(connection)
            connection.execution_options(isolation_level=level)


class _PendingOuter(PendingBlock):
    """The block around all revisions where each has a transaction of its own."""

    def __init__(self, transactions: Transactions) -> None:
        super().__init__(transactions.connection, transactions.on_commit)
        self.on_rollback = transactions._rolled_back
        self.transactions = transactions

    def __enter__(self) -> _PendingOuter:
        self.transactions.pending_blocks += 1
        return self

    def __exit__(self, *raised: Any) -> None:
        self.transactions.pending_blocks -= 1
        try:
            super().__exit__(*raised)
        finally:
            if not self.transactions.pending_blocks:
                self.transactions._block_ends()


class _PaperBlock(Block):
    """A transaction on paper."""

    def __init__(self, transactions: Transactions) -> None:
        super().__init__()
        self.transactions = transactions
        transactions._on_paper = True
        transactions.impl.emit_begin()

    def commit(self) -> None:
        if self.transactions._on_paper:
            self.transactions._on_paper = False
            self.transactions.impl.emit_commit()

    def rollback(self) -> None:
        self.transactions._on_paper = False


def _has_begun(connection: Any) -> bool:
    # The connection of SQLAlchemy's create_mock_engine() knows no transactions.
    in_transaction = getattr(connection, "in_transaction", None)
    return in_transaction is not None and bool(in_transaction())
