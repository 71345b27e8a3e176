"""The steps of a plan, with the names that they have under :mod:`alembic.runtime.migration`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from limbeck.revisions.revision import Revision, as_tuple
from limbeck.revisions.rows import AppliedHeads, RowChanges, replaced
from limbeck.revisions.step import Direction, PlanStep
from limbeck.revisions.walk import before, reached
from limbeck.runtime.steps import MigrationInfo, RunStep

if TYPE_CHECKING:
    from limbeck.revisions.graph import RevisionMap


class MigrationStep(PlanStep):
    """One step of a plan."""

    revision_map: RevisionMap | None

    def __init__(self, revision_map: RevisionMap | None, **fields: Any) -> None:
        super().__init__(**fields)
        object.__setattr__(self, "revision_map", revision_map)  # a step is frozen

    @classmethod
    def upgrade_from_script(cls, revision_map: RevisionMap, script: Revision) -> RevisionStep:
        """The step that runs ``upgrade()`` of a revision."""
        return RevisionStep(revision_map, script, True)

    @classmethod
    def downgrade_from_script(cls, revision_map: RevisionMap, script: Revision) -> RevisionStep:
        """The step that runs ``downgrade()`` of a revision."""
        return RevisionStep(revision_map, script, False)

    # Words

    @property
    def is_downgrade(self) -> bool:
        """The step leads down."""
        return not self.is_upgrade

    @property
    def migration_fn(self) -> Callable[..., Any]:
        """What runs."""
        found: Callable[..., Any] = getattr(getattr(self.revision, "module", None), self.name)
        return found

    @property
    def info(self) -> MigrationInfo:
        """The step for callbacks."""
        return RunStep(self, None, self.revision_map).info

    # Places in the history

    @property
    def from_revisions(self) -> tuple[str, ...]:
        """Ids that the step leaves."""
        return self.from_ids

    @property
    def to_revisions(self) -> tuple[str, ...]:
        """Ids that the step reaches."""
        return self.to_ids

    from_revisions_no_deps = from_revisions
    to_revisions_no_deps = to_revisions

    # Rows of the version table

    def rows_at(self, heads: Collection[str]) -> RowChanges:
        """How the rows change where the table holds these."""
        return self.rows

    def should_create_branch(self, heads: Collection[str]) -> bool:
        """A row comes, and none goes."""
        rows = self.rows_at(heads)
        return bool(rows.inserted) and not rows.updated

    def should_delete_branch(self, heads: Collection[str]) -> bool:
        """A row goes, and none comes."""
        rows = self.rows_at(heads)
        return bool(rows.deleted) and not rows.updated

    def should_merge_branches(self, heads: Collection[str]) -> bool:
        """Several rows become one."""
        rows = self.rows_at(heads)
        return bool(rows.deleted) and bool(rows.updated)

    def should_unmerge_branches(self, heads: Collection[str]) -> bool:
        """One row becomes several."""
        rows = self.rows_at(heads)
        return bool(rows.inserted) and bool(rows.updated)

    def update_version_num(self, heads: Collection[str]) -> tuple[str, str]:
        """What a row holds before and after."""
        return self.rows_at(heads).updated[0]

    def merge_branch_idents(self, heads: Collection[str]) -> tuple[list[str], str, str]:
        """The rows that go; what another holds before and after."""
        return (list(self.rows_at(heads).deleted), *self.update_version_num(heads))

    def unmerge_branch_idents(self, heads: Collection[str]) -> tuple[str, str, tuple[str, ...]]:
        """What a row holds before and after; the rows that come."""
        return (*self.update_version_num(heads), self.rows_at(heads).inserted)


class RevisionStep(MigrationStep):
    """One revision that is run, up or down.

    :param revision_map: the history.
    :param revision: the revision.
    :param is_upgrade: whether ``upgrade()`` runs.
    :param rows: how the version table changes, as far as that is known before the step is.
    """

    def __init__(
        self,
        revision_map: RevisionMap | None,
        revision: Revision,
        is_upgrade: bool,
        rows: RowChanges | None = None,
    ) -> None:
        mine, before = (revision.revision,), revision.parents
        direction: Direction = "upgrade" if is_upgrade else "downgrade"
        super().__init__(
            revision_map,
            direction=direction,
            revision=revision,
            rows=rows or RowChanges(),
            from_ids=before if is_upgrade else mine,
            to_ids=mine if is_upgrade else before,
            is_upgrade=is_upgrade,
        )

    @classmethod
    def of(cls, step: PlanStep, revision_map: RevisionMap) -> RevisionStep:
        """A planned step as such a one."""
        assert step.revision is not None
        return cls(revision_map, step.revision, step.is_upgrade, step.rows)

    def rows_at(self, heads: Collection[str]) -> RowChanges:
        """How the rows change where the table holds these."""
        assert self.revision_map is not None
        graph = self.revision_map.graph
        applied = AppliedHeads(graph, heads, reached(graph.all_parents, heads))
        return (applied.upgrade if self.is_upgrade else applied.downgrade)(self._mine)

    def at(self, heads: Collection[str]) -> RevisionStep:
        """The step with the rows that change where the table holds these."""
        assert self.revision is not None
        return RevisionStep(self.revision_map, self.revision, self.is_upgrade, self.rows_at(heads))

    @property
    def _before(self) -> tuple[str, ...]:
        assert self.revision_map is not None
        return before(self.revision_map.graph, self._mine)

    @property
    def _mine(self) -> str:
        assert self.revision is not None
        return self.revision.revision

    @property
    def from_revisions(self) -> tuple[str, ...]:
        """Ids that the step leaves; what the revision depends on among them."""
        return self._before if self.is_upgrade else self.from_ids

    @property
    def to_revisions(self) -> tuple[str, ...]:
        """Ids that the step reaches; what the revision depends on among them."""
        return self.to_ids if self.is_upgrade else self._before

    @property
    def insert_version_num(self) -> str:
        """The row that comes."""
        return self._mine

    delete_version_num = insert_version_num

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RevisionStep) and (other._mine, other.is_upgrade) == (
            self._mine,
            self.is_upgrade,
        )

    def __hash__(self) -> int:
        return hash((self._mine, self.is_upgrade))


class StampStep(MigrationStep):
    """Rows that change while nothing runs.

    :param from_: ids whose rows go.
    :param to_: ids whose rows come.
    :param is_upgrade: the step leads up.
    :param branch_move: a row only comes, or only goes.
    :param revision_map: the history.
    :param plan: the step as it was planned, where it was.
    """

    def __init__(
        self,
        from_: str | Collection[str] | None,
        to_: str | Collection[str] | None,
        is_upgrade: bool,
        branch_move: bool,
        revision_map: RevisionMap | None = None,
        *,
        plan: PlanStep | None = None,
    ) -> None:
        before, after = as_tuple(from_), as_tuple(to_)
        going, coming = before, after
        if branch_move:
            going, coming = ((), after) if is_upgrade else (before, ())
        super().__init__(
            revision_map,
            direction="stamp",
            revision=None if plan is None else plan.revision,
            rows=replaced(going, coming) if plan is None else plan.rows,
            from_ids=before,
            to_ids=after,
            is_upgrade=is_upgrade,
        )

    @classmethod
    def of(cls, step: PlanStep, revision_map: RevisionMap) -> StampStep:
        """A planned step as such a one."""
        move = not step.rows.updated
        return cls(step.from_ids, step.to_ids, step.is_upgrade, move, revision_map, plan=step)

    @property
    def migration_fn(self) -> Callable[..., Any]:
        """What runs: nothing."""
        return self.stamp_revision

    def stamp_revision(self, **kw: Any) -> None:
        """Do nothing."""

    @property
    def insert_version_num(self) -> str:
        """The row that comes."""
        return self.to_ids[0]

    @property
    def delete_version_num(self) -> str:
        """The row that goes."""
        return self.from_ids[0]


def with_rows(steps: Iterable[PlanStep], heads: Iterable[str]) -> Iterator[PlanStep]:
    """The steps, where those that nobody has planned get to know their rows.

    :param steps: the steps, first to run first.
    :param heads: the ids in the version table at the start.
    """
    now = frozenset(heads)
    for step in steps:
        known = step
        if isinstance(step, RevisionStep) and step.rows == RowChanges():
            known = step.at(now)
        now = known.rows.applied_to(now)
        yield known
