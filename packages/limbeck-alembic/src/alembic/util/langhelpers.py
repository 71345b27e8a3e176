"""Small things about sequences and ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any


def to_tuple(x: Any, default: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """A value as a tuple: a string or a single value is one element."""
    if x is None:
        return default
    if isinstance(x, str) or not isinstance(x, Iterable):
        return (x,)
    return tuple(x)


def to_list(x: Any, default: list[Any] | None = None) -> list[Any] | None:
    """A value as a list: a string or a single value is one element."""
    return default if x is None else list(to_tuple(x))


def rev_id() -> str:
    """A new revision id: twelve hexadecimal digits."""
    return uuid.uuid4().hex[-12:]
