"""Cancel the statement that runs on a connection, from another thread."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SECONDS = 5.0


def cancel_statement(connection: Connection) -> None:
    """Ask the database to cancel what runs on a connection.

    :param connection: the connection; another thread waits for its statement.
    :raises Exception: whatever the driver raises.
    """
    driver: Any = connection.connection.driver_connection
    backend = connection.dialect.name
    if hasattr(driver, "interrupt"):  # sqlite3
        driver.interrupt()
    elif hasattr(driver, "cancel_safe"):  # psycopg
        driver.cancel_safe(timeout=_SECONDS)
    elif backend == "postgresql" and hasattr(driver, "cancel"):  # psycopg2
        driver.cancel()
    elif backend in ("mysql", "mariadb"):
        _kill_query(connection, driver)


def _kill_query(connection: Connection, driver: Any) -> None:
    """Their drivers cannot cancel; a second connection can.

    https://mariadb.com/docs/server/reference/sql-statements/administrative-sql-statements/kill
    """
    number = _thread_number(driver)
    if number is None:
        return
    with closing(connection.engine.raw_connection()) as second:
        cursor = second.cursor()
        cursor.execute(f"KILL QUERY {number:d}")
        cursor.close()


def _thread_number(driver: Any) -> int | None:
    if hasattr(driver, "thread_id"):  # PyMySQL, mysqlclient
        return int(driver.thread_id())
    found = getattr(driver, "connection_id", None)  # Oracle's own driver, MariaDB's own driver
    return int(found) if found is not None else None
