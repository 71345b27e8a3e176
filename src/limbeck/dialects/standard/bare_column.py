"""Which columns can be added without a throw-away table around a copy of them.

Most columns are nothing but a name, a type and perhaps a default. To build a table for each of them
takes four times the instructions of all else that adding it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Sequence
from sqlalchemy.types import SchemaType

if TYPE_CHECKING:
    from sqlalchemy import Column, Dialect
    from sqlalchemy.types import TypeEngine

__all__ = ["is_bare", "is_bare_type"]

_OF_SQLALCHEMY = "sqlalchemy."


def is_bare(column: Column[Any], dialect: Dialect) -> bool:
    """Whether a column says all there is to say of it, whatever table it is in.

    :param column: the column, as a revision has made it.
    :param dialect: the dialect; one from elsewhere may look at the table that a column is in.
    """
    return (
        type(dialect).__module__.startswith(_OF_SQLALCHEMY)
        and getattr(column, "table", None) is None
        and not (
            column.primary_key
            or column.foreign_keys
            or column.constraints
            or column.index
            or column.unique
            or column.system
            or column.comment is not None
            or column.computed is not None
            or column.identity is not None
            or isinstance(column.default, Sequence)
        )
        and is_bare_type(column.type)
        # Somebody may listen to columns that are put into tables, and change them.
        and not column.dispatch.before_parent_attach
        and not column.dispatch.after_parent_attach
    )


def is_bare_type(type_: TypeEngine[Any]) -> bool:
    """Whether a type brings nothing along: no constraint, no type that has to be created.

    :param type_: the type of a column.
    """
    if not type(type_).__module__.startswith(_OF_SQLALCHEMY) or type_._variant_mapping:
        return False
    if isinstance(type_, Boolean):
        return not type_.create_constraint
    item = getattr(type_, "item_type", None)  # of an array
    return not isinstance(type_, SchemaType) and (item is None or is_bare_type(item))
