"""The way back where the history is known, over revisions whose files are not here too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import HistoryError
from limbeck.revisions.history_row import broken_at
from limbeck.revisions.step import PlanStep
from limbeck.runtime.events import Notice
from limbeck.script.kept import KeptScript
from limbeck.workflow.fit import applied_in, refuse_mismatches

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from limbeck.config import Config
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory
    from limbeck.workflow.destination import Destination
    from limbeck.workflow.fit import Applied


def steps_back(
    config: Config,
    script: ScriptDirectory,
    destination: Destination,
    heads: Collection[str],
    context: MigrationContext,
) -> Sequence[Any]:
    """The steps of a downgrade.

    Code from the database is loaded here and nowhere else: only the way back asked for it.

    :param config: the settings.
    :param script: the files; they know the revisions of the history afterwards.
    :param destination: where to go.
    :param heads: what the version table holds.
    :param context: the database.
    :raises HistoryError: the way back is not known.
    """
    applied = applied_in(context, heads)
    if applied is None:
        return destination.steps(heads, context)
    if applied.fit.unknown:
        _take_up(config, script, applied.fit.unknown, context)
    steps = destination.steps(heads, context)
    refuse_mismatches(
        each
        for each in applied.fit.of("deleted")
        if not _is_below(each.revision, applied, {step.id for step in steps})
    )
    never = {each.revision for each in applied.fit.of("missing")}
    back = [_only_written_down(each) if each.id in never else each for each in steps]
    kept = [step.id or "" for step in back if isinstance(step.revision, KeptScript)]
    if kept:
        verb = "is" if len(kept) == 1 else "are"
        context.report(
            Notice(f"{', '.join(kept)} {verb} undone by what the history has kept of the file")
        )
    return back


def _only_written_down(step: PlanStep) -> PlanStep:
    """The step over a revision that was put in and has never run: nothing is to be undone."""
    return PlanStep("stamp", step.revision, step.rows, step.from_ids, step.to_ids, is_upgrade=False)


def _take_up(
    config: Config,
    script: ScriptDirectory,
    unknown: Sequence[HistoryRow],
    context: MigrationContext,
) -> None:
    """Put the revisions that only the history knows into those of the files."""
    assert context.history is not None
    names = ", ".join(row.revision or "" for row in unknown)
    if not config.downgrades_from_history:
        raise HistoryError(
            f"the database is ahead of these files by {names}",
            hint="downgrade by the files that have them; the setting downgrade_from_history lets "
            "nothing run that only the database has",
        )
    rows = context.history.read(full=True) or ()
    broken = broken_at(rows)
    if broken is not None:
        raise HistoryError(
            f"row {broken[0]} of {context.history_table} cannot be trusted: {broken[1]}",
            hint=f"downgrade by the files that have {names}",
        )
    by_number = {row.number: row for row in rows}
    kept = [KeptScript(by_number[row.number], context.history_table) for row in unknown]
    here = tuple(script.revision_map)
    script.revision_map = script.revision_map_class(lambda: [*here, *kept])


def _is_below(deleted: str, applied: Applied, undone: Collection[str | None]) -> bool:
    """Whether something that stays says still that a revision without a file is applied."""
    waiting = [id_ for id_ in applied.rows if id_ not in undone and id_ != deleted]
    return any(
        deleted in row.all_parents for id_ in waiting if (row := applied.rows[id_]) is not None
    )
