"""One deployer at a time: where a run takes the deploy lock, and what it does when it has waited.

The version is read without a lock, and with nothing to do that is all. Otherwise the lock is taken
and the version read again, for whoever has held it may have done what we were about to do.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from limbeck.database.deploy_lock import brief_transaction
from limbeck.database.patience import FIRST_PAUSE, Patience, pause_of
from limbeck.dialects.standard.lock import DeployLock
from limbeck.errors import CommandError
from limbeck.runtime.deployment_lock import DeploymentLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from limbeck.runtime.steps import RunStep

log = logging.getLogger("limbeck.runtime.migration")

_MOVING_SECONDS = 1.0
"""How long a version must stay as it is before somebody else may be taken to have given up."""


class VersionMoved(Exception):
    """Another deployer has migrated the database since the plan was made.

    :param done: how many steps of the plan we have carried out before.
    """

    def __init__(self, done: int) -> None:
        super().__init__("another deployer has migrated the database meanwhile")
        self.done = done


class Deployment(DeploymentLock):
    """The deploy lock of one migration context, and what a run does under it.

    :param context: the context.
    """

    def carry_out(
        self,
        plan: Callable[[tuple[str, ...]], Sequence[RunStep]],
        run: Callable[[tuple[str, ...], Sequence[RunStep]], None],
    ) -> None:
        """Plan and run, as the only one to do so.

        :param plan: the steps from some version; asked again where somebody else has moved it.
        :param run: runs the steps of a plan.
        :raises LockNotObtained: another deployer holds the lock for too long.
        """
        if not self._is_possible:
            heads = self._version()
            run(heads, plan(heads))
            return
        with self.locks.waiting(self._connection, self.options.lock_wait, at_least=True):
            heads = self._first_look()
            steps = plan(heads)
            is_done = not steps and not self.context.purge
            if is_done and not self._may_be_half_done:
                run(heads, steps)
                return
            with self.taken():
                self._run_locked(heads, steps, plan, run)

    def _run_locked(
        self,
        heads: tuple[str, ...],
        steps: Sequence[RunStep],
        plan: Callable[[tuple[str, ...]], Sequence[RunStep]],
        run: Callable[[tuple[str, ...], Sequence[RunStep]], None],
    ) -> None:
        reached = _reached(heads, steps)
        done = 0
        while True:
            now = self._version(is_again=True)
            if frozenset(now) != frozenset(heads) or done:
                before, left = steps[done:], () if frozenset(now) == reached else plan(now)
                self._tell_of_another(before, left)
                self.context.kept.forget()
                steps, done = left, 0
            heads = now
            try:
                run(heads, steps)
            except VersionMoved as moved:
                done = moved.done
                self._leave_it_to_the_other(reached)
            else:
                return

    def confirm(self, heads: Iterable[str], done: int) -> None:
        """Make sure, at the beginning of a transaction, that the plan still begins where we are.

        :param heads: where the plan takes the database to be.
        :param done: how many steps of it we have carried out.
        :raises VersionMoved: another deployer has gone on.
        :raises CommandError: the lock is another session's, as a pooler has given us a new one.
        """
        if self._of_transactions is not None:
            heads = frozenset(heads)
            if not self.context.purge:
                actual = self.context.versions.read(self._connection, is_there=bool(heads))
                if frozenset(actual) != heads:
                    raise VersionMoved(done)
        elif self._session is not None and self._session != self._session_id():
            raise CommandError(
                "the deploy lock is lost: a pooler has given us another session of the server",
                hint='connect to the server itself, or set deploy_lock = "transaction"',
            )

    @property
    def _may_be_half_done(self) -> bool:
        """Whether who asks to get somewhere finds a journal, and nobody who is at work on it."""
        if self.context.opts.get("destination_rev") is None:
            return False
        from limbeck.runtime.journal.presence import is_journal_there

        if not is_journal_there(self.context):
            return False
        with brief_transaction(self._connection):
            lock = self._found()
            return lock is None or self.locks.holder(self._connection, lock) is None

    def _leave_it_to_the_other(self, reached: frozenset[str]) -> None:
        """Wait until a version that somebody else moves has stayed for a moment where it is.

        :param reached: where nothing is left to do.
        """
        patience = Patience(_MOVING_SECONDS, pause=pause_of(self._connection))
        patience.longest_pause = 2 * FIRST_PAUSE
        before = self._version()
        while frozenset(before) != reached and patience.wait():
            now = self._version()
            if now != before:
                before = now
                patience.begin_again()

    def _tell_of_another(self, before: Sequence[RunStep], left: Sequence[RunStep]) -> None:
        done = len(before) - len(left)
        if done > 0:
            log.info("Another deployer has just done %d of %d steps", done, len(before))
            from limbeck.runtime.events import DoneByAnother

            self._report(DoneByAnother(before[0].plan.direction, done, len(left)))

    def _report(self, event: Any) -> None:
        report = self.context.opts.get("report")
        if report is not None:
            report(event)

    # The version

    def _version(self, *, is_again: bool = False) -> tuple[str, ...]:
        """The version; a run that purges the table begins nowhere."""
        if self.context.purge:
            return ()
        if is_again and self.locks.reads_snapshots and self._connection.in_transaction():
            return self.context.versions.read(self._connection, latest=True)
        return self.context.get_current_heads()

    def _first_look(self) -> tuple[str, ...]:
        found: list[tuple[str, ...]] = []

        def look() -> None:
            found.append(self._version())

        self.attempts.until(lambda: self.attempts.by_looking(look), DeployLock())
        return found[0]


def _reached(heads: Iterable[str], steps: Iterable[RunStep]) -> frozenset[str]:
    """Where the database is after some steps."""
    reached = frozenset(heads)
    for step in steps:
        reached = step.rows.applied_to(reached)
    return reached
