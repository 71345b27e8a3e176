"""The schemas of a database that may be a user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect

from limbeck.dialects.standard.scratch_database import OURS

if TYPE_CHECKING:
    from sqlalchemy import Connection

SYSTEM_SCHEMAS = frozenset(
    {"information_schema", "pg_catalog", "mysql", "performance_schema", "sys"}
)
"""Schemas that belong to a database server; ``include_schemas`` does not mean them."""


def is_of_users(schema: str) -> bool:
    """Whether a schema is neither the server's nor a scratch database.

    Databases are schemas on MySQL and MariaDB, so that what another run of limbeck has made for a
    moment is one as well.
    """
    return schema not in SYSTEM_SCHEMAS and not OURS.fullmatch(schema)


def schemas_beside(connection: Connection, default: str) -> set[str]:
    """The schemas that are there and may be a user's, without one of them.

    :param default: the schema that is left out.
    """
    found = inspect(connection).get_schema_names()
    return {schema for schema in found if schema != default and is_of_users(schema)}
