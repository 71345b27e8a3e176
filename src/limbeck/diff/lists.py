"""Comparing two lists of objects, whatever kind they are.

Both functions are linear, keep the order of their arguments and pair each object at most once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from limbeck.value import Value


class Named(Protocol):
    """An object that may have a name."""

    @property
    def name(self) -> str | None:
        """The name, None where it has none."""
        ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)


class Paired(Value, Generic[T]):
    """Two lists side by side.

    :param both: the pairs, in the order of the list after.
    :param removed: what only the list before has.
    :param added: what only the list after has.
    """

    both: tuple[tuple[T, T], ...]
    removed: tuple[T, ...]
    added: tuple[T, ...]


def pair_by_key(before: Iterable[T], after: Sequence[T], key: Callable[[T], Hashable]) -> Paired[T]:
    """Pair objects that have the same key, such as columns by their name."""
    waiting = {key(item): item for item in before}
    both, added = [], []
    for item in after:
        known = waiting.pop(key(item), None)
        if known is None:
            added.append(item)
        else:
            both.append((known, item))
    return Paired(tuple(both), tuple(waiting.values()), tuple(added))


def pair_by_name_or_content(
    before: Sequence[N], after: Sequence[N], content: Callable[[N], Hashable]
) -> Paired[N]:
    """Pair constraints or indexes.

    An object that has a name after is the one of that name before, or else one of equal content
    that has no name before (a database may keep none). An object without a name after is any one
    of equal content before: it leaves its name to the database. What is left over on both sides and
    has equal content is one object under another name.
    """
    pool = _Pool(before, content)
    partners: dict[int, N | None] = {}
    for position, item in enumerate(after):
        if item.name is not None:
            partners[position] = pool.take_named(item)
    for position, item in enumerate(after):
        if partners.get(position) is None and item.name is not None:
            partners[position] = pool.take_equal(item, unnamed_only=True)
    for position, item in enumerate(after):
        if item.name is None:
            partners[position] = pool.take_equal(item, unnamed_only=False)
    for position, item in enumerate(after):
        if partners[position] is None:
            partners[position] = pool.take_equal(item, unnamed_only=False)
    sides = [(partners[position], item) for position, item in enumerate(after)]
    return Paired(
        tuple((known, item) for known, item in sides if known is not None),
        pool.left(),
        tuple(item for known, item in sides if known is None),
    )


class _Pool(Generic[N]):
    """The objects before that have no partner yet."""

    def __init__(self, items: Sequence[N], content: Callable[[N], Hashable]) -> None:
        self._items = items
        self._content = content
        self._free = [True] * len(items)
        self._by_name: dict[str, deque[int]] = {}
        self._by_content: dict[tuple[bool, Hashable], deque[int]] = {}
        for position, item in enumerate(items):
            if item.name is not None:
                self._by_name.setdefault(item.name, deque()).append(position)
            bucket = (item.name is None, content(item))
            self._by_content.setdefault(bucket, deque()).append(position)

    def take_named(self, wanted: N) -> N | None:
        """The one of the same name, if it is still free."""
        return self._first_free(self._by_name.get(wanted.name or ""))

    def take_equal(self, wanted: N, *, unnamed_only: bool) -> N | None:
        """One of equal content, one without a name first."""
        content = self._content(wanted)
        found = self._first_free(self._by_content.get((True, content)))
        if found is None and not unnamed_only:
            found = self._first_free(self._by_content.get((False, content)))
        return found

    def left(self) -> tuple[N, ...]:
        """What nobody took."""
        return tuple(item for item, free in zip(self._items, self._free, strict=True) if free)

    def _first_free(self, positions: deque[int] | None) -> N | None:
        while positions:
            position = positions.popleft()
            if self._free[position]:
                self._free[position] = False
                return self._items[position]
        return None
