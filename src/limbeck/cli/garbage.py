"""How often a command line's process looks for garbage."""

from __future__ import annotations

import atexit
import gc
import sys
from _io import _IOBase
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weakref import ref

__all__ = ["collect_for_revisions", "collected_as_fits", "collected_rarely"]

_OBJECTS_OF_IMPORTS = 30_000
_COLLECTIONS_OF_IMPORTS = 4
"""While modules are imported, the collector looks at the young objects so often. Of 100,000 that
come then some thousands are garbage, such as the classes that ``datetime`` writes in Python and
replaces: more than a megabyte of what a small comparison takes at the most."""

_NEW_OBJECTS = 150_000
"""After so many new objects the collector looks at the young ones; Python's own 700 make it look
at the same models again and again while they are built, for a third of the time of a comparison.
What waits meanwhile is a few megabytes at most, and objects in no cycle do not wait at all."""

_OBJECTS_OF_REVISIONS = 5_000
"""The same while revisions run, each of whose new tables is garbage when the next one comes: with
the other number that is a fifth of all the memory, and with this one it costs no more to measure,
as nothing that was there before they began is looked at again."""

_OBJECTS_OF_MODELS = 500_000
"""The same where models are compared and nothing is made of it: of 150,000 objects that come to be
meanwhile some hundreds are garbage in a cycle, so that there is nothing to look for. They are those
of a thousand tables."""

_MANY_BLOCKS = 400_000
"""From so many blocks of memory on, some 200,000 of which are objects that the collector looks at,
it costs more to look for garbage among them, and to free them one by one when the process ends,
than to look for those that have something to do then. A program that runs revisions has 250,000 by
itself. The blocks are counted, as a list of the objects would be a small command's highest need
of memory."""

_files: list[ref[_IOBase]] = []
"""The open files among the objects that were put aside."""

_ONLY_CLOSING = frozenset(
    {
        "builtins",
        "socket",
        "asyncio",
        "sqlalchemy",
        "psycopg",
        "psycopg_binary",
        "pymysql",
        "MySQLdb",
    }
)
"""Whose ``__del__`` closes connections, which the end of the process does too; builtins have
generators."""


@contextmanager
def collected_rarely(*, to_the_end: bool = False) -> Iterator[None]:
    """Within, the collector runs less often; for the command line, whose process is its own.

    :param to_the_end: the process ends behind it, so that nothing is put back: with its own
        threshold again, the collector would look at everything that is there once more.
    """
    before = gc.get_threshold()
    if before[0]:  # 0 is switched off
        gc.set_threshold(max(before[0], _OBJECTS_OF_IMPORTS), *before[1:])
    if to_the_end:
        atexit.register(leave_all)
    try:
        yield
    finally:
        if not to_the_end:
            gc.set_threshold(*before)


@contextmanager
def collected_as_fits(command: str) -> Iterator[None]:
    """Within, the collector runs less often still once all modules are imported.

    It tells of each of its runs: https://docs.python.org/3/library/gc.html#gc.callbacks

    :param command: the command's name; one of them makes no garbage.
    """
    left = _COLLECTIONS_OF_IMPORTS

    def count(phase: str, _: object) -> None:
        nonlocal left
        left -= phase == "stop"
        if not left:
            _collect_after(_OBJECTS_OF_MODELS if command == "check" else _NEW_OBJECTS)

    gc.callbacks.append(count)
    try:
        yield
    finally:
        with suppress(ValueError):  # somebody's code may have removed all of them
            gc.callbacks.remove(count)


def collect_for_revisions() -> None:
    """Look for garbage more often, and if it is much that is there, only among what comes.

    The models and the revisions are there by now, and stay to the end.
    """
    if _collect_after(_OBJECTS_OF_REVISIONS):
        _put_aside()


def leave_all() -> None:
    """Let a process that ends leave many objects to the operating system, where nobody minds.

    Open files are flushed. Where a class has a ``__del__`` that may do more than close what the
    system closes anyway, Python looks for garbage as it always does, though it promises nothing of
    what is left at the end: https://docs.python.org/3/reference/datamodel.html#object.__del__
    """
    if not _put_aside():
        gc.unfreeze()
        return
    for reference in _files:
        file = reference()
        with suppress(Exception):  # closed, read only, a full disk: nobody is told at the end
            if file is not None:
                file.flush()


def _collect_after(objects: int) -> bool:
    """Change the number that :func:`collected_rarely` has set, unless somebody has since."""
    youngest, *others = gc.get_threshold()
    is_ours = youngest in (_OBJECTS_OF_IMPORTS, _NEW_OBJECTS)
    if is_ours:
        gc.set_threshold(objects, *others)
    return is_ours


def _put_aside() -> bool:
    """Let the collector forget all objects, where they are many and none minds its end.

    What is aside already is not listed again, which would take megabytes in the worst moment.
    """
    if sys.getallocatedblocks() < _MANY_BLOCKS:
        return False
    objects = gc.get_objects()
    kinds = set(map(type, objects))
    if any(map(_minds_its_end, kinds)):
        return False
    from weakref import ref

    of_files = {each for each in kinds if issubclass(each, _IOBase)}
    _files.extend(ref(each) for each in objects if type(each) in of_files)
    gc.freeze()
    return True


def _minds_its_end(kind: type) -> bool:
    """Whether objects of a class may do something when they are freed that somebody misses."""
    if not hasattr(kind, "__del__") or issubclass(kind, _IOBase):
        return False
    return kind.__module__.partition(".")[0] not in _ONLY_CLOSING
