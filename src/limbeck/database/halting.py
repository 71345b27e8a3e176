"""Ending what several threads do on databases, as a signal ends what the main thread does.

Python runs the handlers of signals in the main thread only. The thread that has begun the others is
told there, and tells them by a :class:`Halt`: a statement that runs is cancelled on the server, and
the next one is not begun.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from limbeck.database.cancelling import cancel_statement, is_in_driver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["Halt", "HaltedThread", "halted_thread", "may_be_halted"]


class Halt:
    """Whether some threads are to end, and what they are at."""

    def __init__(self) -> None:
        self.is_asked = False
        self._threads: list[HaltedThread] = []
        self._lock = threading.Lock()

    def ask(self) -> None:
        """Let every thread end before its next statement."""
        self.is_asked = True

    def cancel(self) -> None:
        """Cancel the statements that run now; to be called again until the threads have ended."""
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.cancel()

    def add(self, thread: HaltedThread) -> None:
        """Take a thread up."""
        with self._lock:
            self._threads.append(thread)

    def remove(self, thread: HaltedThread) -> None:
        """A thread is done with its work."""
        with self._lock:
            self._threads.remove(thread)


@dataclass(eq=False)
class HaltedThread:
    """What one thread is at.

    :param halt: by which it is told to end.
    """

    halt: Halt
    connections: list[Connection] = field(default_factory=list)
    is_raised: bool = False
    _thread: int = field(default_factory=threading.get_ident)

    @contextmanager
    def running(self, connection: Connection) -> Iterator[None]:
        """Within, what runs on a connection may be cancelled."""
        if connection in self.connections:
            yield
            return
        from sqlalchemy import event  # here: every command imports this module

        self.connections.append(connection)
        event.listen(connection, "before_cursor_execute", self._before_statement, retval=True)
        try:
            yield
        finally:
            event.remove(connection, "before_cursor_execute", self._before_statement)
            self.connections.remove(connection)

    def interruption(self) -> KeyboardInterrupt | None:
        """The exception that ends the thread, once; what tidies up behind it may go on."""
        if not self.halt.is_asked or self.is_raised:
            return None
        self.is_raised = True
        return KeyboardInterrupt()

    def cancel(self) -> None:
        """Cancel the statement that runs in this thread; called from another one."""
        if self.is_raised or not is_in_driver(self._thread):
            return
        for connection in tuple(self.connections):
            with suppress(Exception):  # whatever goes wrong, it is tried again
                cancel_statement(connection)

    def _before_statement(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        interruption = self.interruption()
        if interruption is not None:
            raise interruption
        return statement, parameters


_here = threading.local()


@contextmanager
def may_be_halted(halt: Halt) -> Iterator[None]:
    """Within, this thread ends when it is asked to.

    :param halt: by which it is asked.
    """
    thread = _here.thread = HaltedThread(halt)
    halt.add(thread)
    try:
        yield
    finally:
        halt.remove(thread)
        _here.thread = None


def halted_thread() -> HaltedThread | None:
    """What this thread is at; None for one that nobody asks to end."""
    found: HaltedThread | None = getattr(_here, "thread", None)
    return found
