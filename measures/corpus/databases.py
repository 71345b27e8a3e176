"""Databases for the runs: each run has its own, made when it begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url, text

from tests.servers import STARTERS

#: The starter of each database's server; SQLite has none.
SERVERS = {"sqlite": None, "postgresql": "postgresql15", "mariadb": "mariadb"}

#: What projects are given whose recipe names no driver.
PLAIN = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg2", "mariadb": "mysql+pymysql"}


@contextmanager
def server(database: str) -> Iterator[str | None]:
    """Run a private server.

    :param database: ``sqlite``, ``postgresql`` or ``mariadb``.
    :returns: its address, None where there is no server.
    """
    starter = SERVERS[database]
    if starter is None:
        yield None
        return
    running = STARTERS[starter]()
    try:
        yield running.url
    finally:
        running.stop()


def new_database(database: str, address: str | None, name: str, folder: Path) -> URL:
    """Make an empty database.

    :param database: as for :func:`server`.
    :param address: the server's.
    :param name: the database's.
    :param folder: for the file, where the database is one.
    :returns: its address, with a driver of ours.
    """
    if address is None:
        return make_url(f"sqlite:///{folder / 'database.sqlite'}")
    # Many old projects count on three bytes a character: keys of 255 characters, foreign keys to
    # columns declared as utf8.
    options = " CHARACTER SET utf8mb3" if database == "mariadb" else ""
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        quoted = engine.dialect.identifier_preparer.quote(name)
        connection.execute(text(f"DROP DATABASE IF EXISTS {quoted}"))
        connection.execute(text(f"CREATE DATABASE {quoted}{options}"))
    return make_url(address).set(database=name, query={})


def addresses(url: URL, database: str, drivers: Mapping[str, str]) -> dict[str, str]:
    """The database's address as projects want it.

    :param url: of the database.
    :param database: its kind.
    :param drivers: the recipe's.
    :returns: ``url`` with the project's driver, ``plain`` with an ordinary one.
    """
    plain = PLAIN[database]
    return {
        name: url.set(drivername=driver).render_as_string(hide_password=False)
        for name, driver in (("url", drivers.get(database, plain)), ("plain", plain))
    }
