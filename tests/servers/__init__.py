"""Private, throw-away database servers for the tests.

Each server lives in a temporary folder, listens on a free port of the loopback interface only,
and is stopped and deleted at the end. ``python -m tests.servers`` starts all of them, prints
their addresses and waits.
"""

from tests.servers.base import Missing, Server
from tests.servers.mariadb import start_mariadb
from tests.servers.postgresql import start_postgresql15, start_postgresql18

STARTERS = {
    "postgresql15": start_postgresql15,
    "postgresql18": start_postgresql18,
    "mariadb": start_mariadb,
}
"""How to start each server; a starter raises :class:`Missing` where the machine lacks it."""

__all__ = ["STARTERS", "Missing", "Server"]
