"""Which of the renames that somebody has spoken of are still to be done.

A hint says of something in the models what it was called before. It holds while the database has
the old name and not the new one; once applied it says nothing more. Names that are exchanged are
there before and after: then a hint holds if what has them differs, and differs less when they are
exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.diff.rename_choices import Decision

Pairs = dict[str, str]
"""New names by old ones, within one table or schema."""

Match = Callable[[str, str], float]


class Said(Value):
    """What was said about the names within one table or schema.

    :param decisions: by options and answers.
    :param hints: by the models, as (old name, new name).
    """

    decisions: tuple[Decision, ...]
    hints: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """True where anything was said."""
        return bool(self.decisions or self.hints)

    def accepted(self, before: Collection[str], after: Collection[str], match: Match) -> Pairs:
        """The new names by the old ones.

        :param match: how alike what has one name before is to what has another one after.
        """
        if not self:
            return {}
        gone = {each.before for each in self.decisions if each.after is None}
        said = [(each.before, each.after) for each in self.decisions if each.after is not None]
        hints = [pair for pair in self.hints if pair[0] not in gone]

        def exchanges(circle: Pairs) -> bool:
            if all(pair in said for pair in circle.items()):
                return True
            swapped = sum(match(one, other) for one, other in circle.items())
            return swapped > sum(match(name, name) for name in circle)

        return accepted([*said, *hints], before, after, exchanges)


def accepted(
    pairs: Iterable[tuple[str, str]],
    before: Collection[str],
    after: Collection[str],
    exchange: Callable[[Pairs], bool],
) -> Pairs:
    """Those of some renames that are still to be done.

    :param pairs: (old name, new name), the more important ones first.
    :param before: the names that are in the database.
    :param after: those that the models want.
    :param exchange: says of names that only change places whether they do.
    """
    wanted: Pairs = {}
    for old, new in pairs:
        if old != new and old in before and new in after and old not in wanted:
            if new in wanted.values():
                continue
            wanted[old] = new
    done: Pairs = {}
    while True:
        free = {old: new for old, new in wanted.items() if new not in before or new in done}
        if not free.keys() - done.keys():
            break
        done.update(free)
    for circle in _circles({old: new for old, new in wanted.items() if old not in done}):
        if exchange(circle):
            done.update(circle)
    return dict(sorted(done.items()))


def _circles(pairs: Pairs) -> Iterator[Pairs]:
    left = dict(sorted(pairs.items()))
    while left:
        first = name = next(iter(left))
        path: Pairs = {}
        while name in left:
            path[name] = left.pop(name)
            name = path[name]
        if name == first:
            yield path
