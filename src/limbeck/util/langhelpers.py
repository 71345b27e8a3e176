"""Small things about sequences, texts and ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy.util import immutabledict as immutabledict
from sqlalchemy.util import memoized_property as memoized_property

from limbeck.config import FALSE, TRUE
from limbeck.project.new_revision import new_revision_id
from limbeck.runtime.dispatch import Dispatcher as Dispatcher
from limbeck.runtime.dispatch import DispatchPriority as DispatchPriority
from limbeck.runtime.dispatch import PriorityDispatcher as PriorityDispatcher
from limbeck.runtime.dispatch import PriorityDispatchResult as PriorityDispatchResult

Value = TypeVar("Value")

EMPTY_DICT: immutabledict[Any, Any] = immutabledict({})

#: A new revision id: twelve hexadecimal digits.
rev_id = new_revision_id


def asbool(obj: Any) -> bool:
    """Whether a value is true; a text must say so in words that are known."""
    if not isinstance(obj, str):
        return bool(obj)
    text = obj.strip().lower()
    if not text or text not in TRUE | FALSE:
        raise ValueError(f"String is not true/false: {text!r}")
    return text in TRUE


def to_tuple(x: Any, default: tuple[Any, ...] | None = None) -> tuple[Any, ...] | None:
    """A value as a tuple: a string or a single value is one element."""
    if x is None:
        return default
    if isinstance(x, str) or not isinstance(x, Iterable):
        return (x,)
    return tuple(x)


def to_list(x: Any, default: list[Any] | None = None) -> list[Any] | None:
    """A value as a list: a string or a single value is one element."""
    return default if x is None else list(to_tuple(x) or ())


def unique_list(seq: Iterable[Value]) -> list[Value]:
    """Each value once, in the order given."""
    return list(dict.fromkeys(seq))


def dedupe_tuple(tup: tuple[str, ...]) -> tuple[str, ...]:
    """Each value once, in the order given."""
    return tuple(dict.fromkeys(tup))


def not_none(value: Value | None) -> Value:
    """A value that is not None."""
    assert value is not None
    return value
