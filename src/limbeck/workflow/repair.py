"""What an interrupted revision has left, and the three ways out: on, back, or done by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import shown_address
from limbeck.errors import CommandError, DatabaseNotUpToDate, NotResumable, UsageError
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.events import Event
    from limbeck.runtime.journal.settling import Left, Settler
    from limbeck.runtime.migration import MigrationContext


@dataclass(frozen=True)
class OperationState:
    """One operation of an interrupted revision.

    :param number: which one it is, from 1.
    :param words: what it does.
    :param state: ``done``, ``half``, ``not``, ``debris`` or ``unknown``.
    """

    number: int
    words: str
    state: str


@dataclass(frozen=True)
class Interrupted:
    """What an interrupted revision has left in one database.

    :param address: the database, without its password.
    :param revision: its id.
    :param direction: ``upgrade`` or ``downgrade``.
    :param operations: those that have begun.
    :param not_resumable: why the same command cannot go on, None where it can.
    :param not_undoable: why it cannot be undone, a line each.
    :param is_running: its session is at work still.
    """

    address: str
    revision: str
    direction: str
    operations: tuple[OperationState, ...]
    not_resumable: str | None
    not_undoable: tuple[str, ...]
    is_running: bool = False

    @property
    def line(self) -> str:
        """What was interrupted, in one line."""
        done = sum(one.state == "done" for one in self.operations)
        count = "1 operation is" if done == 1 else f"{done} operations are"
        what = "is running in another session" if self.is_running else "was interrupted"
        return f"the {self.direction} of revision {self.revision} {what}; {count} in"

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        return f"limbeck {self.direction} " + ("head" if self.direction == "upgrade" else "-1")

    def facts(self) -> dict[str, Any]:
        """The state as plain values."""
        return {
            "address": self.address,
            "revision": self.revision,
            "direction": self.direction,
            "operations": [
                {"number": one.number, "words": one.words, "state": one.state}
                for one in self.operations
            ],
            "not_resumable": self.not_resumable,
            "not_undoable": list(self.not_undoable),
            "is_running": self.is_running,
        }


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


def state_in(context: MigrationContext) -> Interrupted | None:
    """What an interrupted run has left in one database, None for nothing.

    :param context: the database.
    """
    from limbeck.runtime.journal.recording import is_journal_there
    from limbeck.runtime.journal.undoing import undo_plan
    from limbeck.runtime.journal.words import why_not_resumable

    if not is_journal_there(context):
        return None
    with _settler(context) as settler:
        left = settler.look()
        session = "" if left.header is None else left.header.session
        is_running = bool(session) and settler.recovery.is_running(settler.connection, session)
    if left.header is None or not (left.is_something or left.debris):
        return None
    try:
        undo_plan(left, context.backend.recovery)
        not_undoable: tuple[str, ...] = ()
    except NotResumable as error:
        not_undoable = error.details
    return Interrupted(
        address=shown_address(context.connection.engine.url),
        revision=left.header.revision,
        direction=left.header.direction,
        operations=tuple(_operations(left)),
        not_resumable=why_not_resumable(left),
        not_undoable=not_undoable,
        is_running=is_running,
    )


def refuse_interrupted(context: MigrationContext) -> None:
    """Refuse to compare a database in which a revision is half done.

    :param context: the database.
    :raises DatabaseNotUpToDate: it is so.
    """
    found = state_in(context)
    if found is not None:
        raise DatabaseNotUpToDate(
            found.line, hint="`limbeck repair` shows it, goes on with it, or takes it back"
        )


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
        with _settler(context) as settler:
            undo_plan(settler.look(), settler.recovery)
    with _settler(context) as settler:
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
    with _settler(context) as settler:
        if settler.table.exists(settler.connection):
            settler.table.drop(settler.connection)


@contextmanager
def _settler(context: MigrationContext) -> Iterator[Settler]:
    from limbeck.database.journal_table import JournalTable
    from limbeck.runtime.journal.settling import Settler
    from limbeck.runtime.transactions import autocommit

    # env.py may have begun a transaction on its own connection, which is not ours to end.
    with context.connection.engine.connect() as connection, autocommit(connection):
        table = JournalTable(context.version_table, context.version_table_schema)
        yield Settler(connection, context.backend.recovery, table)


def _operations(left: Left) -> Iterator[OperationState]:
    for row in left.rows:
        if row.is_done:
            state = "done"
        elif row.state == "unknown":
            state = "unknown"
        elif row.number in left.debris:
            state = "debris"
        else:
            state = "half" if row.position else "not"
        yield OperationState(row.number, row.words, state)


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
