"""What a revision does beside the operations: on the connection itself, or by a Session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from limbeck.dialects.standard.recovery import COMMITS, first_word, in_short, is_read

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
        self._is_within = False
        self.words = ""
        self.has_ended = False
        self._listeners = (
            ("before_cursor_execute", self._before),
            ("commit", self._committing),
            ("rollback", self._rolled_back),
            ("rollback_savepoint", self._rolled_back),
        )

    def begin(self) -> None:
        """A revision begins."""
        self._is_within = True
        if not self._is_listening:
            self._is_listening = True
            for name, listener in self._listeners:
                options = {"retval": True} if name == "before_cursor_execute" else {}
                event.listen(self._journal.connection, name, listener, **options)

    def end(self) -> None:
        """The revision has ended; another may begin, so the listeners stay, as they are dear."""
        self._is_within = self._is_noted = self.has_ended = False
        self.words = ""

    def leave(self) -> None:
        """Listen no longer."""
        self.end()
        if self._is_listening:
            self._is_listening = False
            for name, listener in self._listeners:
                event.remove(self._journal.connection, name, listener)

    def _before(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        self._look_at(statement)
        return statement, parameters

    def _look_at(self, statement: str) -> None:
        word = first_word(statement)
        if word in COMMITS:
            self._committing(self._journal.connection)
            self.has_ended = True
        elif word == "USE":
            self._journal.written.forget_database()
        if self._is_within and not self._journal.is_writing:
            self._journal.is_used()
        noticed = self._is_within and not self._is_noted and not self._journal.is_at_work
        if not noticed or is_read(statement):
            return
        # The note is rolled back with what it speaks of.
        self._is_noted = True
        self.words = in_short(statement)
        self._journal.note_beside(self.words)

    def _committing(self, connection: Any) -> None:
        # The event comes before the database commits: what was done lasts with its rows.
        if self._is_within and not self._journal.is_at_work:
            self._journal.flush()

    def _rolled_back(self, *_: Any) -> None:
        self._is_noted = False
