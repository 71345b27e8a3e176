"""Cancel the statement that runs on a connection, from another thread."""

from __future__ import annotations

import sys
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from sqlalchemy import Connection

_IN_DRIVER = frozenset(
    {
        *("do_execute", "do_executemany", "do_execute_no_params", "do_commit", "do_rollback"),
        "do_execute_all",
    }
)
"""Methods of SQLAlchemy's dialects in which the driver works, and limbeck's own in their place."""

LONGEST = 5.0
"""Seconds that a request to cancel is waited for."""
_PAUSE = 0.3
"""Seconds until it is tried again."""


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
        driver.cancel_safe(timeout=LONGEST)
    elif backend == "postgresql" and hasattr(driver, "cancel"):  # psycopg2
        driver.cancel()
    elif backend in ("mysql", "mariadb"):
        _kill_query(connection, driver)


@contextmanager
def cancelled_after(connection: Connection, seconds: float) -> Iterator[None]:
    """Within, what runs on a connection is cancelled when all of it takes too long.

    :param connection: the connection.
    :param seconds: how long it may take.
    """
    is_done = threading.Event()

    def watch() -> None:
        pause = seconds
        while not is_done.wait(pause):
            pause = _PAUSE
            with suppress(Exception):  # it is tried again
                cancel_statement(connection)

    threading.Thread(target=watch, name="limbeck-timeout", daemon=True).start()
    try:
        yield
    finally:
        is_done.set()


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


def is_in_driver(thread: int) -> bool:
    """Whether a thread is within a statement, or a commit; a greenlet of asyncio's is not.

    :param thread: the number that Python knows it by.
    """
    return is_driver_frame(sys._current_frames().get(thread))


def is_driver_frame(frame: FrameType | None) -> bool:
    """Whether a frame, or one that has led to it, is within a statement or a commit."""
    while frame is not None:
        if frame.f_code.co_name in _IN_DRIVER:
            return True
        frame = frame.f_back
    return False
