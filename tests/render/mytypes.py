"""Types of an application, as awkward as they come."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, UserDefinedType


class Money(TypeDecorator[Any]):
    """Hands its arguments to the type underneath."""

    impl = sa.Numeric
    cache_ok = True


class Fixed(TypeDecorator[Any]):
    """Takes no arguments, whatever its ``repr`` says."""

    impl = sa.String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(50)


class Kept(TypeDecorator[Any]):
    """Keeps its argument under another name."""

    impl = sa.String
    cache_ok = True

    def __init__(self, size: int, *, strict: bool = False) -> None:
        super().__init__(size)
        self._size = size
        self.strict = strict


class Lost(TypeDecorator[Any]):
    """Does not keep its argument at all."""

    impl = sa.String
    cache_ok = True

    def __init__(self, secret: object) -> None:
        super().__init__(len(str(secret)))


class Point(UserDefinedType[Any]):
    """A type that SQLAlchemy does not know."""

    cache_ok = True

    def __init__(self, dimensions: int = 2) -> None:
        self.dimensions = dimensions

    def get_col_spec(self, **kw: object) -> str:
        """The SQL."""
        return f"POINT{self.dimensions}"


class Strict(sa.String):
    """A subclass of a plain type."""


class Outer:
    """A class with a type inside."""

    class Inner(sa.Integer):
        """Found by its dotted name."""
