"""Something goes wrong at one moment of a run, in its own process.

The moments are SQLAlchemy's events on the run's connection: before and after each statement that
is not a question, and each commit. What :func:`strike_at` is told says which one it is.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


@dataclass(frozen=True)
class Fault:
    """What happens, and when.

    :param kind: ``kill`` (the process), ``cut`` (its connection) or ``crash`` (the server).
    :param moment: the number of the moment, from 1; 0 for none, which only counts them.
    :param server: the process of the server, to be crashed.
    """

    kind: str = "kill"
    moment: int = 0
    server: int = 0

    @property
    def text(self) -> str:
        """The fault for a variable of the environment."""
        return json.dumps(asdict(self))


class Moments:
    """Counts moments, and strikes at one of them.

    :param fault: what happens, and when.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.count = 0

    def listen(self) -> None:
        """Listen to every connection of this process."""
        event.listen(sa.Engine, "before_cursor_execute", self._statement)
        event.listen(sa.Engine, "after_cursor_execute", self._statement)
        event.listen(sa.Engine, "commit", self._reached)

    def _statement(self, connection: sa.Connection, cursor: Any, sql: str, *_: Any) -> None:
        # A question changes nothing: what holds before it holds after it.
        if not sql.lstrip().upper().startswith(("SELECT", "SHOW", "PRAGMA")):
            self._reached(connection)

    def _reached(self, connection: sa.Connection, *_: Any) -> None:
        self.count += 1
        if self.count == self.fault.moment:
            _STRIKES[self.fault.kind](self.fault, connection)


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


def strike_at(text: str) -> Moments:
    """Let a fault happen in this process.

    :param text: the fault, as :attr:`Fault.text` says it.
    """
    moments = Moments(Fault(**json.loads(text)))
    moments.listen()
    return moments
