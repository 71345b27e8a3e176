"""The table that says what was applied when, by whom and how: ``limbeck_history``.

Rows are only ever added. Times are texts in UTC, so that every database gives back what was written
down, to the microsecond and whatever the time zone of its session.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Unicode,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from limbeck.database.long_texts import MediumUnicodeText
from limbeck.database.own_tables import create_own_table
from limbeck.database.secrets import without_passwords
from limbeck.database.transaction import roll_back
from limbeck.dialects.standard.own_statements import OwnQuery, OwnStatement
from limbeck.errors import CommandError, ConfigurationError
from limbeck.revisions.history_row import LISTS, HistoryRow, chained, row_of
from limbeck.value import field_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection, Select

__all__ = ["HistoryTable", "values_of"]

_LONG = frozenset({"source", "error"})
_COLUMNS = field_names(HistoryRow)

_TEXT = MediumUnicodeText()


class HistoryTable:
    """The history table of one database.

    :param name: its name.
    :param schema: its schema, that of the version table; None for the default one.
    """

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema
        self.table = Table(
            name,
            MetaData(),
            Column("number", Integer, primary_key=True, autoincrement=False),
            Column("revision", String(255)),
            Column("direction", String(16), nullable=False),
            Column("outcome", String(16), nullable=False),
            Column("parents", _TEXT),
            Column("requires", _TEXT),
            Column("heads", _TEXT),
            Column("checksum", String(64)),
            Column("file_checksum", String(64)),
            Column("started", String(27), nullable=False),
            Column("finished", String(27), nullable=False),
            Column("milliseconds", BigInteger, nullable=False),
            Column("who", Unicode(255)),
            Column("host", Unicode(255)),
            Column("tool", String(255)),
            Column("driver", String(255)),
            Column("error", _TEXT),
            Column("source", _TEXT),
            Column("previous", String(64)),
            Column("hash", String(64), nullable=False),
            schema=schema,
        )
        # Made once: each revision of a run says them, and SQLAlchemy knows them again.
        columns = [column for column in self.table.c if column.name not in _LONG]
        self._names = tuple(column.name for column in columns)
        self._newest = OwnQuery(select(*columns).order_by(self.table.c.number.desc()).limit(1))
        self._insert = OwnStatement(self.table.insert())

    # Reading --------------------------------------------------------------------------

    def exists(self, connection: Connection) -> bool:
        """Whether the database has the table."""
        return inspect(connection).has_table(self.name, schema=self.schema)

    def read(self, connection: Connection, *, full: bool = False) -> tuple[HistoryRow, ...] | None:
        """All rows by their numbers.

        One statement where the table is there and no transaction is open, which a statement that
        fails would spoil.

        :param connection: the connection.
        :param full: with the errors and the texts of the files.
        :return: the rows; None where there is no table.
        :raises ConfigurationError: the table is there, and cannot be read.
        """
        if connection.in_transaction() and not self.exists(connection):
            return None
        left_out: Collection[str] = () if full else _LONG
        columns = [column for column in self.table.c if column.name not in left_out]
        query = select(*columns).order_by(self.table.c.number)
        try:
            return _rows(connection, query)
        except DBAPIError as error:
            roll_back(connection)
            if connection.closed or error.connection_invalidated:
                raise self._refusal("read", error) from error
        if not self.exists(connection):
            return None
        try:  # another deployer may have made it in this very moment
            return _rows(connection, query)
        except DBAPIError as error:
            roll_back(connection)
            raise self._refusal("read", error) from error

    def sources(self, connection: Connection, numbers: Iterable[int]) -> dict[int, str | None]:
        """The texts of some rows' files, as they are kept.

        :param connection: the connection.
        :param numbers: the rows.
        """
        wanted = list(numbers)
        table = self.table.c
        found: dict[int, str | None] = {}
        for start in range(0, len(wanted), 500):  # databases limit the parameters of a statement
            some = wanted[start : start + 500]
            chosen = select(table.number, table.source).where(table.number.in_(some))
            found.update((row.number, row.source) for row in connection.execute(chosen))
        return found

    def last(self, connection: Connection) -> HistoryRow | None:
        """The newest row, without its texts; None where there is none."""
        found = self._newest.rows(connection)
        return row_of(dict(zip(self._names, found[0], strict=True))) if found else None

    # Writing --------------------------------------------------------------------------

    def create(self, connection: Connection) -> None:
        """Create the table.

        :raises ConfigurationError: the role may not.
        """
        try:
            create_own_table(connection, self.table)
        except DBAPIError as error:
            raise self._refusal("created", error) from error

    def add(
        self, connection: Connection, rows: Sequence[HistoryRow], last: HistoryRow | None
    ) -> HistoryRow | None:
        """Add rows behind the newest one.

        Whoever adds rows at the same time takes the same numbers, so that one of the two fails.

        :param connection: the connection, in the transaction of what the rows tell.
        :param rows: the rows, without their places.
        :param last: the newest row so far.
        :return: the newest row now.
        :raises ConfigurationError: the role may not.
        :raises CommandError: somebody else was faster.
        """
        placed = []
        for row in rows:
            last = chained(row, last)
            placed.append(values_of(last))
        if placed:
            try:
                if len(placed) > 1:
                    connection.execute(self._insert.statement, placed)
                else:
                    self._insert.run(connection, placed[0])
            except DBAPIError as error:
                raise self._refusal("written", error) from error
        return last

    def newest_place(self, connection: Connection) -> str:
        """The query for the number and the hash of the newest row, for a driver.

        :param connection: the connection.
        """
        number, hash_ = self.table.c.number, self.table.c.hash
        query = select(number, hash_).order_by(number.desc()).limit(1)
        return str(query.compile(connection, compile_kwargs={"literal_binds": True}))

    def bare_insert(
        self, connection: Connection, row: HistoryRow, last: HistoryRow | None
    ) -> tuple[HistoryRow, str, Any] | None:
        """The statement that adds a row, for a driver; None where only SQLAlchemy can say it.

        :param connection: the connection.
        :param row: the row, without its place.
        :param last: the newest row so far.
        :returns: the row in its place, the statement, and its values.
        """
        placed = chained(row, last)
        values = values_of(placed)
        text = self._insert.text(connection, tuple(values))
        return None if text is None else (placed, text.sql, text.parameters(values))

    def _refusal(self, verb: str, error: DBAPIError) -> CommandError:
        if isinstance(error, IntegrityError):
            return CommandError(
                f"somebody else has written into {self.name} in this very moment",
                hint="run the same command again",
            )
        return ConfigurationError(
            f"the table {self.name} cannot be {verb}: {without_passwords(_driver_words(error))}",
            hint="give the role that right, or switch the history off: history = false in the "
            "settings",
        )


def _rows(connection: Connection, query: Select[Any]) -> tuple[HistoryRow, ...]:
    return tuple(row_of(each) for each in connection.execute(query).mappings())


def values_of(row: HistoryRow) -> dict[str, Any]:
    """A row as its columns hold it, by their names.

    :param row: the row.
    """
    values = {name: getattr(row, name) for name in _COLUMNS}
    values.update((name, json.dumps(values[name])) for name in LISTS)
    return values


def _driver_words(error: DBAPIError) -> str:
    """What a driver says in one line; those of MySQL put a number before it."""
    arguments: tuple[Any, ...] = getattr(error.orig, "args", ())
    said = str(arguments[-1] if len(arguments) == 2 else error.orig).strip()
    return said.partition("\n")[0] or type(error.orig).__name__
