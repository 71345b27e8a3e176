"""What the revisions make of an empty database, in the place of the project's own database.

A developer's database may be behind, or absent, or hold what nobody has written down. The history
alone says what there is before a new revision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from limbeck.errors import DatabaseNotUpToDate, DatabaseUnreachable, ScratchUnavailable

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.workflow.replay import Replay

T = TypeVar("T")

RunElsewhere = Callable[..., None]
"""``run(fn, **context_opts)``, as :func:`~limbeck.workflow.environment.run_environment` does."""


def on_database_or_history(
    config: Config,
    attempt: Callable[[RunElsewhere | None], T],
    from_history: bool | None,
    scratch: str | None = None,
) -> tuple[T, tuple[str, ...]]:
    """Do something with the project's own database, or with what the history makes of an empty one.

    :param config: the settings.
    :param attempt: does it; called with what runs it on the history, or with None.
    :param from_history: whether it is done on the history; None does so in limbeck's own projects
        where the database is behind or cannot be reached.
    :param scratch: the address of the scratch database; by default one is made.
    :returns: what came of it, and what a person should know of that, a line each.
    :raises RevisionFailed: a revision fails on an empty database.
    :raises ScratchUnavailable: there is no scratch database to be had.
    :raises CommandError: whatever ``attempt`` raises.
    """
    if from_history:
        return _on_history(config, attempt, scratch)
    try:
        return attempt(None), ()
    except (DatabaseNotUpToDate, DatabaseUnreachable) as error:
        if from_history is not None or not config.is_native:
            raise
        try:
            done, notes = _on_history(config, attempt, scratch)
        except ScratchUnavailable as reason:
            raise error from reason
        is_behind = isinstance(error, DatabaseNotUpToDate)
        state = "is behind the history" if is_behind else "is not there"
        note = f"The database {state}: the models were compared with what the revisions make of an "
        return done, (f"{note}empty one.", *notes)


def _on_history(
    config: Config, attempt: Callable[[RunElsewhere | None], T], scratch: str | None
) -> tuple[T, tuple[str, ...]]:
    from limbeck.workflow.replay import replaying

    with replaying(config, scratch) as replay:
        snapshot = at_the_heads(replay)
        return attempt(replay.run), (*snapshot, *replay.notes)


def at_the_heads(replay: Replay) -> tuple[str, ...]:
    """Bring a scratch database to the heads, by a snapshot of them or by every revision.

    :param replay: an empty scratch database.
    :return: what a person should know of that, a line each.
    """
    from limbeck.workflow.restoring import restored_by

    snapshot = restored_by(replay)
    if snapshot is not None:
        return (f"What the history makes is taken from {snapshot}, without a run of it.",)
    to_the_heads(replay)
    return ()


def to_the_heads(replay: Replay) -> None:
    """Run every revision.

    :param replay: an empty scratch database.
    """
    replay.upgrade(each.revision for each in replay.script.get_revisions("heads") if each)
