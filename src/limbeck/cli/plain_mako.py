"""Mako without colours, for a process that writes a file and ends."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["import_mako"]

_COLOURS = "mako.ext.pygmentplugin"


def import_mako() -> None:
    """Import what writes templates, without Pygments.

    Where Pygments is installed, Mako imports half of it for the pages of HTML on which it can show
    errors: as much again as all of Mako, for pages that a command line never shows.
    """
    with _without(_COLOURS):
        import mako.exceptions  # type: ignore[import-untyped]  # Mako ships no types

    assert mako.exceptions


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Within, a module that is not imported cannot be."""
    is_hidden = name not in sys.modules
    if is_hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # https://docs.python.org/3/reference/import.html#the-module-cache
    try:
        yield
    finally:
        if is_hidden:
            sys.modules.pop(name, None)
