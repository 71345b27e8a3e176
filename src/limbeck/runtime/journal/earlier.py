"""What an earlier run of a revision has done, and which of its operations is which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from limbeck.errors import NotResumable

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalRow
    from limbeck.runtime.journal.marks import Mark


class Earlier:
    """The operations that an interrupted run has left in the journal.

    While the revision's file is as it was, operations may come in another order, or not at all: a
    revision may look at the database, and see what it has done itself. In a file that was edited
    they have to be the same ones.

    :param rows: the rows, without the header.
    :param is_same_file: the file says what it said then.
    """

    def __init__(
        self,
        rows: Sequence[JournalRow] = (),
        is_same_file: bool = True,
        has_header: bool = False,
    ) -> None:
        self.rows = tuple(rows)
        self.has_header = has_header
        self._left = list(rows)
        self._is_same_file = is_same_file

    @property
    def is_left(self) -> bool:
        """Whether there are operations that were not called again."""
        return bool(self._left)

    def take(self, mark: Callable[[], Mark]) -> JournalRow | None:
        """What an earlier run has written down of an operation, None where it is new.

        :param mark: makes what the operation is known by.
        :raises NotResumable: it is not what came at this place before.
        """
        wanted = mark()
        for row in self._left if self._is_same_file else self._left[:1]:
            if row.fingerprint == wanted.fingerprint:
                self._left.remove(row)
                return row
        if not self._is_same_file:
            raise _edited(self._left[0], wanted)
        if not wanted.is_data:
            return None
        rows = [row for row in self._left if row.is_data]
        for row in rows:
            if row.shape == wanted.shape:  # a time, say, or a random id
                self._left.remove(row)
                return row
        if rows:
            raise _edited(rows[0], wanted)
        return None


def _edited(row: JournalRow, wanted: Mark) -> NotResumable:
    return NotResumable(
        f"revision {row.revision} is not the one that was interrupted",
        details=[
            f"operation {row.number}, which is in the database: {row.words}",
            f"what comes in its place: {wanted.words}",
        ],
        hint="undo the edit and run the same command again; or see `limbeck repair`",
    )
