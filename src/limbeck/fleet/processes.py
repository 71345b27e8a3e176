"""The executor whose work is done in processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from limbeck.database.halting import Halt
from limbeck.database.interruption import signals_handled

__all__ = ["Processes", "in_process"]

_SECONDS_TO_END = 5.0

Result = TypeVar("Result")


class Processes(ProcessPoolExecutor):
    """Processes that end what they are at when this one is told to end, and with it.

    They are begun anew and not forked: code of the project's has run in this one, and may have left
    threads and connections behind.

    :param count: how many.
    """

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        super().__init__(count, mp_context=context, initializer=_begin)
        self.halt = _ProcessHalt()


class _ProcessHalt(Halt):
    """Ends what processes do; each of them hears of it as of SIGTERM."""

    is_told = False

    def cancel(self) -> None:
        if self.is_told:
            return  # a second signal would end them at once
        self.is_told = True
        for process in multiprocessing.active_children():
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGTERM)


def in_process(work: Callable[[Any], Result], item: Any) -> Result:
    """Do the work in a process of a pool, whose main thread this is.

    :param work: the work.
    :param item: its argument.
    """
    with signals_handled():
        return work(item)


def _begin() -> None:
    """Begin a process: the terminal's Ctrl-C is for its parent, which tells it to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _ignore)  # not SIG_IGN, which signals_handled() would keep
    threading.Thread(target=_end_with_parent, name="limbeck-parent", daemon=True).start()


def _ignore(*_: object) -> None:
    """Nothing is being done that could be ended."""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)  # what runs is rolled back
    threading.Event().wait(_SECONDS_TO_END)
    os._exit(1)
