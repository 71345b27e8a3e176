"""The steps of a plan, ready to run."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from limbeck.errors import HistoryError
from limbeck.revisions.walk import before
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from limbeck.revisions.graph import RevisionMap
    from limbeck.revisions.revision import Revision
    from limbeck.revisions.rows import RowChanges
    from limbeck.revisions.step import PlanStep


class MigrationInfo:
    """A step, as ``on_version_apply`` callbacks see it.

    :param revision_map: the history.
    :param is_upgrade: the step leads up.
    :param is_stamp: only the version table changes.
    :param up_revisions: ids of the newer end.
    :param down_revisions: ids of the older end.
    """

    def __init__(
        self,
        revision_map: RevisionMap | None,
        is_upgrade: bool,
        is_stamp: bool,
        up_revisions: Iterable[str],
        down_revisions: Iterable[str],
    ) -> None:
        self.revision_map = revision_map
        self.is_upgrade = is_upgrade
        self.is_stamp = is_stamp
        self.up_revision_ids: tuple[str, ...] = tuple(up_revisions)
        self.down_revision_ids: tuple[str, ...] = tuple(down_revisions)

    @property
    def is_migration(self) -> bool:
        """``upgrade()`` or ``downgrade()`` has run."""
        return not self.is_stamp

    @property
    def up_revision_id(self) -> str | None:
        """The id of the newer end; None where a stamp has gone to ``base``."""
        return self.up_revision_ids[0] if self.up_revision_ids else None

    @property
    def source_revision_ids(self) -> tuple[str, ...]:
        """Ids that the step has left."""
        return self.down_revision_ids if self.is_upgrade else self.up_revision_ids

    @property
    def destination_revision_ids(self) -> tuple[str, ...]:
        """Ids that the step has reached."""
        return self.up_revision_ids if self.is_upgrade else self.down_revision_ids

    @property
    def up_revision(self) -> Revision | None:
        """The newer end."""
        found = self.up_revisions
        return found[0] if found else None

    @property
    def up_revisions(self) -> tuple[Revision, ...]:
        """The newer end."""
        return self._revisions(self.up_revision_ids)

    @property
    def down_revisions(self) -> tuple[Revision, ...]:
        """The older end."""
        return self._revisions(self.down_revision_ids)

    @property
    def source_revisions(self) -> tuple[Revision, ...]:
        """What the step has left."""
        return self._revisions(self.source_revision_ids)

    @property
    def destination_revisions(self) -> tuple[Revision, ...]:
        """What the step has reached."""
        return self._revisions(self.destination_revision_ids)

    def _revisions(self, ids: tuple[str, ...]) -> tuple[Revision, ...]:
        return self.revision_map.get_revisions(ids) if self.revision_map is not None else ()


class RunStep(Value):
    """One step of a plan with the function that it runs.

    :param plan: the step.
    :param function: ``upgrade()`` or ``downgrade()``, None for a stamp.
    :param revision_map: the history.
    """

    plan: PlanStep
    function: Callable[..., object] | None
    revision_map: RevisionMap | None

    @property
    def rows(self) -> RowChanges:
        """How the version table changes."""
        return self.plan.rows

    @property
    def is_put_in(self) -> bool:
        """It runs although the version says already that it is applied."""
        rows = self.rows
        return self.plan.direction == "upgrade" and not rows.before and not rows.after

    @property
    def info(self) -> MigrationInfo:
        """The step for callbacks."""
        plan = self.plan
        if plan.is_stamp or plan.revision is None:
            up, down = plan.to_ids, plan.from_ids
            if not plan.is_upgrade:
                up, down = down, up
        else:
            id_, known = plan.revision.revision, self.revision_map
            up = (id_,)
            down = plan.revision.all_parents if known is None else before(known.graph, id_)
        return MigrationInfo(self.revision_map, plan.is_upgrade, plan.is_stamp, up, down)


def run_steps(plan: Iterable[PlanStep], revision_map: RevisionMap | None) -> tuple[RunStep, ...]:
    """The steps of a plan with their functions, all found before the first one runs.

    :param plan: the steps, first to run first.
    :param revision_map: the history, for callbacks.
    :raises HistoryError: a revision file lacks its ``upgrade()`` or ``downgrade()``.
    """
    return tuple(RunStep(step, _function(step), revision_map) for step in plan)


def _function(step: PlanStep) -> Callable[..., object] | None:
    if step.is_stamp or step.revision is None:
        return None
    if getattr(step.revision, "planned", None) is not None:
        return partial(_run_late, step)
    return _function_of(step)


def _run_late(step: PlanStep, **arguments: Any) -> object:
    return _function_of(step)(**arguments)


def _function_of(step: PlanStep) -> Callable[..., object]:
    module: Any = getattr(step.revision, "module", None)
    function = getattr(module, step.direction, None)
    if not callable(function):
        path = getattr(step.revision, "path", None)
        raise HistoryError(
            f"revision {step.id} has no {step.direction}()",
            hint=f"add `def {step.direction}() -> None:` to its file",
            details=[str(path)] if path else [],
        )
    found: Callable[..., object] = function
    _refuse_later(step, found)
    return found


def _refuse_later(step: PlanStep, function: Callable[..., object]) -> None:
    """Refuse a function that does nothing when it is called: a coroutine, or a generator."""
    is_async = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    if not is_async and not inspect.isgeneratorfunction(function):
        return
    what = "is an async function" if is_async else "has a yield in it"
    raise HistoryError(
        f"{step.direction}() of revision {step.id} {what}, so calling it would run nothing",
        hint="make it a plain function; op.run_async() awaits what has to be awaited"
        if is_async
        else "make it a plain function",
        details=[str(path)] if (path := getattr(step.revision, "path", None)) else [],
    )


def row_words(rows: RowChanges) -> str:
    """What happens to the version table, in one line for the log."""
    deleted, inserted = list(rows.deleted), list(rows.inserted)
    updated = [f"update {before} to {after}" for before, after in rows.updated]
    if deleted and updated:
        return f"merge, delete {deleted}, {', '.join(updated)}"
    if inserted and updated:
        return f"unmerge, insert {inserted}, {', '.join(updated)}"
    said = [f"branch delete {id_}" for id_ in deleted]
    said += updated
    said += [f"new branch insert {id_}" for id_ in inserted]
    return ", ".join(said) or "no change of the version table"
