"""Statements that last whatever comes after them: a row of the journal before, another after."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable

from limbeck.database.journal_table import Step
from limbeck.operations import ops
from limbeck.runtime.journal.joining import SentAlone
from limbeck.runtime.journal.planned import step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from limbeck.runtime.journal.current import Current
    from limbeck.runtime.journal.journal import Journal

    Run = Callable[[], Any]


_ALONE = (ops.CreateIndexOp, ops.DropIndexOp, ops.ExecuteSQLOp, Executable)
"""What is carried out by one statement."""


class Lasting:
    """Runs the statements of operations where each lasts.

    :param journal: the journal of the run.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.context = journal.context
        self.connection = journal.connection
        self.recovery = journal.recovery
        self.transactional = journal.transactional

    def statement(self, current: Current, statement: Executable, run: Run, is_plain: bool) -> Any:
        """Run a statement with its row before and after it.

        :param current: the operation.
        :param statement: the statement.
        :param run: runs it.
        :param is_plain: whether nothing but the statement says what is to be run.
        """
        journal = self.journal
        sql = journal.text(statement)
        if not current.is_whole:
            keeps_text = not current.mark.is_data
            step = step_of(statement, journal.text, self.recovery, current.steps, keeps_text)
            current.adds(step)
        if self.transactional:
            return self._with_its_row(current, sql, run)
        if current.steps[current.position].is_data:
            return self._rows(current, sql, run)
        joined = journal.joined_statements
        if is_plain and joined is not None:
            message = joined.message_for(current, statement, sql)
            if message is not None:
                with suppress(SentAlone):
                    return joined.carry_out(message)
        return self.unwrapped(current, sql, run)

    def needs_own_step(self, statement: Executable) -> bool:
        """Whether a statement is refused within the transaction that is open."""
        found: Sequence[int] | None = getattr(self.context.dialect, "server_version_info", None)
        version = tuple(found) if found else None
        splits = self.journal.splits
        return self.recovery.needs_own_step(statement, version, splits=splits)

    def own_step(self, current: Current, statement: Executable, run: Run) -> Any:
        """Run a statement that no transaction may hold, as a step of its own.

        :param current: the operation.
        :param statement: the statement.
        :param run: runs it.
        """
        text = self.journal.text
        sql, done = text(statement), [Step(text(each)) for each in current.statements[:-1]]
        current.steps = [*done, Step(sql, before=self.recovery.objects(self.connection, sql))]
        current.position = len(done)
        current.is_whole = not done and isinstance(current.operation, _ALONE)
        with self.context.transactions.autocommit_block():
            return self.unwrapped(current, sql, run)

    def _with_its_row(self, current: Current, sql: str, run: Run) -> Any:
        """Run what shares a transaction with the row that says it is done, if it can."""
        if not self.recovery.wraps(sql):
            self.journal.write(current)
            self.close(current)
            return self.unwrapped(current, sql, run)
        self._open(current)
        result = run()
        current.position += 1
        return result

    def _rows(self, current: Current, sql: str, run: Run) -> Any:
        """Change rows in one transaction with the row of the journal."""
        table = self.recovery.rows_last_at_once(self.connection, sql)
        if table is not None:
            current.is_unknown = True
            self.journal.write(current)
            self.context.transactions.commit_so_far()
        self._open(current)
        result = run()
        current.is_unknown = False
        current.position += 1
        if self.journal.is_in_autocommit or len(current.steps) > current.position:
            self.journal.write(current)
        self.close(current)
        return result

    def unwrapped(self, current: Current, sql: str, run: Run) -> Any:
        """Run what commits by itself: the row of the journal says before what may happen."""
        journal = self.journal
        with journal.written.writing():
            if self.recovery.is_opaque(sql):
                current.is_unknown = True
            else:
                for remedy in self.recovery.debris(self.connection, sql):
                    self.connection.exec_driver_sql(remedy)
                current.note(before=self.recovery.objects(self.connection, sql))
        journal.write(current)
        result = run()
        current.is_unknown = False
        self.look_after(current, sql)
        if self.transactional:  # else the next statement, or the end of the operation, says it
            journal.write(current)
        return result

    def gives_way(self, current: Current) -> None:
        """A statement makes way for others, who may alter what it names.

        So the journal says no longer how that was, by which they would be taken for the statement.
        """
        if current.steps[current.position].before is None:
            return
        current.note(before=None)
        self.journal.write(current)
        if not self.journal.is_in_autocommit:
            self.context.transactions.commit_so_far()

    def tries_again(self, current: Current) -> None:
        """The others have had their time: what the statement names is asked for anew."""
        if current.is_unknown:
            return
        with self.journal.written.writing():
            sql = current.steps[current.position].sql
            current.note(before=self.recovery.objects(self.connection, sql))
        self.journal.write(current)

    def look_after(self, current: Current, sql: str) -> None:
        """A statement has run: keep what it has left."""
        with self.journal.written.writing():
            before = current.steps[current.position].before
            if before is not None:
                current.note(after=self.recovery.objects_after(self.connection, sql, before))
        current.position += 1

    def _open(self, current: Current) -> None:
        """Begin a transaction for an operation, where the connection holds none."""
        if self.journal.is_in_autocommit and not current.is_open:
            self.journal.written.say("BEGIN")
            current.is_open = True

    def close(self, current: Current) -> None:
        """Commit what was begun for an operation."""
        if current.is_open:
            current.is_open = False
            self.journal.written.say("COMMIT")
