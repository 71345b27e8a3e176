"""A signal whose exception Python cannot let through is raised again."""

from __future__ import annotations

import os
import signal
import sys
import time
import weakref
from collections.abc import Iterator

import pytest

from limbeck.database.interruption import Terminated, signals_handled


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """As in a terminal: in the background of a shell SIGINT is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Thing:
    """Something that goes."""


@pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)],
)
def test_in_the_callback_of_a_weak_reference(
    number: signal.Signals, error: type[BaseException]
) -> None:
    called: list[str] = []

    def gone(_: object) -> None:
        called.append("begun")
        os.kill(os.getpid(), number)
        time.sleep(0.01)
        called.append("ended")

    thing = Thing()
    reference = weakref.ref(thing, gone)
    before = sys.unraisablehook
    begun = time.monotonic()
    with pytest.raises(error), signals_handled():
        del thing
        assert called == ["begun"]  # what was raised there is lost
        time.sleep(30)
    assert time.monotonic() - begun < 10
    assert sys.unraisablehook is before
    assert reference() is None
