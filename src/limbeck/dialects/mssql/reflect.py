"""What SQL Server has, through SQLAlchemy's Inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.mssql.normalise import MssqlWords
from limbeck.dialects.standard.reflect import reflect_with

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Everything in the database that lies in ``scope``."""
    return reflect_with(MssqlWords(connection.dialect, scope), connection)
