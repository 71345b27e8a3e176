"""What every throw-away server needs: a folder, a port, a user without rights, an end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.servers.memory import remove_data_folder

START_SECONDS = 60.0
STOP_SECONDS = 20.0


class Missing(Exception):
    """The machine has no such server. The message says how to add it."""


@dataclass(frozen=True)
class Server:
    """A running server: its address, its main process and the folder to delete."""

    url: str
    pid: int
    folder: Path

    def stop(self) -> None:
        """End the server and delete its folder."""
        stop_process(self.pid)
        remove_data_folder(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged_user() -> str | None:
    """Name the user to run servers as: PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def new_folder(name: str) -> Path:
    """Make a folder that the unprivileged user owns. Short, as socket paths are limited."""
    folder = Path(tempfile.mkdtemp(prefix=f"limbeck-{name}-", dir="/tmp"))
    user = unprivileged_user()
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: list[str], folder: Path) -> None:
    """Run a preparing command to its end as the unprivileged user.

    :raises RuntimeError: with the command's own output, when it fails.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        user=unprivileged_user(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def spawn(command: list[str], folder: Path) -> int:
    """Start a server in a session of its own, its output in ``server.log``."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            user=unprivileged_user(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
        )
    # The handle is dropped on purpose: whoever stops the server may be another process.
    process.returncode = 0
    return process.pid


def wait_until_it_answers(url: str, pid: int, folder: Path) -> None:
    """Return once the server lets somebody in, which is later than that it listens.

    :raises RuntimeError: with the server's log, when it ends or does not answer in time.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and alive(pid):
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{(folder / 'server.log').read_text()}")


def alive(pid: int) -> bool:
    """Tell whether a process runs (one that has ended but was not waited for does not)."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass  # not our child: another worker started it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def stop_process(pid: int) -> None:
    """End a server without waiting for its clients; kill it where it does not end in time."""
    for number, seconds in ((signal.SIGINT, 1.0), (signal.SIGTERM, STOP_SECONDS)):
        if not alive(pid):
            return
        os.kill(pid, number)
        end = time.monotonic() + seconds
        while alive(pid) and time.monotonic() < end:
            time.sleep(0.05)
    if alive(pid):
        os.kill(pid, signal.SIGKILL)
