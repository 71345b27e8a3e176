"""MariaDB: the journal's rows, a statement, and what is asked after it, in one message.

On the road that every database knows, each row and each question is a message, and a message costs
the client more than what is in it. Where nobody but limbeck listens to statements, they are sent as
one compound statement, which the server carries out in their order until one fails, so that the
database and the journal are at any moment as they would be if each had been sent alone.
"""

from __future__ import annotations

import os
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import TextClause
from sqlalchemy.schema import ExecutableDDLElement

from limbeck.database.bare_statements import do_execute
from limbeck.database.compound import CannotSay, Compound, is_sendable
from limbeck.dialects.standard.own_statements import ask, is_unheard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Executable

    from limbeck.database.compound import Rows
    from limbeck.database.journal_table import JournalRow
    from limbeck.dialects.standard.recovery import Objects
    from limbeck.runtime.journal.current import Current
    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.journal.written import Owed
    from limbeck.runtime.migration import MigrationContext

__all__ = ["Joined", "SentAlone", "can_join", "says_place"]

_DRIVERS = frozenset({("mysql", "pymysql"), ("mariadb", "pymysql")})
_LONGEST = "SELECT @@max_allowed_packet"
_PLACE = "@limbeck_place"
"""A variable of the session: how far the server has come in a message."""

KEPT, BACK = "SAVEPOINT limbeck_kept", "ROLLBACK TO SAVEPOINT limbeck_kept"
"""Where a message begins, and the way back there, which is none once the transaction is gone."""

_NOT_PARSED = 1064
"""A syntax error in a message, which is found before anything of it runs:
https://mariadb.com/kb/en/mariadb-error-code-reference/"""

_AHEAD = "-- ahead"
"""What stands in the answers before those about the next statement."""


def can_join(context: MigrationContext) -> bool:
    """Whether a run on a database may send several statements as one.

    :param context: the database.
    """
    dialect = context.dialect
    return (
        (dialect.name, dialect.driver) in _DRIVERS
        and not context.impl.transactional_ddl
        and context.backend.features_of(dialect).compound_statements
        and context.deployment.is_undisputed
    )


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


class SentAlone(Exception):
    """A message cannot be sent, or nothing of it has happened: its parts are sent one by one."""


class Joined:
    """Sends what belongs together on one connection.

    :param journal: the journal of the run.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.written = journal.written
        self.connection = journal.connection
        self.recovery = journal.recovery
        self._compound: Compound | None = None
        # No message of another run on the same session has had these numbers.
        self._numbers = count(int.from_bytes(os.urandom(7), "big") + 1)
        self._ahead: tuple[Current, str, Objects] | None = None

    @property
    def is_possible(self) -> bool:
        """Whether something can be sent together now."""
        journal = self.journal
        if not self.written.is_there or not is_unheard(self.connection):
            return False
        options = self.connection.get_execution_options()
        return not options.get("schema_translate_map") and not journal.is_in_autocommit

    def forget(self) -> None:
        """Something else runs on the connection: what was asked ahead may be so no more."""
        self._ahead = None

    def of_connection(self) -> Compound:
        """What sends on the connection, which may be another one than before."""
        if self._compound is None or not self._compound.is_of(self.connection):
            with self.written.writing():
                ((longest,),) = ask(self.connection, _LONGEST)
            self._compound = Compound(self.connection, int(longest))
        return self._compound

    # A statement

    def message_for(self, current: Current, statement: Executable, sql: str) -> Message | None:
        """What is to be sent for a statement; None where it has to run by itself.

        :param current: the operation.
        :param statement: the statement.
        :param sql: its text.
        """
        ahead, self._ahead = self._ahead, None
        if not self.is_possible:
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
        answers = self._asked(asked)
        if answers is None:
            return None  # it is asked a question at a time, which tells what is wrong
        before = self.recovery.told_before(sql, answers, database)
        return None if before is None else Message(current, sql, sent, before)

    def writes(self, owed: Sequence[Owed]) -> bool:
        """Write rows of the journal; False where that has to be done one by one.

        :param owed: the rows.
        :raises DBAPIError: the transaction is no more, nor what the revision has done in it.
        """
        if not self.is_possible:
            return False
        compound = self.of_connection()
        try:
            rows = [self._row(compound, row) for row, _ in owed]
        except CannotSay:
            return False
        return self._asked(rows) is not None

    def _asked(self, asked: Sequence[str]) -> Sequence[Rows] | None:
        """The answers to what is sent together; None where it has to be sent one by one.

        :raises DBAPIError: the transaction is no more, nor what the revision has done in it.
        """
        compound = self.of_connection()
        cursor = self.connection.connection.cursor()
        try:
            return compound.send([KEPT, *asked], cursor)
        except CannotSay:
            return None
        except BaseException as error:
            if not is_transaction_left(cursor, error):
                self.connection._handle_dbapi_exception(error, asked[0], (), cursor, None)
            return None
        finally:
            cursor.close()

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
        current, sent, number = message.current, message.sent, self.next_number()
        compound = self.of_connection()
        try:
            rows = [self._row(compound, row) for row, _ in owed]
            rows.append(self._row(compound, self.journal.row_of(current)))
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
            place = self.reached(cursor, error)
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

    def next_number(self) -> int:
        """A number for a message, by which the server says how far it has come in it."""
        return next(self._numbers)

    def reached(self, cursor: Any, error: BaseException) -> int | None:
        """How far the server has come in the last message; None where it does not say.

        :param cursor: the driver's.
        :param error: what has ended it.
        """
        if not isinstance(error, Exception):
            return None
        try:
            do_execute(cursor, f"SELECT {_PLACE}")
            return int(cursor.fetchone()[0] or 0)
        except Exception:  # the connection is lost, which the first error has said
            return None

    def _row(self, compound: Compound, row: JournalRow) -> str:
        """A row, in the place of the one that may be there."""
        said = compound.said(self.written.table.bare_put(self.connection, row, is_new=True))
        return said.replace("INSERT", "REPLACE", 1)


def is_transaction_left(cursor: Any, error: BaseException) -> bool:
    """Whether what was done in the transaction before a message that has failed is still there.

    A deadlock, say, rolls all of it back: what is sent one by one afterwards would succeed without.

    :param cursor: the driver's.
    :param error: what has ended the message, which began with :data:`KEPT`.
    """
    if not isinstance(error, Exception):
        return False
    code = error.args[0] if error.args else None
    if code == _NOT_PARSED:
        return True
    try:
        do_execute(cursor, BACK)
    except Exception:
        return False
    return True


def says_place(place: int) -> str:
    """Part of a message: the server notes that it has come so far.

    :param place: the place.
    """
    return f"SET {_PLACE} = {place}"


def _split(answers: Sequence[Rows]) -> tuple[Sequence[Rows], Sequence[Rows] | None]:
    """The answers about a statement that has run, and those about the next one, if there are."""
    for place, rows in enumerate(answers):
        if len(rows) == 1 and rows[0] == (_AHEAD,):
            return answers[:place], answers[place + 1 :]
    return answers, None
