"""A run in a process of its own, which is killed at one of its moments.

The process is forked from this one: starting Python and importing everything takes longer than the
run, and settings that were made by a program cannot be handed to another one.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from limbeck.database.interruption import SIGNALS, signals_held_back
from limbeck.database.moments import Moment, Moments
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST = 600.0
_PAUSE = 0.002


def can_kill() -> bool:
    """Whether processes can be forked here, to be killed."""
    return hasattr(os, "fork")


def killed_at(number: int, run: Callable[[], None], prepare: Callable[[], None]) -> bool:
    """Let something run in a process of its own, and kill that at a moment (SIGKILL).

    :param number: the moment.
    :param run: what runs.
    :param prepare: is called first in that process, which must not use the connections of this.
    :return: whether it was killed; False where it came to an end before.
    :raises CommandError: it does neither.
    """
    process = 0
    status: int | None = None
    try:
        with signals_held_back():
            process = os.fork()
            if process == 0:
                _be_killed(number, run, prepare)
        end = time.monotonic() + LONGEST
        while status is None and time.monotonic() < end:
            with signals_held_back():  # or one would leave a number that may be another's by now
                done, found = os.waitpid(process, os.WNOHANG)
                status = found if done else None
            if not done:
                time.sleep(_PAUSE)
    finally:
        if process and status is None:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    if status is None:
        raise CommandError(f"a run on the scratch database takes longer than {LONGEST:.0f} seconds")
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def _be_killed(number: int, run: Callable[[], None], prepare: Callable[[], None]) -> None:
    try:
        with suppress(ValueError):  # a thread that is not the main one handles no signals
            signal.set_wakeup_fd(-1)
            for each in SIGNALS:
                signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        prepare()
        Moments(number, _kill).listen()
        run()
    finally:
        os._exit(0)  # nothing of the process that this one was forked from is to be tidied up


def _kill(moment: Moment, connection: Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
