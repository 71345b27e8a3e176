"""Statements as text, in which strings keep their characters."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy.types import Enum, String

from limbeck.dialects import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect, Executable

_national: WeakKeyDictionary[Dialect, Dialect] = WeakKeyDictionary()


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


def statement_text(statement: Executable, dialect: Dialect) -> str:
    """The text of a statement, values included.

    :return: the text without a terminator.
    """
    found = _national.get(dialect)
    if found is None:
        found = copy.copy(dialect)
        # An enumeration is a String to SQLAlchemy, and has to stay what it is.
        found.colspecs = {**dialect.colspecs, String: NationalString, Enum: Enum}
        _national[dialect] = found
    return text.statement_text(statement, found)
