"""Fixtures for deployers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import leave_out
from tests.servers import Missing
from tests.servers.pgbouncer import start_pgbouncer


@pytest.fixture
def pooled() -> Iterator[Callable[..., str]]:
    """Gives the address of a database behind a PgBouncer of its own."""
    started = []

    def start(url: str, mode: str = "transaction", size: int = 8) -> str:
        try:
            server = start_pgbouncer(url, mode, size)
        except Missing as missing:
            leave_out("pgbouncer", str(missing))
        started.append(server)
        return server.url

    yield start
    for server in started:
        server.stop()
