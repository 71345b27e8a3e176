"""Statements as text: nothing is returned, and a moment keeps its time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Insert
from sqlalchemy.dialects import oracle
from sqlalchemy.types import DateTime, TypeEngine

from limbeck.dialects import text

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from sqlalchemy import Dialect, Executable

_paper: WeakKeyDictionary[Dialect, Dialect] = WeakKeyDictionary()


class Moment(oracle.TIMESTAMP):
    """A date and time; SQLAlchemy reads one with a time zone by a format that has none.

    https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/TO_TIMESTAMP_TZ.html
    """

    def literal_processor(self, dialect: Dialect) -> Callable[[datetime.datetime], str]:
        """What writes a value into a statement's text."""

        def process(value: datetime.datetime) -> str:
            words = value.replace(tzinfo=None).isoformat(" ")
            mask, function = "YYYY-MM-DD HH24:MI:SS", "TO_DATE"
            if value.microsecond:
                mask, function = f"{mask}.FF", "TO_TIMESTAMP"
            if value.tzinfo is not None:
                mask, function = f"{mask} TZH:TZM", "TO_TIMESTAMP_TZ"
                words += f" {value.isoformat(timespec='minutes')[16:22]}"
            return f"{function}('{words}', '{mask}')"

        return process


LITERALS: dict[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {DateTime: Moment}


def statement_text(statement: Executable, dialect: Dialect) -> str:
    """The text of a statement, values included.

    :return: the text without a terminator.
    """
    if isinstance(statement, Insert):
        # What it returned would need a variable to go INTO, which a script does not have.
        statement = statement.inline()
    found = _paper.get(dialect)
    if found is None:
        found = _paper[dialect] = text.with_literals(dialect, LITERALS)
    return text.statement_text(statement, found)
