"""MariaDB: the end of a revision in one message: of its journal, the version, and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute
from limbeck.database.compound import CannotSay
from limbeck.dialects.standard.own_statements import ask
from limbeck.runtime.journal.message_place import BACK, KEPT, reached, says_place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from limbeck.database.compound import Compound
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.journal.joined import Joined
    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.steps import RunStep

__all__ = ["ends_at_once"]

_MATCHES = "IF ROW_COUNT() <> 1 THEN SIGNAL SQLSTATE '45000'; END IF"
"""Behind a change of the version, as somebody else may have moved it."""


def ends_at_once(
    journal: Journal, step: RunStep, heads: Collection[str], started: str, seconds: float
) -> bool:
    """End a revision, but for the commit; False where it has to be done one by one.

    :param journal: the journal.
    :param step: the revision.
    :param heads: what the version table is to hold.
    :param started: when it began, as the history says it.
    :param seconds: how long it took.
    :raises DBAPIError: its transaction is no more.
    """
    joined, history = journal.joined, journal.context.history
    if joined is None or not joined.is_possible or step.is_put_in or step.plan.is_stamp:
        return False
    compound = joined.of_connection()
    row: HistoryRow | None = None
    try:
        said = _changes(journal, step, compound)
        if history is not None:
            made = history.bare_step(
                step, heads, started, seconds, lambda sql: _asked(journal, sql)
            )
            if made is None:
                return False
            row = made[0]
            said.append(compound.said(made[1:]))
        if not _send(joined, compound, said):
            return False
    except CannotSay:
        return False
    journal.finish(is_cleared=True)
    if history is not None and row is not None:
        history.bare_step_is_in(row)
    return True


def _asked(journal: Journal, sql: str) -> Sequence[Sequence[Any]]:
    with journal.written.writing():
        return ask(journal.connection, sql)


def _send(joined: Joined, compound: Compound, said: Sequence[str]) -> bool:
    """Send the end of a revision; False where it was refused, and nothing of it has happened.

    :raises DBAPIError: its transaction is no more, nor what the revision has done in it.
    """
    connection, number = joined.connection, joined.next_number()
    cursor = connection.connection.cursor()
    try:
        compound.send([KEPT, says_place(number), *said], cursor)
    except CannotSay:
        raise
    except BaseException as error:
        place = reached(cursor, error)
        try:
            if place is None:
                raise error
            if place == number:
                do_execute(cursor, BACK)
        except BaseException:
            connection._handle_dbapi_exception(error, said[0], (), cursor, None)
        return False  # one by one it is found out, and told, what is wrong
    finally:
        cursor.close()
    return True


def _changes(journal: Journal, step: RunStep, compound: Compound) -> list[str]:
    """The end of the journal, and the version."""
    said = [compound.said(journal.written.table.bare_clear(journal.connection))]
    context = journal.context
    for sql, is_matching in context.versions.bare_changes(context.dialect, step.rows):
        if "%" in sql:  # which is doubled there, for values beside it
            raise CannotSay
        said += [sql, *([_MATCHES] * is_matching)]
    return said
