"""Where nobody goes on with what was interrupted, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import NotResumable

if TYPE_CHECKING:
    from limbeck.runtime.journal.left import Left

__all__ = ["elsewhere_words", "refuse_unresumable"]


def elsewhere_words(left: Left) -> str:
    """Why nobody goes on in a copy: what is written down would be done to the original.

    :param left: what an interrupted run has left.
    """
    return f"it was interrupted in database {left.elsewhere}, of which this is a copy"


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
