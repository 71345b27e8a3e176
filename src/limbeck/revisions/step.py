"""One step of a plan: what runs, in which direction, and how the version table changes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from limbeck.value import Value
from limbeck.visible import visible

if TYPE_CHECKING:
    from limbeck.revisions.revision import Revision
    from limbeck.revisions.rows import RowChanges

__all__ = ["Direction", "PlanStep"]

Direction: TypeAlias = Literal["upgrade", "downgrade", "stamp"]


class PlanStep(Value, slots=True):
    """One step of a plan.

    :param direction: whether ``upgrade()`` runs, ``downgrade()``, or nothing (a stamp).
    :param revision: the revision that runs; for a stamp the one that is written down,
        None where a stamp only removes rows.
    :param rows: how the version table changes with it.
    :param from_ids: ids the step leaves: the parents on the way up, the revision itself on
        the way down, the rows that go for a stamp.
    :param to_ids: ids the step reaches.
    :param is_upgrade: the step leads up; a stamp that goes back says False.
    """

    direction: Direction
    revision: Revision | None
    rows: RowChanges
    from_ids: tuple[str, ...]
    to_ids: tuple[str, ...]
    is_upgrade: bool

    @property
    def id(self) -> str | None:
        """The id of the revision, None where a stamp only removes rows."""
        return None if self.revision is None else self.revision.revision

    @property
    def is_stamp(self) -> bool:
        """Only the version table changes."""
        return self.direction == "stamp"

    # Words ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the step is called in the log: by the function that runs."""
        return "stamp_revision" if self.is_stamp else self.direction

    @property
    def doc(self) -> str:
        """The revision's message; a stamp has none."""
        return "" if self.is_stamp else str(getattr(self.revision, "doc", "") or "")

    @property
    def short_log(self) -> str:
        """As in ``upgrade a -> b``; nothing stands for the base."""
        return f"{self.name} {', '.join(self.from_ids)} -> {', '.join(self.to_ids)}"

    def __str__(self) -> str:
        return f"{self.short_log}, {visible(self.doc)}" if self.doc else self.short_log
