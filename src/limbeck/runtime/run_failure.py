"""What is told of a revision that has failed or was interrupted, and what is left of it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.database.interruption import interruption_of, name_of
from limbeck.runtime.failure import revision_failed
from limbeck.runtime.place_words import place_words

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.errors import RevisionFailed
    from limbeck.runtime.failure import StatementWatch
    from limbeck.runtime.run import Run
    from limbeck.runtime.steps import RunStep

__all__ = ["cause_of", "explain", "tell_interruption"]


def cause_of(found: Exception, before: BaseException, dialect: Dialect) -> Exception:
    """What to tell of an error that was met while the one before it was looked into.

    A connection that is lost says why when that is noticed, and afterwards only that it is closed.

    :param found: the error.
    :param before: the one before it, of the bare driver's or not.
    :param dialect: the database.
    """
    is_lost = isinstance(found, DBAPIError) and found.connection_invalidated
    driver = dialect.dbapi
    if not is_lost or driver is None or not isinstance(before, driver.Error):
        return found
    told = DBAPIError.instance(None, None, before, driver.Error, dialect=dialect)
    return told if isinstance(told, Exception) else found


def tell_interruption(run: Run, error: BaseException, watch: StatementWatch) -> None:
    """Say of a signal what is in the database now.

    :raises KeyboardInterrupt: one has arrived, with notes that say it.
    """
    interruption = interruption_of(error)
    if interruption is None:
        return
    for line in _interrupted_words(run, watch, name_of(interruption)):
        interruption.add_note(line)
    raise interruption from (None if interruption is error else error)


def _interrupted_words(run: Run, watch: StatementWatch, signal: str) -> list[str]:
    if run.entered is None:
        return [f"the database is at {place_words(run.heads)}"]
    failed = _failed(run, run.entered, KeyboardInterrupt(), watch)
    words = [f"revision {run.entered.plan.id} was under way: {failed.details[-1]}"]
    if watch.lasting:
        words.append(failed.hint or "")
    _write_failure(run, run.entered, failed, signal)
    return words


def explain(run: Run, error: BaseException, watch: StatementWatch) -> None:
    """Say of an error that a revision has raised where it was, and what is in the database.

    :raises RevisionFailed: in its place, unless the original one is wanted, which gets a note.
    """
    if run.entered is None:
        return
    failed = _failed(run, run.entered, error, watch)
    blocker = run.context.politeness.blocker
    if blocker:
        failed.details = (*failed.details, f"what it needs was held by {blocker}")
        failed.hint = "try again when that has ended, or wait longer with --lock-wait"
    _write_failure(run, run.entered, failed)
    if not run.context.opts.get("original_errors"):
        raise failed from error
    error.add_note("\n".join((failed.message, *failed.details)))


def _write_failure(
    run: Run, step: RunStep, error: RevisionFailed, signal: str | None = None
) -> None:
    """Write into the history that a step has failed, once it was rolled back."""
    context = run.context
    history = context.history
    if history is None or context.transactions.external:
        return
    heads = _heads_before(run, step) if context.per_migration else run.at_start
    milliseconds = round((time.monotonic() - run.clock) * 1e3)
    write = partial(history.failed, step, error, heads, run.started, milliseconds, signal)
    if context.per_migration:
        write()
    else:
        context.transactions.after_rollback = write


def _heads_before(run: Run, step: RunStep) -> frozenset[str]:
    return (run.heads - frozenset(step.rows.after)) | frozenset(step.rows.before)


def _failed(run: Run, step: RunStep, error: BaseException, watch: StatementWatch) -> RevisionFailed:
    context = run.context
    left = run.recording.failed()
    if context.transactions.external and context.transactions.outer == "wrap":
        state = (
            "nothing of it is in the caller's transaction, in which the database is at "
            f"{place_words(_heads_before(run, step))}"
        )
    elif context.transactions.external:
        state = "its transaction is the caller's, who must roll it back"
    elif context.per_migration:
        before = place_words(_heads_before(run, step))
        state = f"nothing of it is in the database, which is at {before}"
    else:
        state = f"nothing of this run is in the database, which is at {place_words(run.at_start)}"
    return revision_failed(step, error, watch, state, left)
