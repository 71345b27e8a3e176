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

from limbeck.database.moments import Moment, Moments, let_fail


@dataclass(frozen=True)
class Fault:
    """What happens, and when.

    :param kind: ``kill`` (the process), ``cut`` (its connection), ``crash`` (the server) or
        ``fail`` (the statement alone, as if the database had refused it).
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
    fault = Fault(**json.loads(text))

    def strike(moment: Moment, connection: sa.Connection) -> None:
        if fault.kind != "fail":
            _STRIKES[fault.kind](fault, connection)
        elif moment.when == "before":
            let_fail(moment, connection)

    moments = Moments(fault.moment, strike)
    moments.listen()
    return moments
