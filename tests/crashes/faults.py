"""Something goes wrong at one moment of a run, in its own process.

The moments are SQLAlchemy's events on the run's connection: before and after each statement that
is not a question, and each commit; or each message of the driver to MariaDB. What
:func:`strike_at` is told says which one it is.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import pymysql
import sqlalchemy as sa

from limbeck.database import bare_statements
from limbeck.database.moments import Moment, Moments, let_fail


@dataclass(frozen=True)
class Fault:
    """What happens, and when.

    :param kind: ``kill`` (the process), ``cut`` (its connection), ``crash`` (the server) or
        ``fail`` (the statement alone, as if the database had refused it).
    :param moment: the number of the moment, from 1; 0 for none, which only counts them.
    :param server: the process of the server, to be crashed.
    :param of_messages: moments are before and after each message of the driver, and nobody listens
        to statements, so that some are sent together.
    :param seconds: how long after the start it happens instead, whatever runs then; 0 for never.
    """

    kind: str = "kill"
    moment: int = 0
    server: int = 0
    of_messages: bool = False
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The fault for a variable of the environment."""
        return json.dumps(asdict(self))


def _kill(fault: Fault, connection: sa.Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _cut(fault: Fault, connection: sa.Connection) -> None:
    """End the session from a second connection, as an administrator does."""
    driver: Any = connection.connection.driver_connection
    url = connection.engine.url
    if url.get_backend_name() == "postgresql":
        number, end = driver.info.backend_pid, "SELECT pg_terminate_backend({})"
    else:
        number, end = driver.thread_id(), "KILL {}"
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    dialect: Any = engine.dialect
    arguments, options = dialect.create_connect_args(url)
    other = dialect.dbapi.connect(*arguments, **options)
    other.autocommit(True) if callable(other.autocommit) else setattr(other, "autocommit", True)
    cursor = other.cursor()
    cursor.execute(end.format(number))
    other.close()


def _crash(fault: Fault, connection: sa.Connection) -> None:
    os.kill(fault.server, signal.SIGKILL)


_STRIKES: dict[str, Callable[[Fault, sa.Connection], None]] = {
    "kill": _kill,
    "cut": _cut,
    "crash": _crash,
}


class Messages:
    """Counts the messages of PyMySQL twice, before and after each, and strikes at one moment.

    :param fault: what happens, and when.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.count = 0
        self._driver: Any = None

    def listen(self) -> None:
        """Listen to all connections of this process."""
        driver_class: Any = pymysql.connections.Connection
        sends = driver_class.query

        def query(driver: Any, sql: Any, unbuffered: bool = False) -> Any:
            self._driver = driver
            self._reached()
            found = sends(driver, sql, unbuffered)
            self._reached()
            return found

        commits = driver_class.commit

        def commit(driver: Any) -> None:
            self._driver = driver
            self._reached()
            commits(driver)
            self._reached()

        sender: Any = bare_statements
        answers = sender.answer_of

        def answer_of(driver: Any, message: str) -> Any:
            self._driver = driver
            self._reached()
            found = answers(driver, message)
            self._reached()
            return found

        driver_class.query, driver_class.commit = query, commit
        sender.answer_of = answer_of
        if self.fault.seconds:
            threading.Thread(target=self._later, daemon=True).start()

    def _reached(self) -> None:
        self.count += 1
        if self.count == self.fault.moment:
            self._strike()

    def _later(self) -> None:
        time.sleep(self.fault.seconds)
        self._strike()

    def _strike(self) -> None:
        fault, driver = self.fault, self._driver
        if fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault.kind == "crash":
            os.kill(fault.server, signal.SIGKILL)
        elif driver is not None:
            number = driver.thread_id()
            place = {"host": driver.host, "port": driver.port, "user": driver.user}
            other = pymysql.connect(password=driver.password.decode(), **place)
            with suppress(pymysql.err.Error):  # it has ended by itself
                other.cursor().execute(f"KILL {number}")
            other.close()


def strike_at(text: str) -> Moments | Messages:
    """Let a fault happen in this process.

    :param text: the fault, as :attr:`Fault.text` says it.
    """
    fault = Fault(**json.loads(text))
    if fault.of_messages:
        messages = Messages(fault)
        messages.listen()
        return messages

    def strike(moment: Moment, connection: sa.Connection) -> None:
        if fault.kind != "fail":
            _STRIKES[fault.kind](fault, connection)
        elif moment.when == "before":
            let_fail(moment, connection)

    moments = Moments(fault.moment, strike)
    moments.listen()
    return moments
