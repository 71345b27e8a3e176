"""Waiting for something that another session has, without holding anything meanwhile."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
"""Seconds between two attempts: a holder that has died has a successor soon after."""


@dataclass
class Patience:
    """How long to wait for one thing, from the first time that it is not to be had.

    :param seconds: how long; 0 does not wait.
    :param clock: tells the time, in seconds.
    :param pause: waits for some seconds.
    :param jitter: a number from 0 to 1, by which many who wait do not ask at the same moment.
    :param first_pause: seconds between the first two attempts, at most.
    :param longest_pause: seconds between later ones, at most.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    first_pause: float = FIRST_PAUSE
    longest_pause: float = LONGEST_PAUSE
    _until: float | None = field(default=None, init=False)
    _next: float = field(default=0.0, init=False)

    @property
    def left(self) -> float:
        """Seconds that are left; all of them before the first wait."""
        return self.seconds if self._until is None else max(0.0, self._until - self.clock())

    def begin_again(self) -> None:
        """Have all the seconds left again."""
        self._until = None

    def wait(self) -> bool:
        """Wait a little, longer each time.

        :returns: False at once where no time is left.
        """
        if self._until is None:
            self._until = self.clock() + self.seconds
        left = self.left
        if left <= 0:
            return False
        pause = self._next or self.first_pause
        self.pause(min(left, pause * (0.5 + 0.5 * self.jitter())))
        self._next = min(pause * 2, self.longest_pause)
        return True


def pause_of(connection: Connection) -> Callable[[float], None]:
    """How to wait on a connection's thread: an event loop goes on meanwhile.

    :param connection: one that an async engine has made, or any other.
    """
    return _pause_of_loop if connection.dialect.is_async else time.sleep


def _pause_of_loop(seconds: float) -> None:
    import asyncio

    from sqlalchemy.exc import MissingGreenlet
    from sqlalchemy.util import await_only

    sleeping = asyncio.sleep(seconds)
    try:
        await_only(sleeping)
    except MissingGreenlet:  # a connection of an async engine outside of run_sync()
        sleeping.close()
        time.sleep(seconds)
