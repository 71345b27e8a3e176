"""Writes down what a revision is about to do and what it has done, and skips what is done already.

Where DDL commits by itself, a row is written before each statement of an operation, which commits
it, and another time after it. Where it does not, nothing is written until a statement has to leave
the transaction: then what was done before is committed together with its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError

from limbeck.database.journal_table import HEADER, JournalRow, JournalTable, Step
from limbeck.database.transaction import commits_by_itself, is_open_no_more
from limbeck.dialects.standard.recovery import is_of_session, is_read
from limbeck.errors import CommandError
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.runtime.journal.beside import Beside
from limbeck.runtime.journal.current import Current, frozen, step_of
from limbeck.runtime.journal.earlier import Earlier
from limbeck.runtime.journal.marks import mark_of, mark_of_text
from limbeck.runtime.journal.reverse import reverse_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.operations.ops import MigrateOperation
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

Run = Callable[[], Any]

_ALONE = (ops.CreateIndexOp, ops.DropIndexOp, ops.ExecuteSQLOp, Executable)
"""What is carried out by one statement."""


class Journal:
    """What one run writes down of the revision that it is at.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.impl = context.impl
        self.connection: Connection = context.connection
        self.recovery: Recovery = context.backend.recovery
        self.table: JournalTable = JournalTable(context.version_table, context.version_table_schema)
        self.transactional = context.backend.features_of(context.dialect).transactional_ddl
        self.beside = Beside(self)
        self.is_there = False
        self.splits = False
        self.earlier = Earlier()
        self._step: RunStep | None = None
        self._header: JournalRow | None = None
        self._has_header = False
        self._checksum: Callable[[], str] = str
        self._pending: list[Current] = []
        self._current: Current | None = None
        self._number = 0
        self._blocks = 0
        self._muted = False
        self._known: tuple[Any, str, str] | None = None
        self._said: tuple[Any, str] = (None, "")
        self._mark_of = partial(mark_of, impl=self.impl, recovery=self.recovery)

    # The revision

    def begin(self, step: RunStep, checksum: Callable[[], str]) -> None:
        """A revision begins.

        :param step: the revision.
        :param checksum: makes the number over what its file does, which may not be needed.
        """
        self._step = step
        self._pending.clear()
        self._number = max((row.number for row in self.earlier.rows), default=0)
        self._header = JournalRow(HEADER, str(step.plan.id), step.plan.direction, state="done")
        self._checksum = checksum
        self._has_header = self.earlier.has_header
        if self._has_header or self.lasts_at_once:
            with self.writing():
                self._write_header()
        self.beside.begin()

    def finish(self) -> None:
        """The revision has done what it does; its version is about to be written."""
        self.beside.end()
        self._step = None
        self._pending.clear()
        with self.writing():
            if self.is_there and self.transactional:
                self.table.drop(self.connection)
                self.is_there = False
            elif self.is_there:
                self.table.clear(self.connection)
        self.earlier = Earlier()
        self._has_header = False

    def leave(self) -> None:
        """The revision has failed, or the run ends."""
        self.beside.leave()
        self._step = self._current = None

    @property
    def session(self) -> str:
        """The session in which the revision began, as far as it is written down."""
        return "" if self._header is None else self._header.session

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
        return self._muted

    @property
    def is_at_work(self) -> bool:
        """Whether what runs is an operation's, or the journal's own."""
        return self._muted or self._current is not None

    # Operations

    def operation(self, operation: MigrateOperation, run: Run) -> None:
        """Carry an operation out, unless an earlier run has.

        :param operation: the operation.
        :param run: does it.
        :raises NotResumable: the revision is another one than the one that was interrupted.
        :raises CommandError: with it, nothing more could be written down.
        """
        sql = self._sql_of(operation)
        if self._step is not None and self.recovery.shuts_journal_out(sql):
            said = " ".join(sql.split())[:60]
            raise CommandError(
                f"`{said}` would keep the journal from being written: leave it out, as each "
                "statement takes the locks that it needs, or say context.configure(journal=False)"
            )
        if self._current is not None or self._step is None or (sql and is_of_session(sql)):
            run()
            return
        self._carry_out(Current(self._mark_of, operation), run)

    def statement(self, statement: Executable, run: Run) -> Any:
        """Run a statement, unless an earlier run has.

        :param statement: the statement.
        :param run: does it.
        :return: its result, None where it was skipped.
        """
        if self._muted or self._step is None:
            return run()
        current = self._current
        if current is None:
            return self._beside_operations(statement, run)
        current.runs(statement)
        if current.expected and current.skips(self._text(statement)):
            return None
        if not self.lasts_at_once:
            if self.recovery.needs_own_step(statement, self._version, splits=self.splits):
                return self._own_step(current, statement, run)
            current.result = run()
            return current.result
        return self._lasting(current, statement, run)

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
        is_whole = is_all()
        freeze = isinstance(operation, BatchAlterTable) and is_whole
        made = [frozen(each, self._text) if freeze else each for each in statements]
        if is_whole and not current.steps:
            keeps_text = not current.mark.is_data
            steps: list[Step] = []
            for each in made:
                steps.append(step_of(each, self._text, self.recovery, steps, keeps_text))
            current.plan(steps)
        return iter(made)

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
                self.say("ROLLBACK")
            raise
        finally:
            self._current = None

    def _done(self, current: Current) -> None:
        current.is_done = True
        if self.lasts_at_once:
            self._write(current)
            self._close(current)
        elif current.is_written:
            self._write(current)
        else:
            current.keep()
            self._pending.append(current)

    def _beside_operations(self, statement: Executable, run: Run) -> Any:
        """A statement of ``context.execute()`` and its like counts as an operation."""
        sql = self._text(statement)
        if is_read(sql):
            return run()
        result: list[Any] = [None]

        def once() -> None:
            result[0] = self.statement(statement, run)

        self._carry_out(Current(lambda _: mark_of_text(sql, self.recovery), statement), once)
        return result[0]

    # Statements

    def _own_step(self, current: Current, statement: Executable, run: Run) -> Any:
        """Run a statement that no transaction may hold, as a step of its own."""
        sql = self._text(statement)
        done = [Step(self._text(each)) for each in current.statements[:-1]]
        before = self.recovery.objects(self.connection, sql)
        current.steps = [*done, Step(sql, before=before)]
        current.position = len(done)
        current.is_whole = not done and isinstance(current.operation, _ALONE)
        self._pending.append(current)
        with self.context.transactions.autocommit_block():
            return self._unwrapped(current, sql, run)

    def _lasting(self, current: Current, statement: Executable, run: Run) -> Any:
        """Run a statement that lasts, with its row before and after it."""
        sql = self._text(statement)
        if not current.is_whole:
            keeps_text = not current.mark.is_data
            current.adds(step_of(statement, self._text, self.recovery, current.steps, keeps_text))
        if self.transactional:
            if not self.recovery.wraps(sql):
                self._write(current)
                self._close(current)
                return self._unwrapped(current, sql, run)
            self._open(current)
            result = run()
            current.position += 1
            return result
        if current.steps[current.position].is_data:
            return self._rows(current, sql, run)
        return self._unwrapped(current, sql, run)

    def _rows(self, current: Current, sql: str, run: Run) -> Any:
        """Change rows in one transaction with the row of the journal."""
        table = self.recovery.rows_last_at_once(self.connection, sql)
        if table is not None:
            current.is_unknown = True
            self._write(current)
            self.context.transactions.commit_so_far()
        self._open(current)
        result = run()
        current.is_unknown = False
        current.position += 1
        if self.is_in_autocommit or len(current.steps) > current.position:
            self._write(current)
        self._close(current)
        return result

    def _unwrapped(self, current: Current, sql: str, run: Run) -> Any:
        """Run what commits by itself: the row of the journal says before what may happen."""
        with self.writing():
            if self.recovery.is_opaque(sql):
                current.is_unknown = True
            else:
                for remedy in self.recovery.debris(self.connection, sql):
                    self.connection.exec_driver_sql(remedy)
                current.note(before=self.recovery.objects(self.connection, sql))
        self._write(current)
        result = run()
        current.is_unknown = False
        with self.writing():
            before = current.steps[current.position].before
            if before is not None:
                current.note(after=self.recovery.objects_after(self.connection, sql, before))
        current.position += 1
        if self.transactional:  # else the next statement, or the end of the operation, says it
            self._write(current)
        return result

    def _open(self, current: Current) -> None:
        """Begin a transaction for an operation, where the connection holds none."""
        if self.is_in_autocommit and not current.is_open:
            self.say("BEGIN")
            current.is_open = True

    def _close(self, current: Current) -> None:
        if current.is_open:
            current.is_open = False
            self.say("COMMIT")

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
        with self.writing():
            if self.lasts_at_once or self._pending or self.beside.words:
                self._write_header()
        pending, self._pending = self._pending, []
        for current in pending:
            self._write(current)

    def note_beside(self, words: str) -> None:
        """Write down that the revision has done something that no operation says.

        :param words: what it was.
        """
        if self._header is not None:
            self._header = replace(self._header, words=words)
            if self.is_there or self.lasts_at_once:
                with self.writing():
                    self._write_header()

    def _write_header(self) -> None:
        """Write the header, and make the table where there is none."""
        assert self._header is not None
        if not self._header.facts:
            session, database = self.session_and_database()
            facts = {"session": session, "database": database, "checksum": self._checksum()}
            self._header = replace(self._header, facts=facts)
        if not self.is_there:
            self.table.create(self.connection)
            self.is_there = True
        self.table.put(self.connection, self._header, is_new=not self._has_header)
        self._has_header = True

    def session_and_database(self) -> tuple[str, str]:
        """What tells our session from every other one, and the database that it uses.

        Where the session holds the deploy lock, both are asked once in a run: it cannot be another
        one without a new connection, and uses another database only after USE.
        """
        driver = self.connection.connection.dbapi_connection
        if self._known is not None and self._known[0] is driver:
            return self._known[1:]
        session = self.recovery.session(self.connection)
        database = self.recovery.database(self.connection)
        if self.context.deployment.holds_session:
            self._known = (driver, session, database)
        return session, database

    def forget_database(self) -> None:
        """The session uses another database from now on."""
        self._known = None

    def _write(self, current: Current) -> None:
        assert self._step is not None
        with self.writing():
            if not self._has_header:
                self._write_header()
            row = current.row(str(self._step.plan.id), self._step.plan.direction)
            if self.transactional:
                row = reverse_of(current.operation, row, self.impl)
            self.table.put(self.connection, row, is_new=not current.is_written)
            current.is_written = True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within, what runs is the journal's own, which nobody counts."""
        before, self._muted = self._muted, True
        watch = self.context.transactions.watch
        try:
            if watch is None:
                yield
            else:
                with watch.elsewhere():
                    yield
        finally:
            self._muted = before

    def say(self, sql: str) -> None:
        with self.writing():
            self.connection.exec_driver_sql(sql)

    def _sql_of(self, operation: MigrateOperation) -> str:
        """The statement that an operation is; nothing for one that makes its own."""
        if not isinstance(operation, ops.ExecuteSQLOp):
            return ""
        given = operation.sqltext
        return given if isinstance(given, str) else self._text(given)

    def _text(self, statement: Any) -> str:
        if self._said[0] is not statement:  # asked when an operation is planned, and when it runs
            self._said = (statement, self._text_of(statement))
        return self._said[1]

    def _text_of(self, statement: Any) -> str:
        try:
            return self.context.backend.text(statement, self.context.dialect)
        except (AttributeError, NotImplementedError, SQLAlchemyError):
            return str(statement)  # a sequence, say, which is executed and has no text

    @property
    def _version(self) -> tuple[int, ...] | None:
        found: Sequence[int] | None = getattr(self.context.dialect, "server_version_info", None)
        return tuple(found) if found else None
