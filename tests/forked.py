"""Commands in processes that are forked from one which has imported what they need already.

A new process spends most of its time importing: half a second and more of the processor for one
command. What is forked begins as empty as a new one: nothing of a project was ever imported there,
and of SQLAlchemy nothing is to be seen until somebody imports it. What the tests of ``tests/cli``
say of the start of a process, its streams and its signals, they say of one that is started anew.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_SERVER = Path(__file__).with_name("forking.py")
_SECONDS = 300
_READ_AT_START = frozenset({"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"})
"""Variables for Python of which what is forked takes the value too, or that say nothing there."""

LIMBECK = (
    "limbeck.*",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.mysql",
    "sqlite3",
    "psycopg",
    "pymysql",
    "mako.template",
)
"""Modules that commands need which run revisions or write them."""


@dataclass(frozen=True)
class Ended:
    """How a command has ended.

    :param code: its exit code; minus the number of the signal that has ended it.
    """

    code: int
    stdout: str
    stderr: str


def run_forked(
    folder: Path,
    environment: Mapping[str, str],
    words: tuple[str, ...],
    *,
    python: str = sys.executable,
    imported: tuple[str, ...] = LIMBECK,
    seen: bool = False,
) -> Ended:
    """Run a command in a folder.

    :param folder: the current folder of the command.
    :param environment: all of its environment variables.
    :param words: what is typed: ``limbeck`` and its arguments as they are given to the script of
        that name, or ``-m``, a module and its arguments as they are given to Python.
    :param python: the interpreter.
    :param imported: the modules that are imported already; ``.*`` stands for all that are below.
    :param seen: whether SQLAlchemy can be seen to be imported already.
    :raises ValueError: a variable is one that Python reads when it starts.
    :raises TimeoutError: the command did not end.
    """
    unheard = {
        name
        for name, value in environment.items()
        if name.startswith("PYTHON") and os.environ.get(name) != value
    } - _READ_AT_START
    if unheard:
        raise ValueError(f"only a new process hears of {sorted(unheard)}")
    path = tuple(filter(None, environment.get("PYTHONPATH", "").split(os.pathsep)))
    server = _server(python, imported, tuple(each for each in path if each != str(folder)))
    with TemporaryDirectory() as place:
        streams = Path(place)
        code = server.run(
            {
                "folder": str(folder),
                "environment": dict(environment),
                "words": words,
                "path": path,
                "streams": place,
                "seen": seen,
            }
        )
        told = [(streams / name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
        return Ended(code, *told)


class _Server:
    """A process that has imported some modules, and forks itself when it is asked to."""

    def __init__(self, python: str, imported: tuple[str, ...], path: tuple[str, ...]) -> None:
        self._socket, its = socket.socketpair()
        self._socket.settimeout(_SECONDS)
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        with its:
            self._process = subprocess.Popen(
                [python, str(_SERVER), str(its.fileno()), *imported],
                # what it imports it may compile once for all
                env={**kept, "PYTHONPATH": os.pathsep.join(path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
            )
        self._answers = self._socket.makefile("r", encoding="utf-8")
        atexit.register(self.stop)

    def run(self, request: Mapping[str, object]) -> int:
        """Have a command run, and give its exit code."""
        self._socket.sendall(f"{json.dumps(request)}\n".encode())
        process = int(self._answers.readline())
        try:
            return int(self._answers.readline())
        except TimeoutError:
            os.kill(process, 9)
            raise

    def stop(self) -> None:
        """End it."""
        self._answers.close()
        self._socket.close()
        self._process.wait()


@cache
def _server(python: str, imported: tuple[str, ...], path: tuple[str, ...]) -> _Server:
    return _Server(python, imported, path)
