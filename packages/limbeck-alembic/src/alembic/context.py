"""What ``env.py`` imports."""

from typing import Any

from limbeck import context as _context
from limbeck.context import *  # noqa: F403  # the whole module under the other name


def __getattr__(name: str) -> Any:
    return getattr(_context, name)
