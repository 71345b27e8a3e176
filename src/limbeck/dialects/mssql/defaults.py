"""Defaults that keep their characters.

SQLAlchemy writes a text as a default without N: what the code
page of the database does not know becomes a question mark, in a column of NVARCHAR too.

https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import DefaultClause, literal_column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column


def national_default(default: Any) -> Any:
    """A server default, as SQL where it is a text that needs the N."""
    if not isinstance(default, str) or default.isascii():
        return default
    doubled = default.replace("'", "''")
    return literal_column(f"N'{doubled}'")


def keep_characters(columns: Iterable[Column[Any]]) -> None:
    """Give columns of a throw-away table defaults that keep their characters."""
    for column in columns:
        default = column.server_default
        if isinstance(default, DefaultClause):
            column.server_default = DefaultClause(national_default(default.arg))
