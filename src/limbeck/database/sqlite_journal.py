"""SQLite's own journal, whose file is kept between the commits of a connection."""

from __future__ import annotations

from contextlib import suppress
from sqlite3 import Error
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["KeptJournalFile"]


class KeptJournalFile:
    """Has the file of the rollback journal kept by commits, which would make and delete it.

    As safe as the usual mode, and half of its work is left out. The mode is the connection's alone,
    and only taken in the place of the usual one: https://www.sqlite.org/pragma.html#pragma_journal_mode

    :param ask: the rows of a query; the connection is in no transaction whenever this is used.
    """

    def __init__(self, ask: Callable[[str], Sequence[tuple[Any, ...]]]) -> None:
        self._ask = ask
        self._usual = ""

    def keep(self) -> None:
        """Have the file kept from now on; worth it where another commit follows."""
        if not self._usual:
            [(self._usual,)] = self._ask("PRAGMA journal_mode")
            if self._usual == "delete":
                self._ask("PRAGMA journal_mode = PERSIST")

    def give_back(self) -> None:
        """Set the mode to what it was, and delete the file."""
        usual, self._usual = self._usual, ""
        if usual == "delete":
            with suppress(Error):  # what is committed is; the file stays to the next commit
                self._ask("PRAGMA journal_mode = DELETE")
