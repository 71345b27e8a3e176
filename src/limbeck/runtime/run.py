"""Carries out the steps of a plan, one after the other."""

from __future__ import annotations

import logging
import time
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, NotResumable
from limbeck.project.loading import alembic_names
from limbeck.runtime.events import Event, RevisionFinished, RevisionStarted
from limbeck.runtime.failure import StatementWatch, revision_failed
from limbeck.runtime.journal.recording import Recording
from limbeck.runtime.place_words import place_words
from limbeck.runtime.run_failure import cause_of, explain, tell_interruption
from limbeck.runtime.steps import row_words
from limbeck.script.loaded import is_long_run, load_the_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.resent.once_more import OnceMore
    from limbeck.runtime.resent.resending import Resending
    from limbeck.runtime.steps import RunStep

log = logging.getLogger("limbeck.runtime.migration")


class Run:
    """One run of a plan.

    :param context: the database, or the paper.
    :param steps: what to do, in order.
    :param heads: the ids in the version table at the start.
    :param arguments: passed on to ``upgrade()`` and ``downgrade()``.
    """

    def __init__(
        self,
        context: MigrationContext,
        steps: Sequence[RunStep],
        heads: Sequence[str],
        arguments: dict[str, Any],
    ) -> None:
        self.context = context
        self.steps = steps
        self.rows = tuple(heads)
        self.at_start = frozenset(heads)
        self.heads = frozenset(heads)
        self.arguments = arguments
        callbacks = context.opts.get("on_version_apply") or ()
        self.callbacks = (callbacks,) if callable(callbacks) else tuple(callbacks)
        self.recording = Recording(context)
        self.resending: Resending | None = None
        self.once_more: OnceMore | None = context.opts.get("once_more")
        self._begun = 0
        self._is_again = False
        self.entered: RunStep | None = None
        self.started = ""
        self.clock = 0.0

    def carry_out(self) -> None:
        """Do all of it.

        :raises RevisionFailed: a revision raised an error.
        """
        with self.context.kept.run():
            if not self.steps and not self.context.purge:
                self.recording.look_back()
                return
            with alembic_names():
                if self.context.as_sql:
                    load_the_others([step.plan for step in self.steps])
                    self._write_down()
                else:
                    self._change_database()

    # On paper

    def _write_down(self) -> None:
        context = self.context
        for number, step in enumerate(self.steps):
            with context.begin_transaction(_per_migration=True):
                if not number and not self.heads:
                    context.impl.write(context.versions.create())
                log.info("Running %s", step.plan)
                context.impl.static_output(f"-- Running {step.plan.short_log}")
                try:
                    self._call(step)
                except CommandError:
                    raise
                except (Exception, SystemExit) as error:  # a revision may raise anything
                    if error is context.impl.lost:
                        raise  # a full disk is no fault of the revision that was written down
                    state = (
                        "the SQL ends before this revision; with --sql, no statement has results"
                    )
                    raise revision_failed(step, error, None, state) from error
                changes = context.versions.changes(step.rows, returning=context.is_old_paper)
                for statement, _ in changes:
                    context.impl.write(statement)
                self._written(step)

    # On a database

    def _change_database(self) -> None:
        context = self.context
        context.transactions.require_connection()
        with context.transactions.reading() as connection:
            ids = [id_ for step in self.steps for id_ in step.rows.after]
            context.versions.refuse_long_ids(ids, connection)
        context.versions.refuse_doubles(self.rows, (step.rows for step in self.steps))
        self.resending = self._resending()
        joined = context.transactions.join() if context.kept.is_not_ours else nullcontext()
        context.kept.watch_for_commit()
        stamps_only = all(step.plan.is_stamp for step in self.steps)
        # A stamp is one change of the version table, so it is one transaction.
        groups = [self.steps] if stamps_only else [[step] for step in self.steps]
        try:
            with (
                joined,
                context.politeness.watching(),
                nullcontext() if context.history is None else context.history.running(),
                self.recording.open(self.steps),
                nullcontext() if self.resending is None else closing(self.resending),
                StatementWatch(context.connection, context.impl.transactional_ddl) as watch,
            ):
                for group in groups:
                    if not self._is_sent_again(group[0], watch):
                        self._in_one_transaction(group, watch)
                    context.kept.expect(self.heads, self.at_start)
        except KeyboardInterrupt as error:
            if not getattr(error, "__notes__", ()):  # it came between two revisions
                error.add_note(f"the database is at {place_words(self.heads)}")
            raise
        if context.per_migration or context.transactions.callers.has_ended:
            context.kept.check_version()

    def _resending(self) -> Resending | None:
        """What was sent before; None for a short run, of which nothing is kept.

        An ``upgrade()`` that is given arguments has parameters, which a pure one has not.
        """
        plans = [step.plan for step in self.steps]
        is_ours = self.context.deployment.is_undisputed
        if self.once_more is not None:
            self.once_more.begin(self.context)
            is_ours = False
        if self.arguments or not is_ours or not is_long_run(plans):
            load_the_others(plans)
            return None
        from limbeck.runtime.resent.resending import Resending

        resending = Resending(self.context, self.steps)
        resending.load_what_runs()
        return resending

    def _is_sent_again(self, step: RunStep, watch: StatementWatch) -> bool:
        """Carry a step out by what it was seen to send before; False where it has to run."""
        context, resending = self.context, self.resending
        # The first one makes the version table, and the history, in a transaction as ever.
        if resending is None or not self._begun or self._is_again:
            return False
        if not self.recording.is_untouched:
            return False
        statements = resending.statements(step)
        if statements is None:
            resending.pause()
            return False
        started = self._tell_of(step)
        watch.begin_transaction()
        watch.begin_again()
        self.entered = step
        before = self.heads
        try:
            resending.send(step, statements, before, self.started)
            self._written(step)
        except (Exception, KeyboardInterrupt) as error:
            resending.give_up()
            if resending.committed is not step:
                tell_interruption(self, error, watch)
                self._take_up(step, watch, error)
                self._is_again = True  # it was told of already
                return False
            self.heads = step.rows.applied_to(before)
            self.entered = None
            tell_interruption(self, error, watch)
        recorder = context.opts.get("recorder")
        if recorder is not None:
            recorder.sent_again(step, statements, context)
        self._report(RevisionFinished(started, time.monotonic() - self.clock))
        return True

    def _take_up(self, step: RunStep, watch: StatementWatch, error: BaseException) -> None:
        """Find out what is in of a step that was to be sent again, so that it can run.

        :param error: what was raised when it was sent.
        """
        try:
            self.recording.take_up(step)
        except NotResumable:
            raise
        except Exception as found:
            explain(self, cause_of(found, error, self.context.dialect), watch)
            raise

    def _in_one_transaction(self, group: Sequence[RunStep], watch: StatementWatch) -> None:
        context = self.context
        block = context.begin_transaction(_per_migration=True)
        watch.begin_transaction()
        context.transactions.watch = watch
        self.entered, before = None, self.heads
        try:
            with block:
                context.deployment.confirm(self.heads, self._begun - self._is_again)
                if not self._begun or self._is_again:
                    self._begin()
                begun = [self._step(step, watch) for step in group if not self._has_run(step)]
                watch.revisions_are_done()
        except NotResumable:
            raise
        except (Exception, SystemExit, BaseExceptionGroup, KeyboardInterrupt) as error:
            # a revision may raise anything
            tell_interruption(self, error, watch)
            if not (
                self._was_sent()
                or self.recording.splits_for(error)
                or self._makes_way(error, watch)
            ):
                explain(self, error, watch)
                raise
            self._is_again, self.heads = True, before
        finally:
            context.transactions.watch = None
        if self._is_again:
            self._in_one_transaction(group, watch)
            return
        context.politeness.is_done()
        for started, clock in begun:
            self._report(RevisionFinished(started, time.monotonic() - clock))

    def _is_sent_within(self, step: RunStep) -> bool:
        """Carry the first step out, in its transaction, by what it was seen to send before."""
        if self.once_more is not None:
            return self.once_more.sent_within(step)
        resending, recorder = self.resending, self.context.opts.get("recorder")
        if resending is None or self._begun > 1 or not self.recording.is_untouched:
            return False
        statements = resending.sent_within(step)
        if statements is not None and recorder is not None:
            recorder.sent_again(step, statements, self.context)
        return statements is not None

    def _was_sent(self) -> bool:
        """Whether the revision was sent as it was seen before, and is to run instead."""
        sent_by = self.once_more or self.resending
        return sent_by is not None and sent_by.gives_up(self.entered)

    def _makes_way(self, error: BaseException, watch: StatementWatch) -> bool:
        """Whether the revision has left no trace, and has waited for others to go on."""
        politeness = self.context.politeness
        if not politeness.is_retried(error, watch):
            return False
        failure = self.recording.failed()
        if failure is not None and (failure.left is None or failure.left.is_something):
            return False
        return politeness.pauses()

    def _begin(self) -> None:
        """Make the tables ready that say what is applied."""
        context = self.context
        context.ensure_version_table(purge=context.purge)
        if context.history is not None:
            context.history.begin(context.connection, None if context.purge else self.heads)
            if context.purge:
                context.history.purged(self.heads)

    def _has_run(self, step: RunStep) -> bool:
        """Whether another deployer has run meanwhile what was put in below the version."""
        history = self.context.history
        return history is not None and step.is_put_in and history.has(step.plan.id)

    def _step(self, step: RunStep, watch: StatementWatch) -> tuple[RevisionStarted, float]:
        """Run one step; what has begun, and when."""
        context, history = self.context, self.context.history
        started = self._tell_of(step)
        watch.begin_again()
        clock = self.clock
        if step.function is not None:
            self.entered = step
            self.recording.begin(step)
            if history is not None and step.plan.direction == "upgrade":
                history.files.take(step.plan.revision)
            with watch.of_revision(may_take_back=context.opts.get("refusals") == "alembic"):
                self._call(step)
        after, seconds = step.rows.applied_to(self.heads), time.monotonic() - clock
        if self.recording.ends_at_once(step, after, self.started, seconds):
            self._written(step)
            return started, clock
        with self.recording.finished():
            context.versions.carry_out(context.connection, step.rows)
            if history is not None:
                history.step(step, after, self.started, seconds)
            self._written(step)
        return started, clock

    def _tell_of(self, step: RunStep) -> RevisionStarted:
        """Say that a step begins, unless it was said already; the clock starts."""
        self._begun += not self._is_again
        started = RevisionStarted(
            direction=step.plan.direction,
            revision=step.plan.id,
            message=step.plan.doc,
            number=self._begun,
            total=len(self.steps),
        )
        if not self._is_again:
            self._report(started)
            log.info("Running %s", step.plan)
        self._is_again = False
        history = self.context.history
        self.started = history.origin.now() if history is not None else ""
        self.clock = time.monotonic()
        return started

    def _call(self, step: RunStep) -> None:
        if step.function is None or self._is_sent_within(step):
            return
        recorder, resending = self.context.opts.get("recorder"), self.once_more or self.resending
        with (
            nullcontext() if recorder is None else recorder.listening(step, self.context),
            nullcontext() if resending is None else resending.listening(step),
        ):
            step.function(**self.arguments)

    def _written(self, step: RunStep) -> None:
        """The version has changed with the step; tell who wants to know."""
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s", row_words(step.rows))
        self.heads = step.rows.applied_to(self.heads)
        for callback in self.callbacks:
            callback(
                ctx=self.context,
                step=step.info,
                heads=set(self.heads),
                run_args=self.arguments,
            )

    def _report(self, event: Event) -> None:
        self.context.report(event)
