"""Column types that SQLAlchemy has no class for."""

from __future__ import annotations

from typing import Any

from sqlalchemy.types import UserDefinedType


class DatabaseType(UserDefinedType[Any]):
    """A type in the database's own words, such as ``point`` or ``vector(3)``.

    Generated files say it where a database has a column of a type that SQLAlchemy does not know,
    so that the column can be made again when its removal is undone.

    :param words: the type as DDL spells it.
    """

    cache_ok = True

    def __init__(self, words: str) -> None:
        self.words = words

    def get_col_spec(self, **kw: Any) -> str:
        """The type as DDL spells it."""
        return self.words

    def __repr__(self) -> str:
        return f"DatabaseType({self.words!r})"
