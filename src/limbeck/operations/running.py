"""Which migration is running in this thread.

``limbeck.op`` and ``limbeck.context`` forward to what is established here. Each thread, and each
asyncio task, sees only its own.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limbeck.operations.operations import Operations

Established = TypeVar("Established")

_LIMBECK = str(Path(__file__).resolve().parent.parent)


class Running(Generic[Established]):
    """The object that a facade forwards to.

    A thread that a migration starts (an ``env.py`` that runs its own event loop in one) begins
    with no context of its own. It belongs to the one migration of this process, if there is just
    one; among several nobody can tell, and nothing is guessed.

    :param name: what kind of object it is, for the message.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._here: ContextVar[Established | None] = ContextVar(name, default=None)
        self._everywhere: list[Established] = []
        self._lock = threading.Lock()

    @contextmanager
    def established(self, target: Established) -> Iterator[None]:
        """Forward to ``target`` for as long as it is entered, in this thread."""
        before = self.enter(target)
        try:
            yield
        finally:
            self.leave(target, before)

    def enter(self, target: Established) -> Established | None:
        """Forward to ``target`` from now on.

        :return: what was established before, for :meth:`leave`.
        """
        before = self._here.get()
        self._here.set(target)
        with self._lock:
            self._everywhere.append(target)
        return before

    def leave(self, target: Established, before: Established | None) -> None:
        """Undo :meth:`enter`.

        The variable is set and not reset by a token: an asynchronous caller may leave in another
        context than it has entered in.
        """
        with self._lock:
            self._everywhere.remove(target)
        self._here.set(before)

    def get(self) -> Established | None:
        """What is established in this thread, None where nothing is."""
        found = self._here.get()
        if found is not None:
            return found
        with self._lock:
            alone = len({id(each) for each in self._everywhere}) == 1
            return self._everywhere[-1] if alone else None

    def require(self, called: str | None = None) -> Established:
        """What is established in this thread.

        :param called: the function that needs it; found on the stack if not given.
        :raises NameError: nothing is; the message names the function that was called.
        """
        found = self.get()
        if found is None:
            name = called or _called()
            raise NameError(
                f"Can't invoke function {name!r}, as the proxy object has not yet been "
                f"established for the Alembic {self._name!r} class.  Try placing this code inside "
                "a callable."
            )
        return found


def _called() -> str:
    """The name of limbeck's function that the user called."""
    frame: Any = sys._getframe(1)
    name = ""
    while frame is not None and frame.f_code.co_filename.startswith(_LIMBECK):
        name = frame.f_code.co_name
        frame = frame.f_back
    return name


running: Running[Operations] = Running("Operations")
