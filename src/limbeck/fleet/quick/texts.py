"""The statements about the version table and the history, as text, made once for all tenants."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.schema import CreateTable

from limbeck.database.history_table import values_of
from limbeck.dialects.text import plain_dialect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from limbeck.fleet.quick.messages import Message
    from limbeck.fleet.quick.recorder import Ground
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.rows import RowChanges

__all__ = ["READ", "Texts", "placeless"]

READ = (
    *("number", "revision", "direction", "outcome", "parents", "requires", "heads"),
    *("checksum", "file_checksum", "hash"),
)
"""The columns of the history that say what is applied, and how the chain goes on."""


class Texts:
    """Statements for one ground.

    :param ground: the ground.
    """

    def __init__(self, ground: Ground) -> None:
        # no values stand beside most of them, so that a driver would leave doubled percent signs
        self._dialect = plain_dialect(ground.dialect)
        self._versions = ground.versions
        self._history = ground.history
        self._changes: dict[RowChanges, tuple[tuple[str, bool], ...]] = {}
        self.messages: dict[Any, tuple[Message, ...]] = {}
        """Statements of many revisions in one text, as a session has made them."""
        self.can_watch_clients = True
        """Whether the server's system lets it see that a client is gone."""

    def _text(self, statement: Any) -> str:
        compiled = statement.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True})
        return str(compiled)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The version table, and the history where one is kept, as they are called."""
        versions, history = self._versions.name, self._history
        return (versions,) if history is None else (versions, history.name)

    @property
    def has_history(self) -> bool:
        """Whether a history is kept."""
        return self._history is not None

    @cached_property
    def read_versions(self) -> str:
        """Reads the version table."""
        return self._text(select(self._versions.table.c.version_num))

    @cached_property
    def count_versions(self) -> str:
        """Counts the rows of the version table."""
        return self._text(select(func.count()).select_from(self._versions.table))

    @cached_property
    def read_history(self) -> str:
        """Reads the history, the columns of :data:`READ`."""
        table = self._table
        return self._text(select(*(table.c[name] for name in READ)).order_by(table.c.number))

    @cached_property
    def create(self) -> tuple[str, ...]:
        """Create the tables."""
        versions = self._text(self._versions.create())
        if self._history is None:
            return (versions,)
        return versions, self._text(CreateTable(self._history.table))

    @property
    def _table(self) -> Table:
        """The history, which is kept."""
        assert self._history is not None
        return self._history.table

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the history."""
        return tuple(column.name for column in self._table.c)

    @cached_property
    def insert(self) -> str:
        """Adds a row to the history; what says its values comes behind."""
        quote = self._dialect.identifier_preparer.quote
        columns = ", ".join(quote(name) for name in self.columns)
        return f"INSERT INTO {self.history_name} ({columns}) "

    @cached_property
    def insert_marked(self) -> str:
        """Adds a row to the history, whose values are given beside it."""
        return f"{self.insert}VALUES ({', '.join('?' * len(self.columns))})"

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the columns of the history stand."""
        return {name: place for place, name in enumerate(self.columns)}

    def values(self, row: HistoryRow) -> tuple[Any, ...]:
        """What the columns of the history hold.

        :param row: the row.
        """
        values = values_of(row)
        return tuple(values[name] for name in self.columns)

    @cached_property
    def history_name(self) -> str:
        """The history, as a statement names it."""
        return self._dialect.identifier_preparer.format_table(self._table)

    def changes(self, rows: RowChanges) -> tuple[tuple[str, bool], ...]:
        """Change the version table; with each, whether it has to match one row.

        :param rows: how it changes.
        """
        found = self._changes.get(rows)
        if found is None:
            found = self._changes[rows] = tuple(
                (self._text(statement), bool(words))
                for statement, words in self._versions.changes(rows)
            )
        return found


def placeless(found: Sequence[object]) -> HistoryRow:
    """A row of the history, as far as :data:`READ` goes.

    :param found: the values of these columns.
    """
    from limbeck.revisions.history_row import row_of

    nothing = dict.fromkeys(("started", "finished", "who", "host", "tool", "driver"), "")
    return row_of({**nothing, **dict(zip(READ, found, strict=True))})
