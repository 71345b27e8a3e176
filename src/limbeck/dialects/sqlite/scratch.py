"""Models as SQLite would say them, which needs no scratch.

SQLite keeps the text of ``CREATE TABLE`` as it comes and never spells anything in words of its
own (https://www.sqlite.org/schematab.html). A table created on scratch and read back would say
what :mod:`limbeck.dialects.sqlite.normalise` makes of the very same text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.normalise import SqliteWords
from limbeck.dialects.standard.describe import describe_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from limbeck.facts.objects import TableFact
    from limbeck.facts.scope import Scope


def on_scratch(
    connection: Connection, tables: Sequence[Table], scope: Scope
) -> tuple[TableFact, ...]:
    """A fact for each of ``tables``, in their order, in the words that SQLite would keep."""
    words = SqliteWords(connection.dialect, scope)
    return tuple(describe_table(words, table) for table in tables)
