"""What an interrupted revision has left in a database; nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import shown_address
from limbeck.errors import DatabaseNotUpToDate, NotResumable
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.runtime.journal.left import Left
    from limbeck.runtime.journal.settling import Settler
    from limbeck.runtime.migration import MigrationContext

__all__ = ["Interrupted", "OperationState", "refuse_interrupted", "settler_of", "state_in"]


class OperationState(Value):
    """One operation of an interrupted revision.

    :param number: which one it is, from 1.
    :param words: what it does.
    :param state: ``done``, ``half``, ``not``, ``debris`` or ``unknown``.
    """

    number: int
    words: str
    state: str


class Interrupted(Value):
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


def state_in(context: MigrationContext) -> Interrupted | None:
    """What an interrupted run has left in one database, None for nothing.

    :param context: the database.
    """
    from limbeck.runtime.journal.presence import is_journal_there

    if not is_journal_there(context):
        return None

    from limbeck.runtime.journal.undoing import undo_plan
    from limbeck.runtime.journal.words import why_not_resumable

    with settler_of(context) as settler:
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


@contextmanager
def settler_of(context: MigrationContext) -> Iterator[Settler]:
    """What asks a database about the journal, on a connection of its own.

    :param context: the database.
    """
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
