"""What the rows of the history table say is applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.linking import Graph

__all__ = ["Recorded", "recorded"]


class Recorded(Value, slots=True):
    """What is applied, as far as the rows know it.

    :param rows: for each id that is applied, the row that says so last.
    :param heads: what the version table held after the last row.
    :param seen: the last row that has applied or accepted an id, whether it still is or not.
    """

    rows: Mapping[str, HistoryRow] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()
    seen: Mapping[str, HistoryRow] = field(default_factory=dict)

    def at(self, heads: Iterable[str], graph: Graph) -> dict[str, HistoryRow | None]:
        """What is applied where the version table holds these ids.

        They are those of the last row, unless another tool has migrated since: then the edges are
        those of the rows, and of the files where no row knows an id.

        :param heads: what the version table holds.
        :param graph: the files.
        :return: each id that is applied with its row, None where there is none.
        """
        here = frozenset(heads)
        if here == self.heads:
            return dict(self.rows)
        found: dict[str, HistoryRow | None] = {}
        waiting = sorted(here)
        while waiting:
            id_ = waiting.pop()
            if id_ not in found:
                row = found[id_] = self.seen.get(id_)
                waiting += graph.all_parents.get(id_, ()) if row is None else row.all_parents
        return found


def recorded(rows: Sequence[HistoryRow]) -> Recorded:
    """Read the rows from the first to the last.

    :param rows: all rows, by their numbers.
    """
    applied: dict[str, HistoryRow] = {}
    seen: dict[str, HistoryRow] = {}
    heads: tuple[str, ...] = ()
    is_given = False  # the heads were written down, and say alone what is applied
    for row in rows:
        if not row.has_succeeded:
            continue
        if is_given and (row.direction not in ("stamp", "adopt") or row.heads != heads):
            applied, is_given = _below(heads, seen), False
        heads = row.heads
        if row.direction in ("stamp", "adopt"):
            is_given = True
        if row.revision is None:
            continue
        if row.direction in ("downgrade", "forget"):
            applied.pop(row.revision, None)
            continue
        seen[row.revision] = row
        applied[row.revision] = row
    if is_given:
        applied = _below(heads, seen)
    return Recorded(applied, frozenset(heads), seen)


def _below(heads: Iterable[str], seen: Mapping[str, HistoryRow]) -> dict[str, HistoryRow]:
    """Everything that the rows know at and below some ids."""
    found: dict[str, HistoryRow] = {}
    waiting = list(heads)
    while waiting:
        id_ = waiting.pop()
        row = seen.get(id_)
        if row is not None and id_ not in found:
            found[id_] = row
            waiting += row.all_parents
    return found
