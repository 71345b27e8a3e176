"""A run keeps its word: what it says is in the database is there.

``env.py`` decides about the connection and its transaction, and may lose both: it may never run
the migrations, forget ``begin_transaction()``, or hand over a connection in a transaction that
nobody commits. SQLAlchemy then rolls back without a word.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from limbeck.database.interruption import cancellable
from limbeck.errors import CommandError, ConfigurationError
from limbeck.runtime.place_words import place_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from limbeck.runtime.migration import MigrationContext

_COMMITS = ("commit", "commit_twophase")


class Kept:
    """Watches over one migration context.

    :param context: the context.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.has_run = False
        self.failure: Exception | None = None
        self._expected: frozenset[str] | None = None
        self._before: frozenset[str] = frozenset()
        self._watching = False

    @contextmanager
    def run(self) -> Iterator[None]:
        """What ``run_migrations()`` does is within; it may be tried again."""
        self.has_run = True
        connection = self.context.connection
        watched = hasattr(connection, "closed") and not self.context.as_sql
        try:
            with cancellable(connection) if watched else nullcontext():
                yield
        except Exception as error:
            self.failure = error
            raise
        self.failure = None

    def expect(self, heads: Collection[str], before: Collection[str]) -> None:
        """The version table must hold some ids when the transaction is committed.

        :param heads: the ids.
        :param before: what it held before the run.
        """
        self._expected = frozenset(heads)
        self._before = frozenset(before)

    def forget(self) -> None:
        """Somebody else has gone on from what we have committed."""
        self._expected = None

    @property
    def is_not_ours(self) -> bool:
        """Whether it is somebody else who has to commit."""
        transactions = self.context.transactions
        if transactions.external:
            return True
        return not transactions.per_migration and not transactions.has_block

    def watch_for_commit(self) -> None:
        """Watch the connection, if it is somebody else who has to commit.

        Nobody asks later without an environment.
        """
        if self.is_not_ours and not self._watching and self.context.environment_context is not None:
            self._watching = True
            for name in _COMMITS:
                event.listen(self.context.connection, name, self._committed)

    def check_version(self) -> None:
        """Read the version back after a commit.

        :raises ConfigurationError: ``env.py`` has rolled it back.
        :raises CommandError: it is not what was written.
        """
        context = self.context
        transactions = context.transactions
        if self._expected is None or (transactions.external and not transactions.callers.has_ended):
            return
        expected, self._expected = self._expected, None
        with context.transactions.reading() as connection:
            actual = context.versions.read(connection)
        if frozenset(actual) == expected:
            return
        if not context.per_migration and frozenset(actual) == self._before:
            self._taken_back()
        else:
            raise CommandError(
                f"the migrations ran, but the database is at {place_words(actual)} and not at "
                f"{place_words(expected)}",
                hint="somebody else migrates this database at the same time, or it did not keep "
                "what was committed; see 'limbeck current'",
            )

    def check_committed(self) -> None:
        """Find out whether a transaction that is not limbeck's was lost.

        :raises ConfigurationError: it was rolled back, or closed without a commit.
        """
        was_watching, self._watching = self._watching, False
        connection = self.context.connection
        if was_watching:
            for name in _COMMITS:
                event.remove(connection, name, self._committed)
        if self._expected is None:
            return
        if not connection.closed and connection.in_transaction():
            return  # it is open still: whoever has begun it goes on
        if not was_watching:
            self._taken_back()
            return
        if self.context.transactions.external:
            message = (
                "the migrations ran in a transaction that began before configure(), or beside "
                "begin_transaction(), and "
            )
            hint = "call connection.commit() before context.configure(), or after the migrations"
        else:
            message = "the migrations ran outside of context.begin_transaction(), and "
            hint = "write: with context.begin_transaction(): context.run_migrations()"
        raise ConfigurationError(
            f"{message}were rolled back, as nobody has committed them", hint=hint
        )

    def _taken_back(self) -> None:
        """Say of a run that ``env.py`` has rolled it back in limbeck's own block.

        Under the name ``alembic`` that is a trial run, and no error.
        """
        self._expected = None
        environment = self.context.environment_context
        if environment is not None and environment.must_run_migrations:
            raise ConfigurationError(
                "env.py has rolled back what the migrations did; nothing of this run is in the "
                f"database, which is at {place_words(self._before)}",
                hint="let env.py leave the block of context.begin_transaction() without an error, "
                "and without a rollback",
            )

    def _committed(self, *_: Any) -> None:
        self._expected = None
