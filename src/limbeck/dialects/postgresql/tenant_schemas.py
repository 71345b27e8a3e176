"""Schemas of PostgreSQL: what a session finds and makes is said by its ``search_path``.

https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from limbeck.dialects.postgresql.lock import told_pid
from limbeck.dialects.standard.tenant_schemas import TenantSchemas
from limbeck.errors import ConfigurationError, DatabaseUnreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import URL, Connection

# The schema in which a table is found by its bare name, NULL where there is none.
_TABLE = text(
    "SELECT current_schema(), (SELECT relnamespace::regnamespace::text FROM pg_class "
    "WHERE oid = to_regclass(quote_ident(:name)))"
)
_PLACE = "SELECT current_schema(), pg_backend_pid()"


class PostgresqlTenantSchemas(TenantSchemas):
    """PostgreSQL."""

    def place(self, url: URL, schema: str) -> tuple[URL, str | None]:
        return url, schema

    def enter(self, schema: str, shared: Sequence[str]) -> str:
        return f"SET search_path TO {', '.join(map(_quoted, (schema, *shared)))}"

    def refuse_elsewhere(self, connection: Connection, schema: str, *, is_kept: bool) -> None:
        here, pid = connection.exec_driver_sql(_PLACE).one()
        told = told_pid(connection)
        if told is not None and told != pid and not is_kept:
            # the search_path would be left behind in a session that somebody else gets next
            raise ConfigurationError(
                "a pooler stands between limbeck and the server, and a schema is a setting of the "
                "session",
                hint='connect to the server itself; or set deploy_lock = "session", if the pooler '
                "leaves each client its session",
            )
        if here != schema:
            raise DatabaseUnreachable(
                f"there is no schema {schema} in the database, or no right to use it",
                hint="create it first; limbeck makes tables, not schemas of tenants",
            )

    def refuse_version_elsewhere(
        self, connection: Connection, schema: str, table: str, table_schema: str | None
    ) -> None:
        joined = connection.in_transaction()
        here, found = connection.execute(_TABLE, {"name": table}).one()
        if not joined:
            connection.rollback()
        version = table_schema or found or here
        if here != schema or version.strip('"') != schema:
            raise ConfigurationError(
                f"env.py works in the schema {here}, with the version table in {version}, and not "
                f"in {schema}",
                hint="let it set the search_path to config.tenant.schema, commit, and give that to "
                "configure() as version_table_schema",
            )


def _quoted(name: str) -> str:
    """A name as the server reads it; SQLAlchemy doubles percent signs for most drivers.

    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
    """
    return '"' + name.replace('"', '""') + '"'
