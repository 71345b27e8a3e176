"""What foreign keys refer to, whether or not it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exc

if TYPE_CHECKING:
    from sqlalchemy import ForeignKey, Table


def foreign_keys_of(table: Table) -> list[ForeignKey]:
    """A table's foreign keys, column by column, in the order of what they refer to."""
    return sorted(
        (key for constraint in table.foreign_key_constraints for key in constraint.elements),
        key=lambda key: [part or "" for part in referred_table(key)],
    )


def referred_table(foreign_key: ForeignKey) -> tuple[str | None, str, str | None]:
    """Schema, table and column that a foreign key names, whether or not they exist.

    A MetaData's own schema holds for what is named without one. SQLAlchemy 2.1 splits names that
    themselves contain dots; 2.0 splits at every dot.
    """
    tokens = getattr(foreign_key, "target_tokens", None)
    if tokens is None:
        tokens = foreign_key._column_tokens
    schema, table, column = tokens
    if schema is None and is_by_name(foreign_key):
        own = getattr(getattr(foreign_key, "parent", None), "table", None)
        schema = own.metadata.schema if own is not None else None
    return schema, table, column


def referred_column(foreign_key: ForeignKey) -> tuple[str | None, str, str]:
    """Schema, table and column that a foreign key refers to, by their names in the database.

    Of a table that is not defined, only what the foreign key says of it is known.
    """
    try:
        column = foreign_key.column
    except (exc.NoReferenceError, exc.InvalidRequestError):
        schema, table, name = referred_table(foreign_key)
        own = foreign_key.parent
        return schema or own.table.metadata.schema, table, own.name if name is None else name
    return column.table.schema, column.table.name, column.name


def is_by_name(foreign_key: ForeignKey) -> bool:
    """Whether a foreign key was made of names, not of a column."""
    return foreign_key._table_column is None
