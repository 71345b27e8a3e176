"""The newest row of the history, which each new row has to follow.

Where the session holds the deploy lock over a whole run, nobody else adds rows between two of its
revisions, so the row that the run has written itself is the newest one, and need not be read again.
Where somebody does so without the lock, both take the same number, and one of them fails.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from limbeck.database.history_table import HistoryTable
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext

__all__ = ["Newest"]

_ROLLBACKS = ("rollback", "rollback_savepoint")


class Newest:
    """The newest row, as one migration context knows it.

    :param context: the context.
    :param table: the history table.
    """

    def __init__(self, context: MigrationContext, table: HistoryTable) -> None:
        self._context = context
        self._table = table
        self._row: HistoryRow | None = None
        self._is_watching = False

    def row(self, connection: Connection) -> HistoryRow | None:
        """The newest row; None where there is none."""
        return self._table.last(connection) if self._row is None else self._row

    @property
    def known(self) -> HistoryRow | None:
        """The newest row, where it need not be read; None elsewhere."""
        return self._row

    def keep(self, row: HistoryRow | None) -> None:
        """This is the newest row now.

        :param row: the row, as it was written.
        """
        is_ours_alone = self._is_watching and self._context.deployment.holds_session
        self._row = row if is_ours_alone else None

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Within, a row is remembered until something is rolled back, which may be that row."""
        connection: Connection = self._context.connection
        for name in _ROLLBACKS:
            event.listen(connection, name, self._forget)
        self._is_watching = True
        try:
            yield
        finally:
            self._is_watching = False
            self._forget()
            for name in _ROLLBACKS:
                event.remove(connection, name, self._forget)

    def _forget(self, *_: Any) -> None:
        self._row = None
