"""The ways out of an interrupted revision: on, back, or done by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, UsageError
from limbeck.workflow.environment import run_environment
from limbeck.workflow.interrupted import Interrupted, settler_of, state_in
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.events import Event
    from limbeck.runtime.migration import MigrationContext


def interrupted(config: Config) -> tuple[Interrupted, ...]:
    """Ask every database of the project for what an interrupted run has left. Nothing is written.

    :param config: the settings.
    :returns: one for each database where there is something.
    """
    found: list[Interrupted] = []

    def look(context: MigrationContext) -> None:
        state = state_in(context)
        if state is not None:
            found.append(state)

    _everywhere(config, look)
    return tuple(found)


def resume(config: Config, report: Callable[[Event], None] | None = None) -> tuple[str, ...]:
    """Go on with what was interrupted, and with nothing else.

    :param config: the settings.
    :param report: called when a revision begins and when it is done.
    :returns: the revisions that were finished.
    :raises CommandError: nothing was interrupted, or it fails again.
    """
    done: list[str] = []

    def steps(rows: Any, context: MigrationContext) -> list[PlanStep]:
        state = state_in(context)
        if state is None:
            return []
        done[:] = [state.revision]  # a plan may be asked for twice
        return [_step_of(config, state, rows)]

    run_environment(
        config, script_directory(config), steps, with_models=bool(config.models), report=report
    )
    return _something(done)


def undo(config: Config) -> tuple[str, ...]:
    """Take back what is in of the revision that was interrupted.

    :param config: the settings.
    :returns: the revisions that were undone.
    :raises NotResumable: something cannot be undone; nothing was changed.
    :raises CommandError: nothing was interrupted.
    """
    done: list[str] = []

    def take_back(context: MigrationContext) -> None:
        state = undo_in(context)
        if state is not None:
            done.append(state.revision)

    _everywhere(config, take_back, changes=True)
    return _something(done)


def undo_in(context: MigrationContext) -> Interrupted | None:
    """Take back what an interrupted run has left in one database.

    :param context: the database.
    :returns: what there was; None for nothing.
    :raises NotResumable: something cannot be undone; nothing was changed.
    """
    from limbeck.runtime.journal.undoing import carry_out, undo_plan

    state = state_in(context)
    if state is None:
        _sweep(context)
        return None
    if state.not_undoable:
        with settler_of(context) as settler:
            undo_plan(settler.look(), settler.recovery)
    with settler_of(context) as settler:
        left = settler.settle(takes_back=True)
        carry_out(undo_plan(left, settler.recovery), settler)
        settler.table.drop(settler.connection)
    return state


def mark_applied(config: Config) -> tuple[str, ...]:
    """Say that somebody has finished the interrupted revision by hand.

    :param config: the settings.
    :returns: the revisions whose version was written.
    :raises CommandError: nothing was interrupted, or it does not fit the version table.
    """
    done: list[str] = []

    def mark(context: MigrationContext) -> None:
        from limbeck.database.journal_table import JournalTable

        state = state_in(context)
        if state is None:
            return
        table = JournalTable(context.version_table, context.version_table_schema)
        heads = context.get_current_heads()
        step = _step_of(config, state, heads)
        with context.transactions.changing() as connection:
            if context.history is not None:
                context.history.by_hand(connection, step, heads)
            table.clear(connection)
            context.versions.carry_out(connection, step.rows)
        with context.transactions.changing() as connection:
            table.drop(connection)
        done.append(state.revision)

    _everywhere(config, mark, changes=True)
    return _something(done)


def _everywhere(
    config: Config, act: Callable[[MigrationContext], None], *, changes: bool = False
) -> None:
    """Do something in every database of the project.

    :param act: does it.
    :param changes: nobody else may migrate meanwhile.
    """

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        with context.deployment.taken() if changes else nullcontext():
            act(context)
        return []

    run_environment(config, script_directory(config), look, dont_mutate=True)


def _sweep(context: MigrationContext) -> None:
    """Drop a journal in which there is nothing."""
    with settler_of(context) as settler:
        if settler.table.exists(settler.connection):
            settler.table.drop(settler.connection)


def _step_of(config: Config, state: Interrupted, rows: Any) -> PlanStep:
    """The step of the plan that was interrupted."""
    from limbeck.revisions.plan import step_down

    script = script_directory(config)
    found: PlanStep | None
    if state.direction == "upgrade":
        found = next(iter(script._upgrade_revs(state.revision, rows)), None)
    else:
        found = step_down(script.revision_map.resolver, rows, state.revision)
    if found is None or found.id != state.revision:
        raise CommandError(
            f"revision {state.revision} was interrupted, but it is not what comes next",
            hint="`limbeck current` says where the database is",
        )
    return found


def _something(done: list[str]) -> tuple[str, ...]:
    if not done:
        raise UsageError("nothing was interrupted here", hint="`limbeck` says what is pending")
    return tuple(done)
