"""The databases of the tests are the ones that they say they are."""

from __future__ import annotations

import sqlalchemy as sa

EXPECTED = {
    "sqlite": ("sqlite", False, 3),
    "postgresql15": ("postgresql", False, 15),
    "postgresql18": ("postgresql", False, 18),
    "mariadb": ("mariadb", True, 10),
}


def test_each_database_is_the_real_one(database_name: str, engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
        dialect = connection.dialect
        is_mariadb = bool(getattr(dialect, "is_mariadb", False))
        version = dialect.server_version_info
        assert version is not None
        name, mariadb, least = EXPECTED[database_name]
        assert (dialect.name, is_mariadb) == (name, mariadb)
        # Debian may bring a newer MariaDB; the two PostgreSQL servers are exactly these.
        assert version[0] == least or (mariadb and version[0] > least)
