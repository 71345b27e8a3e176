"""What Oracle has, through SQLAlchemy's Inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.oracle.normalise import OracleWords
from limbeck.dialects.standard.reflect import reflect_with

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Everything in the database that lies in ``scope``."""
    return reflect_with(OracleWords(connection.dialect, scope), connection)
