"""Values as SQL literals, also those for which SQLAlchemy has none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement, literal, literal_column
from sqlalchemy.types import JSON, NullType, String, TypeDecorator, _Binary

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


def literal_value(value: Any, type_: TypeEngine[Any], dialect: Dialect) -> Any:
    """A value to be written into a statement's text.

    :param type_: the type of the column that it is for.
    :return: the value itself where SQLAlchemy can write it, else an expression.
    """
    if value is None or isinstance(value, ClauseElement):
        return value
    if isinstance(type_, NullType):
        # A column of unknown type, as in sa.table("t", sa.column("x")): the value tells.
        found = literal(value)
        return value if isinstance(found.type, NullType) else found
    if isinstance(type_, TypeDecorator):
        made = type_.process_bind_param(value, dialect) if _processes(type_) else value
        return literal_value(made, type_.impl_instance, dialect)
    if isinstance(type_, JSON):
        write = getattr(dialect, "_json_serializer", None) or json.dumps
        return literal(write(value), String())
    if isinstance(type_, _Binary):
        return binary_literal(bytes(value), dialect)
    return value


def _processes(type_: TypeDecorator[Any]) -> bool:
    return type(type_).process_bind_param is not TypeDecorator.process_bind_param


# https://www.postgresql.org/docs/current/datatype-binary.html,
# https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql,
# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/HEXTORAW.html
_BINARY = {
    "postgresql": "'\\x{digits}'",
    "mssql": "0x{digits}",
    "oracle": "HEXTORAW('{digits}')",
}


def binary_literal(value: bytes, dialect: Dialect) -> ClauseElement:
    """Bytes in hexadecimal digits."""
    pattern = _BINARY.get(dialect.name, "X'{digits}'")
    return literal_column(pattern.format(digits=value.hex()))
