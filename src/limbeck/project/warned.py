"""Warnings as errors, which Python has for a whole process only.

https://docs.python.org/3/library/warnings.html#warnings.catch_warnings
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_alone", "warnings_as_errors"]


def is_alone() -> bool:
    """Whether no other thread is there than those of limbeck's that watch, which are not warned."""
    others = (each for each in threading.enumerate() if each is not threading.current_thread())
    return all(each.daemon and each.name.startswith("limbeck-") for each in others)


@contextmanager
def warnings_as_errors() -> Iterator[None]:
    """Within, whatever would warn raises an error, for a thread that is alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
