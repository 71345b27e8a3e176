"""From the address of a project's database to a connection that can make another beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from limbeck.database.connection_errors import missing_driver, translated
from limbeck.database.password_letters import take_any_password
from limbeck.database.secrets import without_passwords
from limbeck.errors import CommandError, ScratchUnavailable

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

    from limbeck.dialects.standard.scratch_database import ScratchDatabases

_SYNCHRONOUS = {
    "postgresql": ("psycopg", "psycopg2", "pg8000"),
    "mysql": ("pymysql", "mysqldb", "mysqlconnector"),
    "mariadb": ("pymysql", "mysqldb", "mariadbconnector"),
    "sqlite": ("pysqlite",),
}
"""Drivers to try where the project's own needs an event loop."""

_KEPT_FROM_ASYNC = {"ssl": "sslmode", "charset": "charset"}
"""Parameters of asynchronous drivers' addresses, by what the synchronous ones call them."""

_NO_DATABASE = re.compile(r"does not exist|unknown database", re.IGNORECASE)


@contextmanager
def server_connection(url: URL, databases: ScratchDatabases) -> Iterator[Connection]:
    """A connection in AUTOCOMMIT to a database, or to its server where that does not exist.

    :param url: the database.
    :param databases: knows what else to connect to.
    :raises ScratchUnavailable: the server does not let us in.
    """
    engine, connection = _connected(synchronous(url), databases.maintenance())
    try:
        yield connection
    finally:
        with suppress(DBAPIError):  # it may have been lost meanwhile
            connection.close()
        engine.dispose()


def _connected(url: URL, maintenance: str | None) -> tuple[Engine, Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    take_any_password(engine)
    try:
        return engine, engine.connect()
    except DBAPIError as error:
        if maintenance is not None and _NO_DATABASE.search(str(error.orig)):
            return _connected(url.set(database=maintenance), None)
        raise unreachable(error, url) from error
    except ImportError as error:
        raise ScratchUnavailable(missing_driver(error.name or "").message) from error


def unreachable(error: Exception, url: URL) -> ScratchUnavailable:
    """Say why there is no way to a server that is needed for scratch.

    :param error: what the driver has raised.
    :param url: the address.
    """
    meant = translated(error, without_passwords(url.render_as_string(hide_password=True)))
    details = meant.details if isinstance(meant, CommandError) else ()
    message = meant.message if meant is not None else "the database does not answer"
    return ScratchUnavailable(f"no scratch database: {message}", details=details)


def synchronous(url: URL) -> URL:
    """The address for a driver that needs no event loop.

    :raises ScratchUnavailable: none is installed.
    """
    if not url.get_dialect().is_async:
        return url
    backend = url.get_backend_name()
    for driver in _SYNCHRONOUS.get(backend, ()):
        candidate = url.set(drivername=f"{backend}+{driver}")
        try:
            candidate.get_dialect().import_dbapi()
        except ImportError:
            continue
        query = {
            _KEPT_FROM_ASYNC[key]: value
            for key, value in url.query.items()
            if key in _KEPT_FROM_ASYNC
        }
        return candidate.set(query=query)
    raise ScratchUnavailable(
        f"a scratch database needs a driver without an event loop besides {url.drivername}",
        hint="pip install " + _SYNCHRONOUS.get(backend, ("one",))[0],
    )


def server_words(connection: Connection) -> str:
    """A database's kind and version: ``postgresql 15``, ``mariadb 10.11``, ``sqlite 3.40``."""
    dialect = connection.dialect
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    version = tuple(getattr(dialect, "server_version_info", None) or ())
    if name == "sqlite" and not version:
        found = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        version = tuple(int(part) for part in found.split("."))
    parts = 1 if name == "postgresql" and version and version[0] >= 10 else 2
    numbers = [str(part) for part in version if isinstance(part, int)][:parts]
    return f"{name} {'.'.join(numbers)}".strip()
