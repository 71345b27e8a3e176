"""SIGINT and SIGTERM while a migration runs: the statement is cancelled on the server too.

A driver written in C blocks in a statement, and Python runs no handler before it is back
(https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers). So the first
signal wakes a thread, which asks the database to cancel the statement; the driver then raises an
error, and what can be rolled back is rolled back. Where no statement runs, the handler raises. A
second signal ends the process at once.

Only the command line handles signals: used as a library, limbeck installs no handler. Neither does
it in a thread that is not the main one, nor for a signal that is ignored, as ``nohup`` does.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from limbeck.database.cancelling import LONGEST, cancel_statement, is_driver_frame, is_in_driver
from limbeck.database.halting import halted_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What ends a run: Ctrl-C, and whoever stops the process."""
_PAUSE = 0.3
"""Seconds between two looks at whether a cancelled statement has ended."""


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived. As with Ctrl-C, no ``except Exception`` eats it, and drivers tidy up."""


class _Interruption:
    """The signals of one run of the command line, in its main thread."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.is_raised = False
        self.is_held_back = False
        self.ignored = sys.unraisablehook
        self._raised: KeyboardInterrupt | None = None
        self._is_lost = False
        self.connections: list[Connection] = []
        self._cancelling = threading.Lock()
        self._main = threading.get_ident()
        self._watcher: threading.Thread | None = None
        self._ours = 0
        self._reading, self._writing = -1, -1
        self._wakeup_before = -1

    # In the main thread

    def handle(self, number: int, frame: FrameType | None) -> None:
        """The handler: raise, unless a statement runs, which is cancelled instead."""
        if self.is_raised:
            if self._watcher is None:
                _end_at_once(number)
            return  # the watcher knows whether it was the user's second one
        self.number = number
        if self.is_held_back:
            return
        if self._watcher is not None and self.connections and is_driver_frame(frame):
            return
        if _is_within(frame, _Interruption.hear_ignored.__code__):
            self.watch()  # nothing gets out of there: the watcher sees to it afterwards
            return
        raise self.taken()

    def raise_what_came(self) -> None:
        """Raise for a signal that was held back."""
        if self.number is not None and not self.is_raised:
            raise self.taken()

    def taken(self) -> KeyboardInterrupt:
        """The exception for the signal that has arrived, which is not raised a second time."""
        self.is_raised = True
        self._raised = Terminated() if self.number == signal.SIGTERM else KeyboardInterrupt()
        return self._raised

    def hear_ignored(self, unraisable: Any) -> None:
        """Hear of an exception that Python ignores; in the place of ``sys.unraisablehook``.

        It does so with what comes where an object goes (``__del__``, a weak reference's callback):
        https://docs.python.org/3/library/sys.html#sys.unraisablehook. If it is ours, the watcher
        has it raised again. Until then it counts as raised: here it would be lost for good.

        :param unraisable: what Python tells of the exception.
        """
        error = found = unraisable.exc_value
        while found is not None and found is not self._raised:
            found = found.__context__
        if found is not None:
            self._is_lost = True
            self.watch()
        if error is not found:
            self.ignored(unraisable)

    def watch(self) -> None:
        """Start the thread, which waits for signals."""
        if self._watcher is not None:
            return
        seen = int(self.number is not None)
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._wakeup_before = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        self._watcher = threading.Thread(
            target=self._wait, args=(seen,), name="limbeck-signals", daemon=True
        )
        self._watcher.start()

    def let_cancelling_end(self) -> None:
        """Wait for a request that is under way: it would hit the statement that comes next."""
        if self.number is not None and self._cancelling.acquire(timeout=LONGEST):
            self._cancelling.release()

    def close(self) -> None:
        """End the thread."""
        if self._watcher is None:
            return
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._writing)  # which ends the thread's reading
        self._watcher.join(timeout=5)
        self._watcher = None

    # In the thread

    def _wait(self, seen: int) -> None:
        look = 0.0
        while True:
            pause = None if self.number is None else max(look - time.monotonic(), 0)
            ready, _, _ = select.select([self._reading], [], [], pause)
            if ready:
                numbers = os.read(self._reading, 64)
                if not numbers:
                    os.close(self._reading)
                    return
                for number in numbers:
                    if number not in SIGNALS:
                        continue
                    if self._ours:
                        self._ours -= 1
                        continue
                    seen += 1
                    if seen > 1:
                        _end_at_once(number)
                    self.number = number
            # not at each signal, as one of them may be ours
            if self.number is not None and time.monotonic() >= look:
                self._cancel_or_raise()
                look = time.monotonic() + _PAUSE

    def _cancel_or_raise(self) -> None:
        """Cancel what runs; where nothing does any more, let the handler raise."""
        if self._is_lost:
            self._is_lost = False  # first: it may be lost once more as soon as it can be raised
            self.is_raised = False
        with self._cancelling:
            if self.is_raised:
                return
            if self.connections and is_in_driver(self._main):
                for connection in tuple(self.connections):
                    # whatever goes wrong, it is tried again, and a second signal ends the process
                    with suppress(Exception):
                        cancel_statement(connection)
                return
        if self.number is not None and _current is self:
            self._ours += 1
            signal.pthread_kill(self._main, self.number)


_current: _Interruption | None = None


@contextmanager
def signals_handled() -> Iterator[None]:
    """Within, SIGINT and SIGTERM end what runs as described above; for the command line."""
    global _current
    if threading.current_thread() is not threading.main_thread() or _current is not None:
        yield
        return
    _current = interruption = _Interruption()
    before: dict[signal.Signals, Any] = {}
    for number in SIGNALS:
        handler = signal.getsignal(number)
        if handler is not signal.SIG_IGN:
            before[number] = handler
            signal.signal(number, interruption.handle)
    sys.unraisablehook = interruption.hear_ignored
    try:
        yield
    finally:
        _current = None
        try:
            interruption.close()  # first: what its thread sends must not meet another handler
        finally:
            sys.unraisablehook = interruption.ignored
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Within, a process is forked: a signal is raised afterwards, when its number is known.

    Until the new process has said what it makes of signals, none reaches it. The terminal sends
    them to both, and what the handler of one tells its thread, the thread of the other would hear.
    """
    interruption = _current if threading.current_thread() is threading.main_thread() else None
    if interruption is not None:
        interruption.is_held_back = True
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if interruption is not None:
            interruption.is_held_back = False
    if interruption is not None:
        interruption.raise_what_came()


@contextmanager
def cancellable(connection: Connection) -> Iterator[None]:
    """Within, the statement that runs on a connection is cancelled when a signal arrives.

    :param connection: the connection; nothing happens where nobody handles signals, or in a thread
        that is neither the main one nor one that is halted by another.
    :raises KeyboardInterrupt: in the place of the error that comes of it.
    """
    thread = halted_thread()
    if thread is not None:
        with thread.running(connection):
            yield
        return
    interruption = _current
    if interruption is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    interruption.connections.append(connection)
    interruption.watch()
    try:
        yield
    except Exception as error:
        raised = interruption_of(error)
        if raised is None:
            raise
        raise raised from error
    finally:
        interruption.connections.remove(connection)
        interruption.let_cancelling_end()


def interruption_of(error: BaseException) -> KeyboardInterrupt | None:
    """The exception to raise in the place of one that comes of a cancelled statement.

    :param error: what was raised.
    :return: None where no signal has arrived.
    """
    if isinstance(error, KeyboardInterrupt):
        return error
    thread = halted_thread()
    if thread is not None:
        return thread.interruption()
    if _current is None or _current.number is None or _current.is_raised:
        return None
    _current.let_cancelling_end()
    return _current.taken()


def name_of(interruption: KeyboardInterrupt) -> str:
    """The name of the signal by which somebody has interrupted us."""
    return "SIGTERM" if isinstance(interruption, Terminated) else "SIGINT"


def _is_within(frame: FrameType | None, code: CodeType) -> bool:
    """Whether a frame, or one that has led to it, runs some code."""
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


def _end_at_once(number: int) -> None:
    """End the process; the server rolls back what is open when it finds the connection gone."""
    words = b"error: ended at once; what was not committed is rolled back by the database\n"
    with suppress(OSError):
        os.write(2, words)
    os._exit(128 + number)
