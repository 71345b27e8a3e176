"""What a revision has left that did not come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalRow

__all__ = ["Failure", "Left"]


class Left(Value):
    """What an interrupted run has left.

    :param header: what is written of the revision.
    :param rows: its operations, as the catalogue says that they are.
    :param debris: the numbers of those that have left something to be cleaned up.
    :param elsewhere: the name of the database that was interrupted, where this is a copy of it.
    :param refused: the numbers of those whose rest the database refuses to do.
    """

    header: JournalRow | None = None
    rows: tuple[JournalRow, ...] = ()
    debris: frozenset[int] = frozenset()
    elsewhere: str = ""
    refused: frozenset[int] = frozenset()

    @property
    def is_something(self) -> bool:
        """Whether anything of the revision is, or may be, in the database."""
        beside = self.header is not None and self.header.words
        return bool(beside) or any(row.has_begun for row in self.rows)


class Failure(Value):
    """What a revision that has failed has left in the database.

    :param left: its operations, None where nobody can be asked.
    :param reason: why nobody can; nothing where the connection is lost.
    """

    left: Left | None
    reason: str = ""
