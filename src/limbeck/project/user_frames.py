"""The part of a traceback that is the user's own code."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

_LIMBECK = Path(__file__).resolve().parent.parent
_LIBRARIES = tuple(
    Path(place).resolve()
    for name, place in sysconfig.get_paths().items()
    if name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_MOST_FRAMES = 3


def user_frames(error: BaseException) -> tuple[str, ...]:
    """Tell where in the user's own files an exception came from.

    :param error: the exception, raised.
    :returns: at most three lines, the innermost last, each with file, line and source text;
        empty where no file of the user took part.
    """
    lines = [
        _line(frame.filename, frame.lineno or 0, frame.line or "")
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_users(frame.filename)
    ]
    if isinstance(error, SyntaxError) and error.filename and _is_users(error.filename):
        lines.append(_line(error.filename, error.lineno or 0, (error.text or "").strip()))
    return tuple(lines[-_MOST_FRAMES:])


def in_one_line(error: BaseException) -> str:
    """Name an exception as Python does, on one line.

    :param error: the exception.
    :returns: as in ``ModuleNotFoundError: No module named 'shop'``.
    """
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # an exception of the user's may fail to say what it is
        message = ""
    first = message.strip().splitlines()[0] if message.strip() else ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def raised_by_user(error: BaseException) -> bool:
    """Whether the innermost frame outside of libraries belongs to the user.

    :param error: the exception, raised.
    """
    trace: TracebackType | None = error.__traceback__
    innermost = ""
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if _is_users(filename) or _is_limbecks(filename):
            innermost = filename
        trace = trace.tb_next
    return bool(innermost) and not _is_limbecks(innermost)


def _line(filename: str, number: int, source: str) -> str:
    path = Path(filename)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown}:{number}: {source}" if source else f"{shown}:{number}"


def _is_limbecks(filename: str) -> bool:
    return Path(filename).is_relative_to(_LIMBECK)


def _is_users(filename: str) -> bool:
    if filename.startswith("<"):
        return False
    path = Path(filename)
    return not _is_limbecks(filename) and not any(path.is_relative_to(at) for at in _LIBRARIES)
