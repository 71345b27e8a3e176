"""What a run tells about its progress, as values.

A callable in the option ``report`` is called with each of them, so that a command line can talk
without logging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.revisions.step import Direction


class RevisionStarted(Value, slots=True):
    """A revision begins.

    :param direction: ``upgrade``, ``downgrade`` or ``stamp``.
    :param revision: its id; None where a stamp only removes rows.
    :param message: the first paragraph of its docstring.
    :param number: which one of this run it is, from 1.
    :param total: how many there are in this run.
    """

    direction: Direction
    revision: str | None
    message: str
    number: int
    total: int


class RevisionFinished(Value, slots=True):
    """A revision is in the database, or undone, and committed as far as the run commits.

    :param started: the event of its beginning.
    :param seconds: how long it took.
    """

    started: RevisionStarted
    seconds: float


class Notice(Value, slots=True):
    """Something that a person should know, and that stops nothing.

    :param words: a line.
    """

    words: str


class LockAwaited(Value, slots=True):
    """Another deployer migrates the database, and we wait.

    :param reason: what is known of it, in a few words.
    :param holder: who it is, for people; empty where the database does not tell.
    :param seconds: for how long we are ready to wait.
    """

    reason: str
    holder: str
    seconds: float


class DoneByAnother(Value, slots=True):
    """What was to be done was done by another deployer meanwhile.

    :param direction: ``upgrade``, ``downgrade`` or ``stamp``.
    :param steps: how many of our steps are done.
    :param left: how many are not.
    """

    direction: Direction
    steps: int
    left: int


class StatementBlocked(Value, slots=True):
    """A statement has given up waiting for a lock, and will be tried again.

    :param sql: the statement, cut short.
    :param blocker: who is in its way, for people.
    """

    sql: str
    blocker: str


Event = RevisionStarted | RevisionFinished | Notice | LockAwaited | DoneByAnother | StatementBlocked
