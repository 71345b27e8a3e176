"""Where nobody goes on with what was interrupted, or could later on, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import CommandError, NotResumable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.runtime.journal.left import Left
    from limbeck.runtime.steps import RunStep

__all__ = ["elsewhere_words", "refuse_others", "refuse_shutting_out", "refuse_unresumable"]


def elsewhere_words(left: Left) -> str:
    """Why nobody goes on in a copy: what is written down would be done to the original.

    :param left: what an interrupted run has left.
    """
    return f"it was interrupted in database {left.elsewhere}, of which this is a copy"


def refuse_others(left: Left, steps: Sequence[RunStep]) -> None:
    """Refuse anything but what was interrupted.

    :param left: what an interrupted run has left.
    :param steps: what is about to run.
    :raises NotResumable: it is something else.
    """
    header = left.header
    first = steps[0].plan if steps else None
    mine = first is not None and (first.id, first.direction)
    if header is None or mine == (header.revision, header.direction):
        return
    name = f"the {header.direction} of revision {header.revision}"
    raise NotResumable(
        f"{name} was interrupted, and a part of it is in the database",
        hint="`limbeck repair --resume` goes on with it; `limbeck repair` shows what is in, and "
        "can take it back",
    )


def refuse_unresumable(left: Left) -> None:
    """Refuse to go on where nobody can tell what is in the database.

    :param left: what an interrupted run has left.
    :raises NotResumable: it is so.
    """
    header = left.header
    if left.elsewhere:
        raise NotResumable(
            f"not resumable: {elsewhere_words(left)}",
            hint="finish it by hand and say `limbeck repair --mark-applied`, or copy it anew",
        )
    if header is not None and header.words:
        raise NotResumable(
            f"not resumable: revision {header.revision} has changed the database beside the "
            f"operations ({header.words})",
            hint="`limbeck repair` shows what is in; finish it by hand and say `limbeck repair "
            "--mark-applied`",
            details=["of what it runs by get_bind() or a Session, nobody can tell what has run"],
        )
    for row in left.rows:
        if row.state == "unknown":
            raise NotResumable(
                f"not resumable: nobody can tell whether operation {row.number} of revision "
                f"{row.revision} has happened ({row.words})",
                hint="`limbeck repair` shows what is in; finish it by hand and say `limbeck "
                "repair --mark-applied`",
            )


def refuse_shutting_out(sql: str, recovery: Recovery) -> None:
    """Refuse a statement with which nothing more could be written down.

    :param sql: the statement.
    :param recovery: tells which does that.
    :raises CommandError: it does.
    """
    if recovery.shuts_journal_out(sql):
        said = " ".join(sql.split())[:60]
        raise CommandError(
            f"`{said}` would keep the journal from being written: leave it out, as each "
            "statement takes the locks that it needs, or say context.configure(journal=False)"
        )
