"""What an upgrade makes sure of before anything runs, where the history is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.revisions.rows import RowChanges
from limbeck.revisions.step import PlanStep
from limbeck.workflow.fit import (
    Applied,
    applied_in,
    counted_kinds,
    refuse_mismatches,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from limbeck.revisions.mismatches import Fit
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory


def checked(
    context: MigrationContext, heads: Collection[str], accepted: Sequence[str], policy: str
) -> Applied | None:
    """Make sure that the files fit what is applied.

    :param context: the database.
    :param heads: what the version table holds.
    :param accepted: revisions that are taken as they are now; the history says so afterwards.
    :param policy: what becomes of revisions that were put in: ``refuse``, ``run`` or ``ignore``.
    :return: what is applied; None where no history tells.
    :raises HistoryError: the files do not fit.
    """
    applied = applied_in(context, heads)
    if applied is None:
        if accepted:
            raise HistoryError(
                "there is no history in this database to accept a revision into",
                hint="`limbeck upgrade head` begins one, unless the settings say history = false",
            )
        return None
    if accepted:
        from limbeck.workflow.taken_as_they_are import take_as_they_are

        take_as_they_are(context, applied, accepted)
        applied = applied_in(context, heads if context.moved_to is None else context.moved_to)
        assert applied is not None
    kinds = counted_kinds(policy)
    refuse_mismatches(each for each in applied.fit.mismatches if each.kind in kinds)
    return applied


def put_in_steps(script: ScriptDirectory, fit: Fit) -> list[PlanStep]:
    """The steps that run what was put in below applied revisions, oldest first.

    The version table says already that it is applied, so no row of it changes.

    :param script: the files.
    :param fit: how they fit.
    """
    graph = script.revision_map.graph
    steps = []
    for each in fit.of("missing"):
        revision = graph.by_id[each.revision]
        _ = getattr(revision, "module", None)  # what cannot be loaded is found before all runs
        parents = graph.parents[each.revision]
        steps.append(
            PlanStep("upgrade", revision, RowChanges(), parents, (each.revision,), is_upgrade=True)
        )
    return steps
