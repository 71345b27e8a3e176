"""An empty database again, without making a new one."""

from __future__ import annotations

import sqlalchemy as sa


def cleaned(engine: sa.Engine) -> None:
    """Drop everything that is in the database of ``engine``."""
    if engine.name == "sqlite":
        engine.dispose()  # a database in memory ends with its connection
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.name == "postgresql":
            connection.exec_driver_sql(POSTGRESQL)
        else:
            _mariadb(connection)


POSTGRESQL = """
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('DROP SCHEMA %%I CASCADE', name);
  END LOOP;
  CREATE SCHEMA public;
END $$
"""


def _mariadb(connection: sa.Connection) -> None:
    """Drop all tables, and the databases beside the one that is connected to."""
    own = connection.exec_driver_sql("SELECT DATABASE()").scalar_one()
    connection.exec_driver_sql("SET foreign_key_checks = 0")
    quote = connection.dialect.identifier_preparer.quote
    for schema in connection.exec_driver_sql("SHOW DATABASES").scalars().all():
        if schema.startswith("fuzz") and schema != own:
            connection.exec_driver_sql(f"DROP DATABASE {quote(schema)}")
    names = connection.exec_driver_sql("SHOW TABLES").scalars().all()
    if names:
        tables = ", ".join(quote(name) for name in names)
        connection.exec_driver_sql(f"DROP TABLE {tables}")
    connection.exec_driver_sql("SET foreign_key_checks = 1")
