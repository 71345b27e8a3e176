"""The command in a process of its own, which something may happen to.

Starting Python and importing everything takes longer than what is looked at, so a process is
forked from this one, which has imported all of it already. It is a process like any other: it runs
``limbeck.cli.main`` with the words of a command line, and a SIGKILL ends it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import limbeck.command
from limbeck.cli.main import main
from tests.crashes.faults import Fault, strike_at

_LONGEST = 120.0


@dataclass(frozen=True)
class Ended:
    """How a run has ended.

    :param code: its exit code; minus the number of the signal that has ended it.
    :param output: what it has written.
    :param moments: how many moments there were, where it came to its end.
    :param seconds: how long it took.
    """

    code: int
    output: str
    moments: int
    seconds: float


def run(
    folder: Path,
    *words: str,
    fault: Fault | None = None,
    kill_after: float | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run ``limbeck`` in a folder.

    :param folder: where the project is.
    :param words: what is typed behind the command's name.
    :param fault: what happens to it.
    :param kill_after: the seconds after which it is killed, None for never.
    :param environment: variables for it, beside those of this process.
    """
    log, counted = folder / "output.txt", folder / "moments.txt"
    counted.unlink(missing_ok=True)
    began = time.monotonic()
    process = os.fork()
    if process == 0:
        _be_the_command(folder, words, fault, dict(environment or {}), log, counted)
    code = _wait(process, kill_after)
    # It is empty where the process was killed while it wrote the number.
    moments = int(counted.read_text() or 0) if counted.exists() else 0
    return Ended(code, log.read_text(), moments, time.monotonic() - began)


def _be_the_command(
    folder: Path,
    words: tuple[str, ...],
    fault: Fault | None,
    environment: dict[str, str],
    log: Path,
    counted: Path,
) -> None:
    code = 70
    try:
        os.chdir(folder)
        os.environ.update(environment)
        with log.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", closefd=False)
        moments = strike_at((fault or Fault()).text)
        code = main(list(words))
        counted.write_text(str(moments.count))
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(process: int, kill_after: float | None) -> int:
    end = time.monotonic() + (kill_after if kill_after is not None else _LONGEST)
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


__all__ = ["Ended", "limbeck", "run"]
