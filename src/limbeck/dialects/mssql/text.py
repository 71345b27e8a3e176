"""Statements as text, in which values mean the same under every setting of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy.dialects import mssql
from sqlalchemy.types import DateTime, Enum, String, TypeEngine

from limbeck.dialects import text

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from sqlalchemy import Dialect, Executable

_paper: WeakKeyDictionary[Dialect, Dialect] = WeakKeyDictionary()


class NationalString(String):
    """A string that is written ``N'…'`` where it has to be.

    Without the N, SQL Server reads the string in the code page of the database, which has a
    question mark for what it does not know:
    https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
    """

    def literal_processor(self, dialect: Dialect) -> Callable[[str], str]:
        """What writes a value into a statement's text."""
        processor: Any = super().literal_processor
        write = processor(dialect)

        def process(value: str) -> str:
            words: str = write(value)
            return words if value.isascii() else f"N{words}"

        return process


class Moment(DateTime):
    """A date and time with a T between them.

    Without it, DATETIME reads the month and the day in the order of the user's language; and it
    takes three digits of a second at most:
    https://learn.microsoft.com/sql/t-sql/data-types/datetime-transact-sql
    """

    def literal_processor(self, dialect: Dialect) -> Callable[[datetime.datetime], str]:
        """What writes a value into a statement's text."""
        return self._write

    def _write(self, value: datetime.datetime) -> str:
        if self.timezone or not value.microsecond:
            return f"'{value.isoformat()}'"
        return f"'{value.isoformat(timespec='milliseconds')}'"


class ExactMoment(Moment):
    """As a :class:`Moment`, of a type that takes all digits."""

    def _write(self, value: datetime.datetime) -> str:
        return f"'{value.isoformat()}'"


LITERALS: dict[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {
    String: NationalString,
    # An enumeration is a String to SQLAlchemy, and has to stay what it is.
    Enum: Enum,
    DateTime: Moment,
    mssql.DATETIME2: ExactMoment,
    mssql.DATETIMEOFFSET: ExactMoment,
}


def statement_text(statement: Executable, dialect: Dialect) -> str:
    """The text of a statement, values included.

    :return: the text without a terminator.
    """
    return text.statement_text(statement, paper_dialect(dialect))


def paper_dialect(dialect: Dialect) -> Dialect:
    """The same dialect, for text.

    Until it has asked a server, SQLAlchemy takes it for one from before 2008, which had no DATE,
    and whose long strings were TEXT.
    """
    found = _paper.get(dialect)
    if found is None:
        found = text.with_literals(dialect, LITERALS)
        if not getattr(found, "server_version_info", None):
            found.server_version_info = (16,)
            if found.deprecate_large_types is None:  # type: ignore[attr-defined]  # of this one
                found.deprecate_large_types = True  # type: ignore[attr-defined]  # as above
        _paper[dialect] = found
    return found
