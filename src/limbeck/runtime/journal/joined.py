"""MariaDB: several rows of the journal, or several questions, in one message.

On the road that every database knows, each row and each question is a message, and a message costs
the client more than what is in it. Where nobody but limbeck listens to statements, what belongs
together, a statement as well, is sent as one compound statement. The server carries its parts out
in their order until one fails, so that the database and the journal are at any moment as they would
be if each had been sent alone.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from limbeck.database.compound import CannotSay, Compound
from limbeck.dialects.standard.own_statements import ask, is_unheard
from limbeck.runtime.journal.message_place import KEPT, is_transaction_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.database.compound import Rows
    from limbeck.database.journal_table import JournalRow
    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.journal.written import Owed

__all__ = ["Joined"]

_LONGEST = "SELECT @@max_allowed_packet"


class Joined:
    """Sends what belongs together on one connection.

    :param journal: the journal of the run.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.written = journal.written
        self.connection = journal.connection
        self._compound: Compound | None = None
        # No message of another run on the same session has had these numbers.
        self._numbers = count(int.from_bytes(os.urandom(7), "big") + 1)

    @property
    def is_possible(self) -> bool:
        """Whether something can be sent together now."""
        journal = self.journal
        if not self.written.is_there or not is_unheard(self.connection):
            return False
        options = self.connection.get_execution_options()
        return not options.get("schema_translate_map") and not journal.is_in_autocommit

    def of_connection(self) -> Compound:
        """What sends on the connection, which may be another one than before."""
        if self._compound is None or not self._compound.is_of(self.connection):
            with self.written.writing():
                ((longest,),) = ask(self.connection, _LONGEST)
            self._compound = Compound(self.connection, int(longest))
        return self._compound

    def writes(self, owed: Sequence[Owed]) -> bool:
        """Write rows of the journal; False where that has to be done one by one.

        :param owed: the rows.
        :raises DBAPIError: the transaction is no more, nor what the revision has done in it.
        """
        if not self.is_possible:
            return False
        try:
            rows = [self.row(row) for row, _ in owed]
        except CannotSay:
            return False
        return self.ask(rows) is not None

    def row(self, row: JournalRow) -> str:
        """A row, in the place of the one that may be there.

        :param row: the row.
        :raises CannotSay: only SQLAlchemy can say it.
        """
        said = self.of_connection().said(
            self.written.table.bare_put(self.connection, row, is_new=True)
        )
        return said.replace("INSERT", "REPLACE", 1)

    def ask(self, questions: Sequence[str]) -> Sequence[Rows] | None:
        """The answers to what is sent together; None where it has to be sent one by one.

        :param questions: what is sent.
        :raises DBAPIError: the transaction is no more, nor what the revision has done in it.
        """
        compound = self.of_connection()
        cursor = self.connection.connection.cursor()
        try:
            return compound.send([KEPT, *questions], cursor)
        except CannotSay:
            return None
        except BaseException as error:
            if not is_transaction_left(cursor, error):
                self.connection._handle_dbapi_exception(error, questions[0], (), cursor, None)
            return None
        finally:
            cursor.close()

    def next_number(self) -> int:
        """A number for a message, by which the server says how far it has come in it."""
        return next(self._numbers)
