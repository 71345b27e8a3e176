"""Columns that were made as SERIAL, as SQLAlchemy's inspector shows them.

Their default is ``nextval()`` of a sequence that belongs to the column, and the models say neither:
https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, text

if TYPE_CHECKING:
    from sqlalchemy import Column, Inspector, Table

log = logging.getLogger("limbeck.ddl.postgresql")

_NEXT_VALUE = re.compile(r"nextval\('(.+?)'::regclass\)")
_OWNED = text(
    """
    SELECT namespace.nspname, class.relname, attribute.attname,
           CAST(CAST(depend.objid AS regclass) AS text)
    FROM pg_catalog.pg_depend AS depend
    JOIN pg_catalog.pg_class AS sequence ON sequence.oid = depend.objid AND sequence.relkind = 'S'
    JOIN pg_catalog.pg_class AS class ON class.oid = depend.refobjid
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
    JOIN pg_catalog.pg_attribute AS attribute
      ON attribute.attrelid = class.oid AND attribute.attnum = depend.refobjsubid
    WHERE depend.deptype = 'a' AND depend.classid = CAST('pg_catalog.pg_class' AS regclass)
    """
)


def forget_serial_default(inspector: Inspector, table: Table, column_info: dict[str, Any]) -> None:
    """Take the default away that SERIAL gave a column.

    :param inspector: the database.
    :param table: the column's table.
    :param column_info: what the inspector says about the column; changed in place.
    """
    default = column_info.get("default")
    if not default or not isinstance(column_info["type"], Integer):
        return
    called = _NEXT_VALUE.fullmatch(default)
    if called is None:
        return
    schema = table.schema or inspector.default_schema_name
    sequence = called[1].replace("''", "'")
    if (schema, table.name, column_info["name"], sequence) in _owned_sequences(inspector):
        log.info(
            "Detected sequence named '%s' as owned by integer column '%s(%s)', "
            "assuming SERIAL and omitting",
            sequence,
            table.name,
            column_info["name"],
        )
        column_info["default"] = None


def _owned_sequences(inspector: Inspector) -> set[tuple[str, str, str, str]]:
    """All sequences that belong to columns, read once for an inspector.

    A sequence's name is spelled as in a default: both depend on the search path in the same way.
    """
    cache = inspector.info_cache
    key = "limbeck: sequences of columns"
    if key not in cache:
        with inspector._operation_context() as connection:
            cache[key] = {tuple(row) for row in connection.execute(_OWNED)}
    found: set[tuple[str, str, str, str]] = cache[key]
    return found


def counts_by_itself(column: Column[Any], default: str | None) -> bool:
    """Whether a column of the models counts, and the database's default is what it counts by.

    :param column: the column of the models.
    :param default: the default that the database has, as SQL text.
    """
    if not column.primary_key or column.table is None:
        return False
    is_counted = _NEXT_VALUE.fullmatch(default or "") is not None
    return is_counted and column.table.autoincrement_column is column
