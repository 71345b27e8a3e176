"""An order of columns in which some follow one another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from limbeck.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_groups(names: Sequence[str], groups: Sequence[Sequence[str]]) -> list[str]:
    """Names in an order that suits every group, else as they were.

    A group stays together: its names come where its first one is.

    :param names: all names.
    :param groups: names that shall follow one another.
    :raises CommandError: two groups want opposite orders.
    """
    after: dict[str, set[str]] = {name: set() for name in names}
    ranks = {name: rank for rank, name in enumerate(names)}
    for group in groups:
        for earlier, later in pairwise(group):
            after[later].add(earlier)
        first = min(ranks[name] for name in group)
        ranks.update(dict.fromkeys(group, first))
    order: list[str] = []
    while len(order) < len(names):
        ready = [n for n in names if n not in order and after[n] <= set(order)]
        if not ready:
            raise CommandError("partial_reordering wants one column before and behind another")
        order.append(min(ready, key=lambda name: ranks[name]))
    return order
