"""How the tables of the tool's own are created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateTable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

__all__ = ["create_own_table"]

_OPTIONS = {"engine": "InnoDB", "charset": "utf8mb4"}
"""The default engine may know no transactions, and the default character set not every name."""


def create_own_table(connection: Connection, table: Table) -> None:
    """Create a table of the tool's own.

    The options of one database are given to it only there: where SQLAlchemy sees one, it imports
    all of that database's dialect.

    :param table: the table.
    """
    name = connection.dialect.name
    if name in ("mysql", "mariadb"):
        table.kwargs.update({f"{name}_{option}": value for option, value in _OPTIONS.items()})
    connection.execute(CreateTable(table))
