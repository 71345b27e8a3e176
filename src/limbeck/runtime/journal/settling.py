"""What an interrupted run has left: found out from the catalogue, cleaned up, and finished."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.database.journal_table import HEADER, JournalRow, JournalTable, Step
from limbeck.dialects.standard.recovery import CannotUndo, Verdict
from limbeck.errors import LockNotObtained
from limbeck.runtime.journal.left import Left
from limbeck.runtime.journal.refusals import refuse_unresumable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from limbeck.dialects.standard.recovery import Recovery

_LONGEST_WAIT = 300.0
_PAUSE = 0.1
_LOOKS = 5
"""How often it is looked at what is written down, while somebody goes on with it."""
_UNDOING = "undoing"
"""What a row says of the statement that is being undone: where a run ends there, it is half."""


class Settler:
    """Finds out what became of the statement at which a run was interrupted.

    The connection has to be one on which each statement is a transaction of its own.

    :param connection: the connection.
    :param recovery: the answers of its database.
    :param table: the journal.
    """

    def __init__(self, connection: Connection, recovery: Recovery, table: JournalTable) -> None:
        self.connection = connection
        self.recovery = recovery
        self.table = table
        self._refused: set[int] = set()

    def look(self) -> Left:
        """What is left, without changing anything.

        A session that is at work holds what its statement names, so that a look at that may wait
        until the revision has ended, of which the rows spoke that were read before.
        """
        found, left = self.table.read(self.connection), Left()
        for _ in range(_LOOKS):
            left, before = self._left(found), found
            found = self.table.read(self.connection)
            if found == before:
                break
        return left

    def _left(self, found: Sequence[JournalRow]) -> Left:
        header = next((row for row in found if row.number == HEADER), None)
        seen = [self._seen(row) for row in found if row.number != HEADER]
        debris = frozenset(row.number for row, verdict in seen if verdict.remedy)
        return Left(header, tuple(row for row, _ in seen), debris, self._elsewhere(header))

    def _elsewhere(self, header: JournalRow | None) -> str:
        mine = self.recovery.database(self.connection)
        theirs = mine if header is None else str(header.facts.get("database", mine))
        return "" if theirs == mine else theirs

    def settle(self, *, takes_back: bool = False) -> Left:
        """Take debris away, and finish the operation that is half in the database.

        :param takes_back: undo what is in of that operation instead, as it has failed.
        """
        found = self.table.read(self.connection)
        header = next((row for row in found if row.number == HEADER), None)
        elsewhere = self._elsewhere(header)
        if elsewhere:
            refuse_unresumable(Left(header, elsewhere=elsewhere))
        if header is not None:
            self.wait_for(header.session)
        rows = [self._settled(row, takes_back) for row in found if row.number != HEADER]
        found = tuple(row for row in rows if row is not None)
        return Left(header, found, refused=frozenset(self._refused))

    def wait_for(self, session: str) -> None:
        """Wait until the server has noticed that a session is no more.

        A server finishes the statement of a client that was killed.

        :param session: the session.
        :raises LockNotObtained: it is at work for too long.
        """
        end = time.monotonic() + _LONGEST_WAIT
        while session and self.recovery.is_running(self.connection, session):
            if time.monotonic() > end:
                raise LockNotObtained(
                    f"the session that was interrupted (number {session}) is still at work",
                    hint="wait until its statement is done, or end it on the server",
                )
            time.sleep(_PAUSE)

    # One operation

    def _seen(self, row: JournalRow) -> tuple[JournalRow, Verdict]:
        """A row as the catalogue says that it is, and what is to be cleaned up."""
        nothing = Verdict(False)
        if _UNDOING in row.facts:
            return replace(row, state="running", position=row.facts[_UNDOING] + 1), nothing
        if row.state != "running" or row.position >= len(row.steps):
            return _completed(row), nothing
        step = row.steps[row.position]
        if step.is_data or step.before is None:
            return row, nothing
        now = self.recovery.objects(self.connection, step.sql)
        verdict = self.recovery.verdict(step.sql, step.before, now)
        if verdict.happened is None:
            return replace(row, state="unknown"), verdict
        if verdict.happened:
            row = replace(row.with_step(row.position, after=now), position=row.position + 1)
        return _completed(row), verdict

    def _settled(self, row: JournalRow, takes_back: bool) -> JournalRow | None:
        if _UNDOING in row.facts:
            row = self._undone(row, was_interrupted=True)
        if row.state != "running":
            return row
        seen, verdict = self._seen(row)
        is_refused = not self._is_cleaned_up(verdict, takes_back)
        if verdict.remedy and verdict.happened:
            step = seen.steps[row.position]
            seen = seen.with_step(
                row.position, after=self.recovery.objects(self.connection, step.sql)
            )
        if is_refused:
            seen = self._taken_back(replace(seen, state="running"))
            if seen.position:
                self._refused.add(row.number)
                return seen  # what is written down stays: the rest of it is still to be done
        if seen.state == "running" and seen.position < len(seen.steps):
            seen = self._restarted(seen)
        if seen.state == "running" and seen.position and takes_back:
            seen = self._taken_back(seen)
        elif seen.state == "running" and seen.position and seen.is_whole:
            seen = self._finished(seen)
        if not seen.has_begun:
            self.table.delete(self.connection, seen)
            return None
        self.table.put(self.connection, seen)
        return seen

    def _is_cleaned_up(self, verdict: Verdict, takes_back: bool) -> bool:
        """Take debris away, which may be the rest of what has half happened, as with DROP.

        :param takes_back: whether what is half in can be undone where its rest is refused.
        """
        try:
            for remedy in verdict.remedy:
                self.run(remedy)
        except DBAPIError as error:
            if error.connection_invalidated or not (takes_back and verdict.happened):
                raise
            return False
        return True

    def _restarted(self, row: JournalRow) -> JournalRow:
        """Where a copy was half made, it is taken away and made anew: rows may have changed."""
        step = row.steps[row.position]
        if step.restart is None or step.cleanup is None or step.restart >= row.position:
            return row
        self.run(step.cleanup.replace("DROP TABLE ", "DROP TABLE IF EXISTS ", 1))
        return replace(row, position=step.restart)

    def _finished(self, row: JournalRow) -> JournalRow:
        """Run the statements of an operation that are still to come."""
        while row.position < len(row.steps):
            try:
                row = self._next(row)
            except DBAPIError:
                # The revision's file may have been corrected: let it say the operation again.
                return self._taken_back(row)
        return replace(row, state="done")

    def _next(self, row: JournalRow) -> JournalRow:
        step = row.steps[row.position]
        if step.is_data:
            self.run("BEGIN")
            try:
                self.run(step.sql)
                row = replace(row, position=row.position + 1)
                self.table.put(self.connection, row)
            except BaseException:
                self.run("ROLLBACK")
                raise
            self.run("COMMIT")
            return row
        row = row.with_step(row.position, before=self.recovery.objects(self.connection, step.sql))
        self.table.put(self.connection, row)
        self.run(step.sql)
        row = row.with_step(row.position, after=self.recovery.objects(self.connection, step.sql))
        return replace(row, position=row.position + 1)

    def _taken_back(self, row: JournalRow) -> JournalRow:
        """Undo all statements of an operation that are done, or none if something would be lost.

        Half of them undone would be a state that neither this run nor the next one knows.
        """
        if not all(self._can_undo(step) for step in row.steps[: row.position]):
            return row
        while row.position:
            number = row.position - 1
            # Rows that were copied go with the copy, which a statement before has made.
            row = (
                replace(row, position=number)
                if row.steps[number].is_data
                else self.take_back(row, number)
            )
        return row

    def _can_undo(self, step: Step) -> bool:
        if step.is_data:
            return step.cleanup is not None
        if step.before is None or step.after is None:
            return False
        try:
            self.recovery.undo(step.sql, step.before, step.after)
        except CannotUndo:
            return False
        return True

    def take_back(self, row: JournalRow, number: int) -> JournalRow:
        """Undo one statement of an operation; a run that ends meanwhile can be gone on with.

        :param row: the row, of which that statement is the last that is in.
        :param number: which one it is, from 0.
        :raises CannotUndo: something would be lost; nothing was changed.
        """
        step = row.steps[number]
        assert step.before is not None and step.after is not None
        self.recovery.undo(step.sql, step.before, step.after)
        row = replace(row, facts={**row.facts, _UNDOING: number})
        self.table.put(self.connection, row)
        return self._undone(row)

    def _undone(self, row: JournalRow, *, was_interrupted: bool = False) -> JournalRow:
        number = row.facts[_UNDOING]
        step = row.steps[number]
        assert step.before is not None and step.after is not None
        now = self.recovery.objects(self.connection, step.sql)
        if now.definitions != step.before.definitions:
            # What was interrupted may have undone a part of it.
            after = replace(now, filled=step.after.filled) if was_interrupted else step.after
            for statement in self.recovery.undo(step.sql, step.before, after):
                self.run(statement)
        facts = {key: value for key, value in row.facts.items() if key != _UNDOING}
        row = replace(row, position=number, state="running", facts=facts)
        self.table.put(self.connection, row)
        return row

    def run(self, sql: str) -> None:
        """Run a statement as it stands."""
        # Without parameters a percent sign is a percent sign.
        self.connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def _completed(row: JournalRow) -> JournalRow:
    if row.state == "running" and row.is_whole and row.position >= len(row.steps):
        return replace(row, state="done")
    return row
