"""The operation that is being carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.database.journal_table import JournalRow, Step
from limbeck.operations.ops import BulkInsertOp, CreateTableOp
from limbeck.runtime.journal.created import known_by_statement, words_alone
from limbeck.runtime.journal.marks import mark_of_said

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from limbeck.runtime.journal.marks import Mark


class Current:
    """An operation on its way, and afterwards as long as its revision runs: there may be thousands.

    :param mark: makes what the operation is known by, which is not asked for unless it is needed.
    :param operation: the operation, or a statement that none has said.
    """

    __slots__ = (
        *("_make_mark", "_mark", "operation", "number", "statements", "result", "steps"),
        *("is_whole", "position", "expected", "is_done", "is_unknown", "is_written", "is_open"),
    )

    def __init__(self, mark: Callable[[Any], Mark], operation: Any) -> None:
        self._make_mark = mark
        self._mark: Mark | None = None
        self.operation = operation
        self.number = 0
        self.statements: Sequence[Executable] = ()
        self.result: Any = None
        self.steps: Sequence[Step] = ()
        self.is_whole = False
        self.position = 0
        self.expected: Sequence[str] = ()
        self.is_done = False
        self.is_unknown = False
        self.is_written = False
        self.is_open = False

    @property
    def mark(self) -> Mark:
        """What it is known by."""
        if self._mark is None:
            self._mark = self._make_mark(self.operation)
        return self._mark

    def is_said_by(self, statements: Sequence[str]) -> None:
        """Its statements are those that it comes to on paper, by which it is known.

        :param statements: their texts.
        """
        if self._mark is None:
            self._mark = mark_of_said(self.operation, "\n".join(statements))

    def plan(self, steps: Sequence[Step]) -> None:
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
        place = self.expected.index(sql)
        self.expected = [*self.expected[:place], *self.expected[place + 1 :]]
        return True

    def runs(self, statement: Executable) -> None:
        """A statement of it is about to run.

        :param statement: the statement.
        """
        if not isinstance(self.statements, list):
            self.statements = []  # one for each of thousands would be too many
        self.statements.append(statement)

    def adds(self, step: Step) -> None:
        """A statement of it is to be written down.

        :param step: the statement.
        """
        if not isinstance(self.steps, list):
            self.steps = []
        self.steps.append(step)

    def note(self, **changes: Any) -> None:
        """Keep what the statement that runs names."""
        steps = self.steps = list(self.steps)
        steps[self.position] = replace(steps[self.position], **changes)

    def keep(self) -> None:
        """Let go of what a later row does not need, of rows and of tables, which may be many."""
        if isinstance(self.operation, BulkInsertOp):
            self.operation = self.mark and None
        elif type(self.operation) is CreateTableOp:
            mark = known_by_statement(self.operation, self.statements, self.result)
            if mark is not None:
                self._mark = mark
                self.operation = words_alone(self.operation)
        self.statements = ()
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
