"""Writes down what a revision is about to do and what it has done, and skips what is done already.

Where DDL commits by itself, a row is written before each statement of an operation, which commits
it, and another time after it. Where it does not, nothing is written until a statement has to leave
the transaction: then what was done before is committed together with its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from limbeck.database.transaction import commits_by_itself, is_open_no_more
from limbeck.dialects.standard.recovery import is_of_session, is_read
from limbeck.runtime.journal.beside import Beside
from limbeck.runtime.journal.current import Current
from limbeck.runtime.journal.earlier import Earlier
from limbeck.runtime.journal.joining import can_join
from limbeck.runtime.journal.lasting import Lasting
from limbeck.runtime.journal.marks import mark_of, mark_of_text
from limbeck.runtime.journal.planned import planned_statements
from limbeck.runtime.journal.refusals import refuse_shutting_out
from limbeck.runtime.journal.reverse import reverse_of
from limbeck.runtime.journal.texts import Texts
from limbeck.runtime.journal.written import Written

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

    from limbeck.database.journal_table import JournalRow
    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.operations.ops import MigrateOperation
    from limbeck.runtime.journal.joined import Joined
    from limbeck.runtime.journal.joined_statements import JoinedStatements
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

Run = Callable[[], Any]


class Journal:
    """What one run writes down of the revision that it is at.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.impl = context.impl
        self.connection: Connection = context.connection
        self.recovery: Recovery = context.backend.recovery
        self.transactional: bool = context.backend.features_of(context.dialect).transactional_ddl
        self.texts = Texts(context)
        self.text: Callable[[Any], str] = self.texts.of
        self.written: Written = Written(context)
        self.beside = Beside(self)
        self.lasting = Lasting(self)
        self.joined: Joined | None = None
        self.joined_statements: JoinedStatements | None = None
        if can_join(context):
            self._join()
        self.splits = False
        self.earlier = Earlier()
        self._step: RunStep | None = None
        self._pending: list[Current] = []
        self._current: Current | None = None
        self._number = 0
        self._blocks = 0
        self._mark_of = partial(mark_of, impl=self.impl, recovery=self.recovery)

    def _join(self) -> None:
        from limbeck.runtime.journal.joined import Joined
        from limbeck.runtime.journal.joined_statements import JoinedStatements

        self.joined = Joined(self)
        self.written.sends = self.joined.writes
        self.joined_statements = JoinedStatements(self.joined)

    # The revision

    def begin(self, step: RunStep, checksum: Callable[[], str]) -> None:
        """A revision begins.

        :param step: the revision.
        :param checksum: makes the number over what its file does, which may not be needed.
        """
        self._step = step
        self._pending.clear()
        self._number = max((row.number for row in self.earlier.rows), default=0)
        self.written.begin(step, checksum, has_header=self.earlier.has_header)
        if self.earlier.has_header or self.lasts_at_once:
            self.written.owe_header()
            if self.joined is None:
                self.written.pay()
        self.beside.begin()

    def finish(self, *, is_cleared: bool = False) -> None:
        """The revision has done what it does; its version is about to be written.

        :param is_cleared: that was done already, and its rows are deleted.
        """
        self.beside.end()
        self._step = None
        self._pending.clear()
        written = self.written
        if written.is_there and not is_cleared:
            with written.writing():
                if self.transactional:
                    written.table.drop(self.connection)
                    written.is_there = False
                else:
                    written.table.clear(self.connection)
        self.earlier = Earlier()
        written.end()

    def leave(self) -> None:
        """The revision has failed, or the run ends."""
        self.beside.leave()
        self.written.end()
        self._step = self._current = None

    @property
    def lasts_at_once(self) -> bool:
        """Whether a statement lasts whatever comes after it."""
        return not self.transactional or self.is_in_autocommit

    @property
    def is_in_autocommit(self) -> bool:
        """Whether each statement is a transaction of its own."""
        if self.connection.dialect.name == "sqlite":
            has_ended = self.beside.has_ended and is_open_no_more(self.connection)
            return self._blocks > 0 or has_ended
        return self._blocks > 0 or commits_by_itself(self.connection)

    @property
    def is_writing(self) -> bool:
        """Whether what runs is the journal's own."""
        return self.written.is_writing

    @property
    def is_at_work(self) -> bool:
        """Whether what runs is an operation's, or the journal's own."""
        return self.is_writing or self._current is not None

    # Operations

    def operation(self, operation: MigrateOperation, run: Run) -> None:
        """Carry an operation out, unless an earlier run has.

        :param operation: the operation.
        :param run: does it.
        :raises NotResumable: the revision is another one than the one that was interrupted.
        :raises CommandError: with it, nothing more could be written down.
        """
        sql = self.texts.of_operation(operation)
        if self._step is not None:
            refuse_shutting_out(sql, self.recovery)
        if self._current is not None or self._step is None or (sql and is_of_session(sql)):
            run()
            return
        self._carry_out(Current(self._mark_of, operation), run)

    def statement(self, statement: Executable, run: Run, *, is_plain: bool = False) -> Any:
        """Run a statement, unless an earlier run has.

        :param statement: the statement.
        :param run: does it.
        :param is_plain: whether nothing but the statement says what is to be run.
        :return: its result; None where it was skipped, and where it has none.
        """
        if self.is_writing or self._step is None:
            return run()
        current = self._current
        if current is None:
            return self._beside_operations(statement, run, is_plain)
        current.runs(statement)
        if current.expected and current.skips(self.text(statement)):
            return None
        if not self.lasts_at_once:
            if self.lasting.needs_own_step(statement):
                self._pending.append(current)
                return self.lasting.own_step(current, statement, run)
            current.result = run()
            return current.result
        return self.lasting.statement(current, statement, run, is_plain)

    def planned(
        self,
        operation: MigrateOperation,
        statements: Iterator[Executable],
        is_all: Callable[[], bool],
    ) -> Iterator[Executable]:
        """The statements of an operation, all made before the first runs where each lasts.

        :param operation: the operation.
        :param statements: its statements, each made when it is asked for.
        :param is_all: tells whether nobody else runs statements for it.
        """
        current = self._current
        if self.transactional or current is None or current.operation is not operation:
            return statements
        return iter(planned_statements(current, statements, self, is_all))

    def _carry_out(self, current: Current, run: Run) -> None:
        earlier = self.earlier.take(lambda: current.mark) if self.earlier.is_left else None
        if earlier is not None and earlier.is_done:
            return
        if earlier is None:
            self._number += 1
            current.number = self._number
        else:
            current.resume(earlier)
        self._current = current
        try:
            run()
            self._done(current)
        except BaseException:
            if current.is_open:
                self.written.say("ROLLBACK")
            raise
        finally:
            self._current = None

    def _done(self, current: Current) -> None:
        current.is_done = True
        if self.lasts_at_once:
            self.write(current)
            self.lasting.close(current)
        elif current.is_written:
            self.write(current)
        else:
            current.keep()
            self._pending.append(current)

    def _beside_operations(self, statement: Executable, run: Run, is_plain: bool) -> Any:
        """A statement of ``context.execute()`` and its like counts as an operation."""
        sql = self.text(statement)
        if is_read(sql):
            return run()
        result: list[Any] = [None]

        def once() -> None:
            result[0] = self.statement(statement, run, is_plain=is_plain)

        self._carry_out(Current(lambda _: mark_of_text(sql, self.recovery), statement), once)
        return result[0]

    # Rows

    @contextmanager
    def block(self) -> Iterator[None]:
        """Within, each statement is a transaction of its own; what was done before is committed."""
        if self._step is not None:
            self.flush()
        self._blocks += 1
        try:
            yield
        finally:
            self._blocks -= 1

    def flush(self) -> None:
        """Write down what was done so far, in the transaction in which it was done."""
        if self.lasts_at_once or self._pending or self.beside.words:
            self.written.owe_header()
        self.written.pay()
        pending, self._pending = self._pending, []
        for current in pending:
            self.write(current)

    def note_beside(self, words: str) -> None:
        """Write down that the revision has done something that no operation says.

        :param words: what it was.
        """
        self.written.note_beside(words)
        if self._step is not None and (self.written.is_there or self.lasts_at_once):
            self.written.owe_header()
            self.written.pay()

    def is_used(self) -> None:
        """Something is sent that is not the journal's, and comes behind what was done before."""
        if self.joined_statements is not None:
            self.joined_statements.forget()
            self.written.pay()

    def gives_way(self) -> None:
        """The statement that runs waits no longer for others, and has not happened."""
        if self._current is not None:
            self.lasting.gives_way(self._current)

    def tries_again(self) -> None:
        """It is about to run again."""
        if self._current is not None:
            self.lasting.tries_again(self._current)

    def row_of(self, current: Current) -> JournalRow:
        """The row of an operation as far as it is."""
        assert self._step is not None
        row = current.row(str(self._step.plan.id), self._step.plan.direction)
        return reverse_of(current.operation, row, self.impl) if self.transactional else row

    def write(self, current: Current) -> None:
        """Write down how far an operation is."""
        self.written.put(self.row_of(current), is_new=not current.is_written)
        current.is_written = True
