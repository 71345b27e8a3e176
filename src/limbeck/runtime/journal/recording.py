"""When a run keeps a journal, what it finds in it at the start, and what it leaves at the end."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.errors import CommandError, HistoryError
from limbeck.runtime.journal.left import Failure, Left
from limbeck.runtime.journal.presence import has_table, keeps_journal
from limbeck.runtime.transactions import autocommit
from limbeck.script.content import content_of

log = logging.getLogger("limbeck.runtime.migration")

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep


class Recording:
    """The journal of one run; without one nothing happens here.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.journal: Journal | None = None

    @contextmanager
    def open(self, steps: Sequence[RunStep]) -> Iterator[None]:
        """Keep a journal within.

        :param steps: what is about to run.
        :raises NotResumable: another revision was interrupted, or nobody can tell how to go on.
        """
        if keeps_journal(self.context):
            from limbeck.runtime.journal.journal import Journal  # which is most of all this

            self.journal = Journal(self.context)
            self._take_up(self.journal, steps)
        if self.journal is not None:
            self.context.impl.journal = self.context.transactions.journal = self.journal
        try:
            yield
        finally:
            self.context.impl.journal = self.context.transactions.journal = None
            if self.journal is not None:
                self.journal.leave()
        if self.journal is not None and self.journal.written.is_there:
            self._drop(self.journal)

    @property
    def is_there(self) -> bool:
        """Whether the database holds a journal now."""
        return self.journal is not None and self.journal.written.is_there

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is left of an earlier run, so that the next revision begins anew."""
        journal = self.journal
        if journal is None or journal.transactional:
            return not self.is_there and self.context.impl.transactional_ddl
        return (
            journal.written.is_there and not journal.earlier.has_header and not journal.earlier.rows
        )

    def take_up(self, step: RunStep) -> None:
        """Find out what is in of a revision that was to be sent again, so that it can go on.

        :param step: the revision.
        :raises NotResumable: nobody can tell.
        """
        if self.journal is not None and not self.journal.transactional:
            self._take_up(self.journal, [step])

    def begin(self, step: RunStep) -> None:
        """A revision begins.

        :param step: the revision.
        """
        if self.journal is not None:
            self.journal.begin(step, lambda: checksum_of(step))

    def ends_at_once(
        self, step: RunStep, heads: Collection[str], started: str, seconds: float
    ) -> bool:
        """End a revision in one message; see :func:`~limbeck.runtime.journal.ending.ends_at_once`.

        :param step: the revision.
        :param heads: what the version table is to hold.
        :param started: when it began, as the history says it.
        :param seconds: how long it took.
        """
        journal = self.journal
        if journal is None or journal.joined is None:
            return False
        from limbeck.runtime.journal.ending import ends_at_once

        return ends_at_once(journal, step, heads, started, seconds)

    @contextmanager
    def finished(self) -> Iterator[None]:
        """Within, the version changes, in one transaction with the end of the journal."""
        journal = self.journal
        if journal is None or not journal.written.is_there:
            if journal is not None:
                journal.finish()
            yield
            return
        alone = journal.is_in_autocommit
        if alone:
            journal.written.say("BEGIN")
        journal.finish()
        yield
        if alone:
            journal.written.say("COMMIT")

    def splits_for(self, error: BaseException) -> bool:
        """Whether a revision that has failed is to run again, as it has used what it has made.

        PostgreSQL takes a new value of an enum only when it is committed. So the revision, which
        was rolled back as far as it goes, runs once more, with such a statement as a step of its
        own.

        :param error: what it raised.
        """
        journal = self.journal
        if journal is None or journal.splits or not self.context.per_migration:
            return False
        if not journal.recovery.wants_split(error):
            return False
        from limbeck.runtime.journal.earlier import Earlier
        from limbeck.runtime.journal.words import why_not_resumable

        failure = self.failed()
        left = failure.left if failure is not None else None
        if left is None or why_not_resumable(left) is not None:
            return False
        journal.splits = True
        journal.earlier = Earlier(left.rows, has_header=left.is_something)
        return True

    def failed(self) -> Failure | None:
        """What is left of a revision that has failed; None where no journal was kept."""
        journal, context = self.journal, self.context
        if journal is None:
            return None
        journal.leave()
        if not journal.written.is_there:
            return Failure(Left())
        own = context.transactions.own
        if own is not None and own.is_active:
            own.rollback()
        connection = context.connection
        if connection.closed or connection.invalidated or connection.in_transaction():
            return Failure(None)
        from limbeck.runtime.journal.settling import Settler

        try:
            with autocommit(connection):
                session = journal.written.session
                if session and not journal.recovery.is_session(connection, session):
                    return Failure(
                        None
                    )  # SQLAlchemy has connected anew; somebody else may be at it
                settler = Settler(connection, journal.recovery, journal.written.table)
                left = settler.settle(takes_back=True)
                if not left.is_something:
                    journal.written.table.drop(connection)
                    journal.written.is_there = False
        except DBAPIError as error:
            is_lost = error.connection_invalidated
            return Failure(None, "" if is_lost else f"the database refuses to tell ({error.orig})")
        except CommandError as error:
            return Failure(None, error.message)
        return Failure(left)

    def look_back(self) -> None:
        """Make sure that nothing is half-done where there is nothing to do.

        :raises NotResumable: another run was interrupted, and a part of it is in.
        """
        if self.context.deployment.is_taken:
            with self.open(()):
                pass  # a journal with nothing in it is dropped

    def _take_up(self, journal: Journal, steps: Sequence[RunStep]) -> None:
        """Read what an interrupted run has left, and make the table where DDL needs it."""
        journal.written.is_there = has_table(self.context, journal.written.table)
        runs = any(step.function is not None for step in steps)
        if not journal.written.is_there and (journal.transactional or not runs):
            return
        with self._alone() as connection:
            if not journal.written.is_there:
                self._create(journal, connection)
                return
            from limbeck.runtime.journal.earlier import Earlier
            from limbeck.runtime.journal.refusals import refuse_others, refuse_unresumable
            from limbeck.runtime.journal.settling import Settler

            settler = Settler(connection, journal.recovery, journal.written.table)
            left = settler.look()
            if left.is_something:
                refuse_others(left, steps)
                refuse_unresumable(left)
            left = settler.settle()
            if not left.is_something:
                journal.written.table.clear(connection)
                return
            refuse_unresumable(left)
        assert left.header is not None
        same = left.header.facts.get("checksum") == checksum_of(steps[0])
        journal.earlier = Earlier(left.rows, same, has_header=True)

    def _create(self, journal: Journal, connection: Connection) -> None:
        try:
            journal.written.table.create(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            # Whoever may only change rows needs none.
            log.warning("no journal is kept, as the database refuses its table: %s", error.orig)
            self.journal = None
            return
        journal.written.is_there = True

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own."""
        connection: Connection = self.context.connection
        if connection.in_transaction() and self.context.impl.transactional_ddl:
            # What env.py has begun there is not to be ended.
            with connection.engine.connect() as other, autocommit(other):
                yield other
            return
        if connection.in_transaction():
            connection.commit()  # as DDL would
        with autocommit(connection):
            yield connection

    def _drop(self, journal: Journal) -> None:
        with self.context.transactions.changing() as connection:
            journal.written.table.drop(connection)
            journal.written.is_there = False


def checksum_of(step: RunStep) -> str:
    """A number over the text of a revision's file; empty where there is none.

    Where it is another one, the operations have to come as they came before.
    """
    try:
        content = content_of(step.plan.revision)
    except HistoryError:
        return ""
    return "" if content is None else content.file_checksum
