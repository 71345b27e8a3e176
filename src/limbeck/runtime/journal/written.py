"""The rows of the journal as they are written: one about the revision, and one for each operation.

A row that says no more than the catalogue would tell the next run as well is owed for a while: it
is written with what comes next, or not at all where the revision ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.database.journal_table import HEADER, JournalRow, JournalTable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

Owed = tuple[JournalRow, bool]
"""A row that is to be written, and whether there was none before."""


class Written:
    """The rows of one run's journal.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self.connection: Connection = context.connection
        self.table = JournalTable(context.version_table, context.version_table_schema)
        self.is_there = False
        self.has_header = False
        self.is_writing = False
        self._header: JournalRow | None = None
        self._checksum: Callable[[], str] = str
        self._owed: list[Owed] = []
        self.sends: Callable[[Sequence[Owed]], bool] | None = None
        """Writes rows in fewer instructions; False where it cannot."""
        self._known: tuple[Any, str, str] | None = None

    def begin(self, step: RunStep, checksum: Callable[[], str], *, has_header: bool) -> None:
        """A revision begins.

        :param step: the revision.
        :param checksum: makes the number over what its file does, which may not be needed.
        :param has_header: there is a row about it, from an earlier run.
        """
        self._header = JournalRow(HEADER, str(step.plan.id), step.plan.direction, state="done")
        self._checksum = checksum
        self.has_header = has_header
        self._owed.clear()

    def end(self) -> None:
        """Its rows are deleted: what is owed need not be written."""
        self.has_header = False
        self._owed.clear()

    @property
    def session(self) -> str:
        """The session in which the revision began, as far as it is known."""
        return "" if self._header is None else self._header.session

    # The row about the revision

    def note_beside(self, words: str) -> None:
        """The revision does something that no operation says.

        :param words: what it is.
        """
        if self._header is not None:
            self._header = replace(self._header, words=words)

    def owe_header(self) -> None:
        """Write it with what comes next, into the table, which is made where there is none."""
        assert self._header is not None
        if not self._header.facts:
            session, database = self.session_and_database()
            facts = {"session": session, "database": database, "checksum": self._checksum()}
            self._header = replace(self._header, facts=facts)
        if not self.is_there:
            with self.writing():
                self.table.create(self.connection)
            self.is_there = True
        before = [is_new for row, is_new in self._owed if row.number == HEADER]
        others = [each for each in self._owed if each[0].number != HEADER]
        self._owed = [(self._header, before[0] if before else not self.has_header), *others]
        self.has_header = True

    def session_and_database(self) -> tuple[str, str]:
        """What tells our session from every other one, and the database that it uses.

        Where the session holds the deploy lock, both are asked once in a run: it cannot be another
        one without a new connection, and uses another database only after USE.
        """
        driver = self.connection.connection.dbapi_connection
        if self._known is not None and self._known[0] is driver:
            return self._known[1:]
        recovery = self.context.backend.recovery
        with self.writing():
            session = recovery.session(self.connection)
            database = recovery.database(self.connection)
        if self.context.deployment.holds_session:
            self._known = (driver, session, database)
        return session, database

    def forget_database(self) -> None:
        """The session uses another database from now on."""
        self._known = None

    # The rows of operations

    def put(self, row: JournalRow, *, is_new: bool) -> None:
        """Write a row, behind those that are owed."""
        if not self.has_header:
            self.owe_header()
        self.owe(row, is_new=is_new)
        self.pay()

    def owe(self, row: JournalRow, *, is_new: bool = False) -> None:
        """Write a row with what comes next."""
        if self.table.rows_put is not None:
            self.table.rows_put[row.number] = row
        self._owed.append((row, is_new))

    def pay(self) -> None:
        """Write what is owed."""
        owed = self.taken()
        if not owed:
            return
        with self.writing():
            if self.sends is not None and self.sends(owed):
                return
            for row, is_new in owed:
                self.table.put(self.connection, row, is_new=is_new)

    def taken(self) -> Sequence[Owed]:
        """What is owed, for who writes it."""
        owed, self._owed = self._owed, []
        return owed

    def owe_again(self, owed: Sequence[Owed]) -> None:
        """What was taken was not written."""
        self._owed = [*owed, *self._owed]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Within, what runs is the journal's own, which nobody counts."""
        before, self.is_writing = self.is_writing, True
        watch = self.context.transactions.watch
        try:
            if watch is None:
                yield
            else:
                with watch.elsewhere():
                    yield
        finally:
            self.is_writing = before

    def say(self, sql: str) -> None:
        """Run a statement of the journal's own."""
        with self.writing():
            self.connection.exec_driver_sql(sql)
