"""Which changes of type PostgreSQL makes only when it is told how.

``ALTER COLUMN … TYPE`` converts by itself where an assignment would. From text to anything else,
between integers and booleans, and to or from an enumeration, it wants to be told with ``USING``:
https://www.postgresql.org/docs/current/sql-createcast.html ("automatic I/O conversion casts").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeGuard

from sqlalchemy import exc, types

from limbeck.dialects.dialect_type import dialect_type
from limbeck.dialects.loaded_class import loaded_class
from limbeck.dialects.postgresql.built_in_casts import built_in_path

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.dialects.postgresql import ENUM
    from sqlalchemy.types import TypeEngine

SELF = ""

_NAME = r'(?:\w+|"(?:[^"]|"")+")'
_CAST = re.compile(
    rf"""::\s*
    (?: (?:character|bit)\ varying | double\ precision | {_NAME}(?:\.{_NAME})? )
    (?:\s*\([\d\s,]+\))?
    (?:\ with(?:out)?\ time\ zone)?
    (?:\[\])*""",
    re.VERBOSE | re.IGNORECASE,
)


def without_casts(sql: str) -> str:
    """SQL text without ``::type``; what was cast stays."""
    return _CAST.sub("", sql)


def cast_path(
    before: TypeEngine[Any] | None, after: TypeEngine[Any], dialect: Dialect
) -> str | None:
    """How to cast a column to its new type.

    :return: None where PostgreSQL converts by itself, "" for a plain cast, or the name of a type
        that the cast goes through.
    """
    new = dialect_type(after, dialect)
    old = dialect_type(before, dialect) if before is not None else None
    if _is_enum(new):
        # One enumeration has no cast to another one, but each has one from and to text.
        return "text"
    if old is None or isinstance(new, types.String):
        return None
    if _is_enum(old):
        return "text"
    if isinstance(old, types.String):
        return SELF
    pair = (isinstance(old, types.Boolean), isinstance(new, types.Boolean))
    path = _boolean_path(old, new) if pair[0] != pair[1] else None
    return path if path is not None else _built_in_path(old, new, dialect)


def _built_in_path(old: TypeEngine[Any], new: TypeEngine[Any], dialect: Dialect) -> str | None:
    compiler = dialect.type_compiler_instance
    try:
        return built_in_path(compiler.process(old), compiler.process(new))
    except exc.CompileError:  # a type without words of its own, such as NullType
        return None


def is_same_enumeration(
    before: TypeEngine[Any] | None, after: TypeEngine[Any], dialect: Dialect
) -> bool:
    """Whether both are one enumerated type, which needs no cast to itself."""
    new = dialect_type(after, dialect)
    old = dialect_type(before, dialect) if before is not None else None
    if not _is_enum(old) or not _is_enum(new):
        return False
    return (old.name, old.schema) == (new.name, new.schema)


def _boolean_path(old: TypeEngine[Any], new: TypeEngine[Any]) -> str | None:
    number = new if isinstance(old, types.Boolean) else old
    if not isinstance(number, types.Integer | types.Numeric):
        return None
    plain = isinstance(number, types.Integer) and not isinstance(
        number, types.SmallInteger | types.BigInteger
    )
    # Only int4 and bool can be cast to one another.
    return SELF if plain else "integer"


def _is_enum(type_: TypeEngine[Any] | None) -> TypeGuard[ENUM]:
    return isinstance(type_, loaded_class("postgresql", "ENUM"))
