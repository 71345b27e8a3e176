"""MariaDB: a statement in one message with its rows of the journal and the questions around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import TextClause
from sqlalchemy.schema import ExecutableDDLElement

from limbeck.database.compound import CannotSay, is_sendable
from limbeck.runtime.journal.joining import SentAlone
from limbeck.runtime.journal.message_place import KEPT, is_transaction_left, reached, says_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Executable

    from limbeck.database.compound import Rows
    from limbeck.dialects.standard.recovery import Objects
    from limbeck.runtime.journal.current import Current
    from limbeck.runtime.journal.joined import Joined
    from limbeck.runtime.journal.written import Owed

__all__ = ["JoinedStatements"]

_AHEAD = "-- ahead"
"""What stands in the answers before those about the next statement."""


class Message(NamedTuple):
    """A statement that is to be sent with the rows before it and the questions after it.

    :param current: the operation.
    :param sql: the statement as the journal has it.
    :param sent: as the server gets it.
    :param before: what it names.
    """

    current: Current
    sql: str
    sent: str
    before: Objects


class JoinedStatements:
    """Sends the statements of operations, one after the other.

    :param joined: sends what belongs together.
    """

    def __init__(self, joined: Joined) -> None:
        self.joined = joined
        self.journal = joined.journal
        self.written = joined.written
        self.connection = joined.connection
        self.recovery = joined.journal.recovery
        self._ahead: tuple[Current, str, Objects] | None = None

    def forget(self) -> None:
        """Something else runs on the connection: what was asked ahead may be so no more."""
        self._ahead = None

    def message_for(self, current: Current, statement: Executable, sql: str) -> Message | None:
        """What is to be sent for a statement; None where it has to run by itself.

        :param current: the operation.
        :param statement: the statement.
        :param sql: its text.
        """
        ahead, self._ahead = self._ahead, None
        if not self.joined.is_possible:
            return None
        sent = self._sent(statement, sql)
        if sent is None:
            return None
        if ahead is not None and ahead[:2] == (current, sql):
            return Message(current, sql, sent, ahead[2])
        asked = self.recovery.asked_before(sql)
        if asked is None:
            return None
        _, database = self.written.session_and_database()
        answers = self.joined.ask(asked)
        if answers is None:
            return None  # it is asked a question at a time, which tells what is wrong
        before = self.recovery.told_before(sql, answers, database)
        return None if before is None else Message(current, sql, sent, before)

    def _sent(self, statement: Executable, sql: str) -> str | None:
        """A statement as SQLAlchemy would send it; None where it is to send it itself."""
        if isinstance(statement, TextClause):
            is_plain = not statement._bindparams
        else:
            is_plain = isinstance(statement, ExecutableDDLElement)
        if not is_plain or "%" in sql or not is_sendable(sql):
            return None
        if "\n" not in sql:
            return sql
        # the text for people has blanks where SQLAlchemy has tabs
        compiled = statement.compile(dialect=self.connection.dialect)  # type: ignore[attr-defined]
        return str(compiled)

    def carry_out(self, message: Message) -> None:
        """Run a statement with all that belongs to it.

        :param message: the statement.
        :raises SentAlone: nothing of it has happened.
        :raises DBAPIError: the database refuses the statement.
        """
        message.current.note(before=message.before)
        self.journal.context.politeness.statement(partial(self._carry_out, message))

    def _carry_out(self, message: Message) -> None:
        current = message.current
        before = current.steps[current.position].before  # another one than first when tried again
        assert before is not None
        after = self.recovery.asked_after(message.sql, before)
        ahead = self._asked_ahead(current)
        owed = self.written.taken()
        try:
            answers = self._send(message, owed, (*(after or ()), *ahead[1]))
        except SentAlone:
            self.written.owe_again(owed)
            raise
        found = None
        if answers is not None and after is not None:
            answers, others = _split(answers)
            _, database = self.written.session_and_database()
            found = self.recovery.told_after(message.sql, before, answers, database)
            self._keep_ahead(current, ahead[0], others, database)
        if found is None:
            self.journal.lasting.look_after(current, message.sql)
        else:
            current.note(after=found)
            current.position += 1

    def _asked_ahead(self, current: Current) -> tuple[str, Sequence[str]]:
        """What the operation runs next, and the questions about it."""
        place = current.position + 1
        if not current.is_whole or place >= len(current.steps) or current.steps[place].is_data:
            return "", ()
        sql = current.steps[place].sql
        asked = self.recovery.asked_before(sql)
        return sql, () if asked is None else (f"SELECT '{_AHEAD}'", *asked)

    def _keep_ahead(
        self, current: Current, sql: str, answers: Sequence[Rows] | None, database: str
    ) -> None:
        found = None if answers is None else self.recovery.told_before(sql, answers, database)
        self._ahead = None if found is None else (current, sql, found)

    def _send(
        self, message: Message, owed: Sequence[Owed], asked: Sequence[str]
    ) -> Sequence[Rows] | None:
        """Send a statement; the answers to what is asked, None where they did not come.

        :raises SentAlone: nothing of it has happened.
        """
        current, sent, number = message.current, message.sent, self.joined.next_number()
        compound = self.joined.of_connection()
        try:
            rows = [self.joined.row(row) for row, _ in owed]
            rows.append(self.joined.row(self.journal.row_of(current)))
        except CannotSay:
            raise SentAlone from None
        politeness = self.journal.context.politeness
        short: list[str] = []
        politeness.collects(short)
        try:
            for listener in self.connection.dispatch.before_cursor_execute:
                listener(self.connection, None, sent, (), None, False)
        finally:
            politeness.collects(None)
        usual = politeness.usual_again()
        parts = (
            *(KEPT, *rows, *short, says_place(number), sent.rstrip().removesuffix(";")),
            *(says_place(-number), *usual, *asked),
        )
        cursor = self.connection.connection.cursor()
        answers: Sequence[Rows] | None = None
        try:
            answers = compound.send(parts, cursor)
        except CannotSay:
            politeness.is_as_usual()
            raise SentAlone from None
        except BaseException as error:
            place = reached(cursor, error)
            has_begun = place is not None and abs(place) == number
            if place is not None and not has_begun and is_transaction_left(cursor, error):
                politeness.is_as_usual()
                raise SentAlone from None
            if place != -number:
                current.is_written = True
                # SQLAlchemy tells a lost connection, and raises its own error.
                self.connection._handle_dbapi_exception(error, sent, (), cursor, None)
        else:
            politeness.is_as_usual()
        cursor.close()
        current.is_written = True
        for listener in self.connection.dispatch.after_cursor_execute:
            listener(self.connection, None, sent, (), None, False)
        return answers


def _split(answers: Sequence[Rows]) -> tuple[Sequence[Rows], Sequence[Rows] | None]:
    """The answers about a statement that has run, and those about the next one, if there are."""
    for place, rows in enumerate(answers):
        if len(rows) == 1 and rows[0] == (_AHEAD,):
            return answers[:place], answers[place + 1 :]
    return answers, None
