"""One database of each PostgreSQL server for all comparison cases, emptied between them.

Creating a database takes longer than all that a case does.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.conftest import fresh_database, server_of


class KeptEngines:
    """An engine on a database of its own for each server, made when first asked for."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[fresh_database, sa.Engine]] = {}

    def on(self, server: str) -> sa.Engine:
        if server not in self._kept:
            database = fresh_database(server)
            self._kept[server] = (database, sa.create_engine(database.__enter__()))
        return self._kept[server][1]

    def drop(self) -> None:
        for database, engine in self._kept.values():
            engine.dispose()
            database.__exit__()


@pytest.fixture(scope="session")
def kept_engines() -> Iterator[KeptEngines]:
    engines = KeptEngines()
    yield engines
    engines.drop()


@pytest.fixture
def emptied(
    database_name: str, kept_engines: KeptEngines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """An engine on a PostgreSQL database that is empty at first."""
    engine = kept_engines.on(server_of(database_name, tmp_path_factory))
    yield engine
    with engine.connect() as connection:
        created = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'"
        for schema in connection.scalars(sa.text(created)).all():
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
        connection.exec_driver_sql("CREATE SCHEMA public")
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA public TO PUBLIC")
        connection.commit()
