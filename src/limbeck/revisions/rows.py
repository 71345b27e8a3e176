"""How the rows of the version table change.

The table holds one row for each effective head of what is applied: a revision that nothing
applied follows and that nothing applied depends on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from limbeck.revisions.linking import Graph

__all__ = ["AppliedHeads", "RowChanges", "replaced"]


class RowChanges(Value, slots=True):
    """What one step does to the version table; to be carried out in this order.

    :param deleted: ids whose row goes.
    :param inserted: ids that get a row of their own.
    :param updated: pairs of the id that a row holds before and after.
    """

    deleted: tuple[str, ...] = ()
    inserted: tuple[str, ...] = ()
    updated: tuple[tuple[str, str], ...] = ()

    @property
    def before(self) -> tuple[str, ...]:
        """Ids that the table must hold before, and does not hold after."""
        return (*self.deleted, *(before for before, _ in self.updated))

    @property
    def after(self) -> tuple[str, ...]:
        """Ids that the table holds after, and did not hold before."""
        return (*(after for _, after in self.updated), *self.inserted)

    def applied_to(self, heads: Iterable[str]) -> frozenset[str]:
        """The ids in the table after this step.

        :param heads: the ids in the table before.
        """
        if len(self.updated) == 1 and not self.deleted and not self.inserted:  # nearly always
            ((before, after),) = self.updated
            return frozenset((*[one for one in heads if one != before], after))
        found = set(heads)
        found.difference_update(self.deleted)
        # an id may be gone to by one row, and left by another
        found.difference_update([before for before, _ in self.updated])
        found.update([after for _, after in self.updated])
        found.update(self.inserted)
        return frozenset(found)


def replaced(before: tuple[str, ...], after: tuple[str, ...]) -> RowChanges:
    """The changes that turn some rows into others, with as few statements as can be.

    A row is updated where one goes and another comes; what is left over is deleted or
    inserted. On a merge the last parent's row becomes the merge's, as in Alembic.

    :param before: ids whose row goes.
    :param after: ids that come.
    """
    common = min(len(before), len(after))
    return RowChanges(
        deleted=before[: len(before) - common],
        updated=tuple(
            zip(before[len(before) - common :], after[len(after) - common :], strict=True)
        ),
        inserted=after[: len(after) - common],
    )


class AppliedHeads:
    """Follows the rows of the version table while revisions are run one after the other.

    :param graph: the graph.
    :param heads: ids in the table at the start.
    :param applied: ids of everything that is applied at the start.
    """

    def __init__(self, graph: Graph, heads: Iterable[str], applied: Iterable[str]) -> None:
        self._graph = graph
        self._heads = set(heads)
        self._applied = set(applied)
        self._followers = {
            id_: sum(1 for child in graph.all_children[id_] if child in self._applied)
            for id_ in self._applied
        }

    def upgrade(self, id_: str) -> RowChanges:
        """The changes when this revision has been applied."""
        before = tuple(one for one in self._graph.all_parents[id_] if one in self._heads)
        self._applied.add(id_)
        self._followers[id_] = 0
        for parent in self._graph.all_parents[id_]:
            self._followers[parent] = self._followers.get(parent, 0) + 1
        self._heads.difference_update(before)
        self._heads.add(id_)
        return replaced(before, (id_,))

    def downgrade(self, id_: str) -> RowChanges:
        """The changes when this revision has been undone."""
        self._applied.discard(id_)
        before = (id_,) if id_ in self._heads else ()
        for parent in self._graph.all_parents[id_]:
            self._followers[parent] = self._followers.get(parent, 0) - 1
        after = tuple(
            parent
            for parent in self._graph.all_parents[id_]
            if parent in self._applied
            and parent not in self._heads
            and self._followers[parent] <= 0
        )
        self._heads.difference_update(before)
        self._heads.update(after)
        return replaced(before, after)
