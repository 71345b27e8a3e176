"""Types of SQLAlchemy's own whose text in DDL follows from a few attributes, and columns of them.

A schema has a thousand columns of a dozen types, and to compile a type takes longer than all else
that is done to its column. Only what is known to depend on nothing but its attributes has a key
here: a type of the user's, one with variants, and one that the user compiles in another way
(``@compiles``) are compiled for each column.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import DefaultClause

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Dialect

_NOTHING: tuple[str, ...] = ()
_NUMBER = ("precision", "scale", "decimal_return_scale", "asdecimal")
_TEXT = ("length", "collation", "collation_schema")

_ATTRIBUTES: dict[type, tuple[str, ...]] = {
    **dict.fromkeys((sa.Integer, sa.SmallInteger, sa.BigInteger), _NOTHING),
    **dict.fromkeys((sa.INTEGER, sa.SMALLINT, sa.BIGINT), _NOTHING),
    **dict.fromkeys((sa.Date, sa.DATE, sa.Boolean, sa.BOOLEAN), _NOTHING),
    **dict.fromkeys((sa.DateTime, sa.DATETIME, sa.TIMESTAMP, sa.Time, sa.TIME), ("timezone",)),
    **dict.fromkeys((sa.Numeric, sa.NUMERIC, sa.DECIMAL), _NUMBER),
    **dict.fromkeys((sa.Float, sa.FLOAT, sa.REAL, sa.Double, sa.DOUBLE), _NUMBER),
    **dict.fromkeys((sa.String, sa.VARCHAR, sa.CHAR, sa.Text, sa.TEXT), _TEXT),
    **dict.fromkeys((sa.Unicode, sa.UnicodeText), _TEXT),
    **dict.fromkeys((sa.LargeBinary, sa.BLOB), ("length",)),
}


class PlainTypes:
    """Tells types by their keys, within one description."""

    def __init__(self) -> None:
        self._ways: dict[type, Callable[[Any], object] | None] = {}

    def key(self, kind: Any) -> object | None:
        """What tells of two types that they have the same text, None where nothing does.

        :param kind: the type of a column.
        """
        own = type(kind)
        if own not in self._ways:
            self._ways[own] = _way_of(own)
        way = self._ways[own]
        return None if way is None or kind._variant_mapping else way(kind)


def _way_of(own: type) -> Callable[[Any], object] | None:
    """What makes the keys of all types of a class, None where they have none."""
    names = _ATTRIBUTES.get(own)
    if names is None or hasattr(own, "_compiler_dispatcher"):
        return None  # the latter is what @compiles leaves in a class
    there = [name for name in names if hasattr(own(), name)]
    if not there:
        return lambda kind: own
    values = attrgetter(*there)
    return lambda kind: (own, values(kind))


def said_of_column(column: sa.Column[Any], types: PlainTypes) -> tuple[object, ...] | None:
    """All that a usual column says, the same for another that is described alike.

    Only whether its values come by themselves is not in it, which depends on its table.

    :param column: a column of the models.
    :param types: gives types their keys.
    :returns: None for a column that says more, or other things: one that is computed or an
        identity, which stand where a default does, and one with keywords of a dialect or with a
        type that has no key.
    """
    default: Any = column.server_default
    if default is not None:
        if type(default) is not DefaultClause or type(default.arg) is not str:
            return None
        default = default.arg
    # SQLAlchemy makes the options of dialects when somebody says or asks for one.
    if "dialect_options" in column.__dict__:
        return None
    kind = types.key(column.type)
    if kind is None:
        return None
    return (column.name, kind, column.nullable, default, column.comment, column.primary_key)


def compiles_types_itself(dialect: Dialect) -> bool:
    """Whether SQLAlchemy writes the types of a dialect, and no package beside it.

    :param dialect: the dialect.
    """
    return type(dialect.type_compiler_instance).__module__.startswith("sqlalchemy.")
