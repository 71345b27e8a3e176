"""One server of each kind for a whole test run, whichever worker needs it first."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import STARTERS, Server


def address_of(name: str, run_folder: Path) -> str:
    """Give the address of a server, starting it when this run has none yet.

    :param name: a key of ``STARTERS``.
    :param run_folder: a folder that all workers of the run share, and no other run.
    :raises Missing: when the machine lacks it.
    """
    given = os.environ.get(f"LIMBECK_TEST_{name.upper()}")
    if given:
        return given
    record = run_folder / f"server-{name}.json"
    with locked(run_folder / f"server-{name}.lock"):
        if not record.exists():
            server = STARTERS[name]()
            record.write_text(json.dumps([server.url, server.pid, str(server.folder)]))
        url: str = json.loads(record.read_text())[0]
        return url


def stop_started(run_folder: Path) -> None:
    """Stop every server that the run started."""
    for record in run_folder.glob("server-*.json"):
        url, pid, folder = json.loads(record.read_text())
        Server(url, pid, Path(folder)).stop()
        record.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock between processes; it ends with the process whatever happens."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
