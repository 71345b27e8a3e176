"""Ways in which a process ends itself at one of the statements that it sends."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable

__all__ = ["AtStatement", "killed_before", "killed_within"]

AtStatement = Callable[[int, str], None]
"""Called before each statement, with its number, from 0, and its text."""

_PAGE = 4096
"""Bytes of a page of SQLite's files."""


def killed_before(number: int) -> AtStatement:
    """Kill the process before a statement.

    :param number: the statement's number.
    """

    def at(current: int, _: str) -> None:
        if current == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def killed_within(number: int, page: int) -> AtStatement:
    """End the process where a file would be written to from some page on, or else after it.

    The signal is SIGXFSZ within the statement, and SIGKILL before the next one.

    :param number: the statement's number.
    :param page: the page, from 1, that no file may get any more.
    """

    def at(current: int, _: str) -> None:
        if current == number:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it
            resource.setrlimit(resource.RLIMIT_FSIZE, (page * _PAGE, page * _PAGE))
        elif current > number:
            os.kill(os.getpid(), signal.SIGKILL)

    return at
