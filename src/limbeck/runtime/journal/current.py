"""The operation that is being carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import DDLElement

from limbeck.database.journal_table import JournalRow, Step
from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects.standard.copy_statements import OrUndo
from limbeck.operations.ops import BulkInsertOp, CreateTableOp
from limbeck.runtime.journal.created import known_by_statement, words_alone

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.runtime.journal.marks import Mark


class Current:
    """An operation on its way.

    :param mark: makes what it is known by, which is not asked for unless it is needed.
    :param operation: the operation, or a statement that none has said.
    """

    def __init__(self, mark: Callable[[], Mark], operation: Any) -> None:
        self._make_mark: Callable[[], Mark] | None = mark
        self._mark: Mark | None = None
        self.operation = operation
        self.number = 0
        self.statements: list[Executable] = []
        self.result: Any = None
        self.steps: list[Step] = []
        self.is_whole = False
        self.position = 0
        self.expected: list[str] = []
        self.is_done = False
        self.is_unknown = False
        self.is_written = False
        self.is_open = False

    @property
    def mark(self) -> Mark:
        """What it is known by."""
        if self._mark is None:
            assert self._make_mark is not None
            self._know(self._make_mark())
            assert self._mark is not None
        return self._mark

    def _know(self, mark: Mark) -> None:
        self._mark, self._make_mark = mark, None  # which holds the operation

    def plan(self, steps: list[Step]) -> None:
        """All of its statements are known.

        :param steps: the statements.
        """
        self.steps, self.is_whole = steps, True

    def resume(self, row: JournalRow) -> None:
        """Go on from where an earlier run was.

        :param row: what it has written down.
        """
        self.number, self.is_written = row.number, True
        self.steps, self.position = list(row.steps[: row.position]), row.position
        self.expected = [step.sql for step in self.steps]

    def skips(self, sql: str) -> bool:
        """Whether an earlier run has run a statement.

        :param sql: its text.
        """
        if sql not in self.expected:
            return False
        self.expected.remove(sql)
        return True

    def note(self, **changes: Any) -> None:
        """Keep what the statement that runs names."""
        self.steps[self.position] = replace(self.steps[self.position], **changes)

    def keep(self) -> None:
        """Let go of what a later row does not need, of rows and of tables, which may be many."""
        if isinstance(self.operation, BulkInsertOp):
            self.operation = self.mark and None
        elif type(self.operation) is CreateTableOp:
            mark = known_by_statement(self.operation, self.statements, self.result)
            if mark is not None:
                self._know(mark)
                self.operation = words_alone(self.operation)
        self.statements.clear()
        self.result = None

    def row(self, revision: str, direction: str) -> JournalRow:
        """The row of the journal that says how far it is."""
        mark = self.mark
        state = "done" if self.is_done else "unknown" if self.is_unknown else "running"
        return JournalRow(
            number=self.number,
            revision=revision,
            direction=direction,
            words=mark.words,
            fingerprint=mark.fingerprint,
            shape=mark.shape,
            is_data=mark.is_data,
            steps=tuple(self.steps),
            is_whole=self.is_whole,
            position=self.position,
            state=state,
            facts={"table": mark.table} if mark.table else {},
        )


def step_of(
    statement: Any,
    text: Callable[[Any], str],
    recovery: Recovery,
    earlier: Sequence[Step],
    keeps_text: bool,
) -> Step:
    """A statement as the journal keeps it.

    :param statement: the statement.
    :param text: says it.
    :param recovery: tells what only changes rows.
    :param earlier: the statements of the operation before this one.
    :param keeps_text: whether its text is kept.
    """
    if not isinstance(statement, OrUndo):
        sql = text(statement)
        return Step(sql if keeps_text else "", is_data=recovery.is_data(sql))
    sql, cleanup = text(statement.statement), text(statement.undo)
    name = cleanup.split()[-1]
    restart = max(
        (number for number, step in enumerate(earlier) if _creates(step.sql, name)), default=None
    )
    return Step(sql, is_data=recovery.is_data(sql), restart=restart, cleanup=cleanup)


def frozen(statement: Executable, text: Callable[[Any], str]) -> Executable:
    """A statement of a copy as it is to be run, whatever becomes of its table's name.

    :param statement: the statement.
    :param text: says it.
    """
    if isinstance(statement, OrUndo):
        undo = Verbatim(text(statement.undo))
        return OrUndo(Verbatim(text(statement.statement)), undo)
    return Verbatim(text(statement)) if isinstance(statement, DDLElement) else statement


def _creates(sql: str, name: str) -> bool:
    return sql.startswith(f"CREATE TABLE {name} ")
