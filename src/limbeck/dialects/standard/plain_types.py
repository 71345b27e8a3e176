"""Types of SQLAlchemy's own whose text in DDL follows from a few attributes.

A schema has a thousand columns of a dozen types, and to compile a type takes longer than all else
that is done to its column. Only what is known to depend on nothing but its attributes has a key
here: a type of the user's, one with variants, and one that the user compiles in another way
(``@compiles``) are compiled for each column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
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


def key_of_type(kind: Any) -> object | None:
    """What tells of two types that they have the same text, None where nothing does.

    :param kind: the type of a column.
    """
    own = type(kind)
    names = _ATTRIBUTES.get(own)
    if names is None or kind._variant_mapping or hasattr(own, "_compiler_dispatcher"):
        return None  # the latter is what @compiles leaves in a class
    if not names:
        return own
    return (own, *[getattr(kind, name, None) for name in names])


def compiles_types_itself(dialect: Dialect) -> bool:
    """Whether SQLAlchemy writes the types of a dialect, and no package beside it.

    :param dialect: the dialect.
    """
    return type(dialect.type_compiler_instance).__module__.startswith("sqlalchemy.")
