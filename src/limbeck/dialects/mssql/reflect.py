"""What SQL Server has, through SQLAlchemy's Inspector."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.mssql.normalise import MssqlWords, index_options
from limbeck.dialects.standard.reflect import InspectedSchema, Row, reflect_with

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.objects import IndexFact, SchemaFact
    from limbeck.facts.scope import Scope


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Everything in the database that lies in ``scope``."""
    return reflect_with(MssqlWords(connection.dialect, scope), connection, MssqlSchema)


class MssqlSchema(InspectedSchema):
    """One schema of SQL Server's."""

    def read_index(self, row: Row) -> IndexFact:
        """An index, with what it includes and the rows that it is about."""
        options = row.get("dialect_options") or {}
        where = options.get("mssql_where")
        return replace(
            super().read_index(row),
            where=None if where is None else self.words.normal_condition(where),
            options=index_options(options),
        )
