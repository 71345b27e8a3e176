"""How often a command line's process looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collect_as_fits", "collected_rarely"]

_NEW_OBJECTS = 150_000
"""After so many new objects the collector looks at the young ones; Python's own 700 make it look
at the same models again and again while they are built, for a third of the time of a comparison.
Importing all that runs revisions, and reading 3,000 of them, makes fewer than these.
What waits meanwhile is a few megabytes at most, and objects in no cycle do not wait at all."""

_OBJECTS_OF_REVISIONS = 5_000
"""The same where revisions run, each of whose new tables is garbage when the next one comes: with
the other number that is a fifth of all the memory, and with this one it costs no more to measure.
"""

_OBJECTS_OF_MODELS = 500_000
"""The same where models are compared and nothing is made of it: of 150,000 objects that come to be
meanwhile some hundreds are garbage in a cycle, so that there is nothing to look for. They are those
of a thousand tables."""

_NUMBERS = {
    "upgrade": _OBJECTS_OF_REVISIONS,
    "downgrade": _OBJECTS_OF_REVISIONS,
    "repair": _OBJECTS_OF_REVISIONS,
    "check": _OBJECTS_OF_MODELS,
}


@contextmanager
def collected_rarely(*, to_the_end: bool = False) -> Iterator[None]:
    """Within, the collector runs less often; for the command line, whose process is its own.

    :param to_the_end: the process ends behind it, so that nothing is put back: with its own
        threshold again, the collector would look at everything that is there once more.
    """
    before = gc.get_threshold()
    if before[0]:  # 0 is switched off
        gc.set_threshold(max(before[0], _NEW_OBJECTS), *before[1:])
    try:
        yield
    finally:
        if not to_the_end:
            gc.set_threshold(*before)


def collect_as_fits(command: str) -> None:
    """Let the collector run more or less often for a command that needs it.

    What was set by :func:`collected_rarely` holds for all others.

    :param command: the command's name.
    """
    youngest, *others = gc.get_threshold()
    if youngest == _NEW_OBJECTS and command in _NUMBERS:  # else somebody has chosen it
        gc.set_threshold(_NUMBERS[command], *others)
