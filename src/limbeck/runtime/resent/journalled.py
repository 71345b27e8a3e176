"""MariaDB: what a revision sends, its journal, and what is asked between, in few messages.

DDL commits by itself there, so a row of the journal has to be in the database before each
statement, and what the statement names has to be known. On the usual road that is a message for
each question and each row. A compound statement holds them all: the server carries it out to its
end, or to the first error, as it would carry out its parts
(https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/). So wherever it
ends, by an error, a signal, a lost connection or a crash, the database and the journal are as the
usual road would have left them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute, do_execute_all, do_rollback
from limbeck.database.compound import compound
from limbeck.database.journal_table import HEADER, JournalRow
from limbeck.database.packets import has_packets
from limbeck.runtime.resent.literals import (
    objects_within_quotes,
    where_backslashes_are_plain,
    within_quotes,
)
from limbeck.runtime.resent.operations import after_it, before_it, statements_in
from limbeck.runtime.resent.sessions import BareSession, NotAsExpected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from limbeck.database.journal_table import BareStatement
    from limbeck.dialects.standard.foreseen import Foreseen
    from limbeck.dialects.standard.recovery import Objects
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.resent.operations import KeptStatement
    from limbeck.runtime.resent.sessions import Row
    from limbeck.runtime.steps import RunStep
    from limbeck.script.script import Planned

__all__ = ["JournalledSession"]

_REVISION, _CHECKSUM = "<the revision>", "<the number over its text>"
_ABOUT_SESSION = (
    "SELECT CONNECTION_ID(), NOT FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@sql_mode), "
    "@@max_allowed_packet"
)
_REFUSAL = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not as limbeck has seen it before'"


class JournalledSession(BareSession):
    """The session of a run whose revisions are written down as they are carried out."""

    def __init__(self, context: MigrationContext) -> None:
        super().__init__(context)
        journal = context.impl.journal
        if journal is None or self.driver.get_autocommit():
            raise NotAsExpected
        self._recovery, self._table = journal.recovery, journal.written.table
        self._reads_packets = has_packets(self.driver)
        session, self._database = journal.written.session_and_database()
        self._answers: Mapping[str, Sequence[Any]] = {}
        self._asked: Foreseen | None = None
        self._usual = ""
        self._read: tuple[Sequence[str], Sequence[KeptStatement]] | None = None
        # as a revision may have set them; what is sent again sets nothing
        ((number, self._escapes, self._longest),) = self.ask(_ABOUT_SESSION)
        clear = self._table.bare_clear(self.connection)
        if clear is None:
            raise NotAsExpected
        self._clear = self._said(clear)
        facts = {"session": session, "database": self._database, "checksum": _CHECKSUM}
        header = JournalRow(HEADER, _REVISION, "upgrade", state="done", facts=facts)
        said = self._said(self._table.bare_put(self.connection, header, is_new=True))
        self._header = said.replace(f"'{_REVISION}'", _REVISION)
        self._ids = _as_it_is(context.versions.bare_query(context.dialect))
        self._number = int(number)
        self._wait_shortly()

    def _wait_shortly(self) -> None:
        usual = ""

        def shown(sql: str) -> str:
            nonlocal usual
            usual = str(self.ask(sql)[0][0])
            return usual

        for sql in self.context.politeness.of_transaction(shown):
            do_execute(self.cursor, sql)
            timeouts = self.context.backend.lock_timeouts
            self._usual = timeouts.set(usual, of_transaction=False)

    def leave(self) -> None:
        # A connection that is lost has nothing left to be put back.
        with suppress(Exception):
            do_rollback(self.driver)
            if self._usual:
                do_execute(self.cursor, self._usual)
        super().leave()

    def carry_out(
        self,
        step: RunStep,
        statements: Sequence[str],
        heads: frozenset[str],
        row: Callable[[], Row | None],
        following: Callable[[], Sequence[str] | None],
    ) -> None:
        self._is_committing = False
        try:
            kept = self._statements(statements)
            begun = self._begin(step, heads, kept[0])
            self._end(step, self._go_through(kept, begun), row, following)
        except BaseException:
            self._asked = None
            with suppress(Exception):  # a lost connection is found so by the usual road
                do_rollback(self.driver)
            raise

    # A revision

    def _begin(self, step: RunStep, heads: frozenset[str], first: KeptStatement) -> list[str]:
        """The statements by which a revision begins."""
        foreseen = first.before
        checks = []
        if not foreseen.tables:
            checks.append(_unless(foreseen.condition))
            self._answers = {}
        elif self._asked != foreseen:
            self._send((), (foreseen,))
        header = self._header.replace(_REVISION, self._literal(str(step.plan.id)), 1)
        header = header.replace(_CHECKSUM, _checksum_of(step), 1)
        condition = f"CONNECTION_ID() = {self._number} AND {self._are_heads(heads)}"
        return [_unless(condition), *checks, header]

    def _go_through(self, statements: Sequence[KeptStatement], said: list[str]) -> list[str]:
        """Send all but the last statement; what is still to be said with that one."""
        texts: dict[str, str] = {}
        detail = ""
        for number, statement in enumerate(statements):
            if number:
                before = statements[number - 1]
                if before.after is None:
                    raise NotAsExpected
                self._send(said, (before.after, statement.before))
                texts[after_it(number - 1)] = objects_within_quotes(self._objects(before.after))
                said = []
            found = self._objects(statement.before)
            if not statement.is_for(found):
                raise NotAsExpected
            texts[before_it(number)] = objects_within_quotes(found)
            for row in statement.rows:
                detail = row.detail or detail
                said.append(self._as_escaped(row.text(detail, texts)))
            said.append(statement.text)
        return said

    def _end(
        self,
        step: RunStep,
        said: list[str],
        row: Callable[[], Row | None],
        following: Callable[[], Sequence[str] | None],
    ) -> None:
        """Send the last statement, and in one transaction the version, the history and the end."""
        # The row of the last operation is not written once more, as the revision's end deletes it.
        if self.context.history is not None:
            self._send(said, ())
            made = row()
            said = [] if made is None else [self._said(made)]
        for sql, is_matching in self._changes(step):
            said += [_as_it_is(sql), *([_unless("ROW_COUNT() = 1")] * is_matching)]
        self._is_committing = True
        self._finish([*said, self._clear, "COMMIT"], following())

    def _finish(self, said: Sequence[str], following: Sequence[str] | None) -> None:
        """Send what a revision ends with, and ask for what the next one begins with."""
        self._asked = None
        expected = None if following is None else self._statements(following)[0].before
        if expected is None or not expected.tables:
            self._send(said, ())
            return
        questions = self._recovery.questions(expected)
        # What is not as expected is the next revision's concern.
        asked = "; ".join((f"IF {expected.condition} THEN DO 0", *questions, "END IF"))
        rows = self._message((*said, asked))
        if len(rows) == len(questions):
            self._asked = expected
            self._answers = _answers(questions, rows)

    def _statements(self, texts: Sequence[str]) -> Sequence[KeptStatement]:
        if self._read is None or self._read[0] != texts:
            try:
                self._read = (texts, statements_in(texts))
            except ValueError:  # it was changed
                raise NotAsExpected from None
        return self._read[1]

    # Messages

    def _send(self, said: Sequence[str], expected: Sequence[Foreseen]) -> None:
        """Send some statements, and ask for what is expected to be there afterwards."""
        questions = tuple(
            dict.fromkeys(each for one in expected for each in self._recovery.questions(one))
        )
        checks = [_unless(each.condition) for each in expected]
        rows = self._message((*said, *checks, *questions))
        if len(rows) != len(questions):
            raise NotAsExpected
        self._answers = _answers(questions, rows)

    def _message(self, statements: Sequence[str]) -> list[list[tuple[Any, ...]]]:
        """Send one message; the rows of each result.

        The server ends the session of whoever sends more than it takes, and each statement alone
        may be short enough: https://mariadb.com/kb/en/server-system-variables/#max_allowed_packet
        """
        message = compound(statements)
        if 4 * len(message) >= self._longest and len(message.encode()) >= self._longest - 1:
            raise NotAsExpected
        return do_execute_all(self.cursor, message, self._reads_packets)

    def _objects(self, foreseen: Foreseen) -> Objects:
        return self._recovery.objects_foreseen(foreseen, self._answers, self._database)

    def _said(self, statement: BareStatement | Row) -> str:
        """A statement with its values in it."""
        if statement is None:
            raise NotAsExpected
        sql, values = statement
        if isinstance(values, dict):
            return str(sql % {name: self._literal(value) for name, value in values.items()})
        return str(sql % tuple(map(self._literal, values)))

    def _literal(self, value: Any) -> str:
        if type(value) is int:
            return str(value)
        if value is None:
            return "NULL"
        if not isinstance(value, str):
            return str(self.cursor.mogrify("%s", (value,)))
        # as the driver does it, which looks at each character
        return f"'{self._as_escaped(within_quotes(value))}'"

    def _as_escaped(self, quoted: str) -> str:
        """What is between quotes, as the session reads it."""
        return quoted if self._escapes else where_backslashes_are_plain(quoted)

    def _are_heads(self, heads: frozenset[str]) -> str:
        ids = self._ids
        expected = ", ".join(map(self._literal, sorted(heads))) or "NULL"
        return (
            f"(SELECT COUNT(*) FROM ({ids}) AS found) = {len(heads)} AND "
            f"(SELECT COUNT(*) FROM ({ids}) AS found WHERE version_num IN ({expected})) = "
            f"{len(heads)}"
        )


def _checksum_of(step: RunStep) -> str:
    """The number over the text of which the statements are kept."""
    planned: Planned | None = getattr(step.plan.revision, "planned", None)
    if planned is None:
        raise NotAsExpected
    return planned.content.file_checksum


def _answers(
    questions: Sequence[str], rows: Sequence[Sequence[Sequence[Any]]]
) -> dict[str, Sequence[Any]]:
    return {question: one[0] for question, one in zip(questions, rows, strict=True)}


def _unless(condition: str) -> str:
    return f"IF NOT ({condition}) THEN {_REFUSAL}; END IF"


def _as_it_is(sql: str) -> str:
    """A text of SQLAlchemy's, which is to be sent without values beside it."""
    if "%" in sql:  # which is doubled there, for the values
        raise NotAsExpected
    return sql
