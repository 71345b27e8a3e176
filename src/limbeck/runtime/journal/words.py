"""What is in the database of a revision that did not come to its end, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from limbeck.runtime.journal.refusals import elsewhere_words
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalRow
    from limbeck.runtime.journal.left import Failure, Left

BY_HAND = "finish it by hand and say `limbeck repair --mark-applied`, or see `limbeck repair`"


class Told(Value):
    """What to say.

    :param lines: what is in the database.
    :param hint: what to do.
    """

    lines: tuple[str, ...]
    hint: str


def partly_applied(failure: Failure) -> Told | None:
    """What to say of a revision that has failed, None where nothing of it is in the database.

    :param failure: what it has left.
    """
    if failure.left is None:
        why = failure.reason or "the connection is lost"
        return Told(
            (f"{why}, so nobody can say what of it is in the database",),
            "run the same command again: it finds out what is in, and goes on from there",
        )
    if not failure.left.is_something:
        return None
    lines = [state_words(failure.left)]
    reason = why_not_resumable(failure.left)
    if reason is not None:
        return Told((*lines, f"it is not resumable: {reason}"), BY_HAND)
    number = next_number(failure.left.rows)
    if failure.left.refused:
        return Told(
            tuple(lines),
            f"take away what keeps the rest of operation {number} from being done, and run the "
            f"same command again to go on from there; or {BY_HAND}",
        )
    return Told(
        tuple(lines),
        f"correct what failed, and run the same command again to go on from operation {number}; "
        "`limbeck repair --undo` takes back what is in",
    )


def state_words(left: Left) -> str:
    """Which operations are in the database, in one line.

    :param left: what is left of a revision.
    """
    done = done_numbers(left.rows)
    half = [row for row in left.rows if row.has_begun and not row.is_done]
    several = sum(row.is_done for row in left.rows) != 1
    words = f"operation{'s' if several else ''} {done} of it {'are' if several else 'is'} in"
    if not done:
        words = "no operation of it is in as a whole"
    for row in half:
        if row.state == "unknown":
            words += f"; of operation {row.number} nobody can tell"
        else:
            words += f"; operation {row.number} is half in ({row.words})"
    return words


def why_not_resumable(left: Left) -> str | None:
    """Why nobody can go on from there, None where the same command does.

    :param left: what is left of a revision.
    """
    if left.elsewhere:
        return elsewhere_words(left)
    if left.header is not None and left.header.words:
        return f"it has changed the database beside its operations ({left.header.words})"
    for row in left.rows:
        if row.state == "unknown":
            return f"nobody can tell whether operation {row.number} has happened ({row.words})"
    return None


def next_number(rows: Sequence[JournalRow]) -> int:
    """The operation to go on from."""
    open_ = [row.number for row in rows if not row.is_done]
    return min(open_) if open_ else max((row.number for row in rows), default=0) + 1


def done_numbers(rows: Sequence[JournalRow]) -> str:
    """Which operations are done: ``1-7``, or ``1, 3-5``."""
    numbers = sorted(row.number for row in rows if row.is_done)
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
