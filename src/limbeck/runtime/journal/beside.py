"""What a revision does beside the operations: on the connection itself, or by a Session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from limbeck.dialects.standard.recovery import in_short, is_read

if TYPE_CHECKING:
    from limbeck.runtime.journal.journal import Journal


class Beside:
    """Notices statements of a revision's own, of which nobody can tell later which have run.

    :param journal: writes down that there were any.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._is_noted = False
        self._is_listening = False
        self.words = ""

    def begin(self) -> None:
        """Listen from now on."""
        connection = self._journal.connection
        if not self._is_listening:
            self._is_listening = True
            event.listen(connection, "before_cursor_execute", self._before)
            event.listen(connection, "commit", self._committing)
            for name in ("rollback", "rollback_savepoint"):
                event.listen(connection, name, self._rolled_back)

    def end(self) -> None:
        """Listen no longer."""
        connection = self._journal.connection
        if self._is_listening:
            self._is_listening = False
            event.remove(connection, "before_cursor_execute", self._before)
            event.remove(connection, "commit", self._committing)
            for name in ("rollback", "rollback_savepoint"):
                event.remove(connection, name, self._rolled_back)
        self.words, self._is_noted = "", False

    def _before(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if self._is_noted or self._journal.is_at_work or is_read(statement):
            return
        # The note is rolled back with what it speaks of.
        self._is_noted = True
        self.words = in_short(statement)
        self._journal.note_beside(self.words)

    def _committing(self, connection: Any) -> None:
        # The event comes before the database commits: what was done lasts with its rows.
        if not self._journal.is_at_work:
            self._journal.flush()

    def _rolled_back(self, *_: Any) -> None:
        self._is_noted = False
