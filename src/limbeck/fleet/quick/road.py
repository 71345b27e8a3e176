"""The quick road of one run: what the usual one has sent to the first tenants, for the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from limbeck.database.halting import halted_thread
from limbeck.database.interruption import cancellable, interruption_of
from limbeck.fleet.quick.recorder import Recorder
from limbeck.fleet.quick.sessions import SESSIONS, NotAsExpected, QuickSession
from limbeck.fleet.quick.texts import Texts, placeless
from limbeck.revisions.history_row import HistoryRow, chained
from limbeck.revisions.mismatches import fit_of
from limbeck.revisions.recorded import recorded
from limbeck.runtime.events import RevisionFinished, RevisionStarted
from limbeck.runtime.failure import place_words
from limbeck.workflow.fit import edited_in
from limbeck.workflow.names import is_relative

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL, Engine

    from limbeck.project.tenant import Tenant
    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.events import Event
    from limbeck.runtime.origin import Origin
    from limbeck.script import ScriptDirectory

__all__ = ["QuickRoad", "is_quick"]

_USUAL = frozenset({"revision", "lock_wait", "lock_timeout", "strict"})
"""Options with which the quick road does the same as the usual one."""


def is_quick(options: Mapping[str, Any]) -> bool:
    """Whether there may be a quick road to what was asked.

    :param options: those of the upgrade.
    """
    said = {name for name, value in options.items() if value}
    return said <= _USUAL and not is_relative(options["revision"])


@dataclass
class _Row:
    """A row of the history that is about to be written."""

    template: HistoryRow
    before: frozenset[str]
    after: frozenset[str]
    last: HistoryRow | None
    started: str
    clock: float
    origin: Origin
    placed: HistoryRow | None = None

    def made(self) -> HistoryRow:
        """The row, as of now."""
        row = replace(
            self.template,
            heads=tuple(sorted(self.after)),
            started=self.started,
            finished=self.origin.now(),
            milliseconds=round((time.monotonic() - self.clock) * 1e3),
        )
        self.placed = chained(row, self.last)
        return self.placed


class QuickRoad:
    """What is known of the way, for all tenants of one run in one process.

    :param script: the revisions.
    :param revision: where to go.
    """

    def __init__(self, script: ScriptDirectory, revision: str) -> None:
        self.recorder = Recorder()
        self._script = script
        self._revision = revision
        self._texts: Texts | None = None
        self._plans: dict[tuple[str, ...], tuple[PlanStep, ...]] = {}
        self._fitting: dict[tuple[Any, ...], bool] = {}
        self._local = threading.local()

    def go(
        self, tenant: Tenant, told: Callable[[tuple[str, ...]], None], hear: Callable[[Event], None]
    ) -> bool:
        """Take a tenant along.

        :param tenant: the tenant.
        :param told: called with what its version table holds in the end.
        :param hear: called with each event of the run.
        :returns: False where the usual road has to be taken, from wherever the tenant is now.
        :raises KeyboardInterrupt: a signal has arrived.
        """
        ground = self.recorder.ground
        if ground is None or ground.dialect.name not in SESSIONS:
            return False
        url = make_url(tenant.address)
        backend, driver = ground.dialect.name, ground.dialect.driver
        if (url.get_backend_name(), url.get_driver_name()) != (backend, driver):
            return False
        if (tenant.schema is not None) != ground.is_tenants:
            return False
        if self._texts is None:
            self._texts = Texts(ground)
        try:
            with self._engine(url).connect() as connection, cancellable(connection):
                session = SESSIONS[backend](connection, tenant, ground, self._texts)
                with closing(session):
                    told(self._went(session, hear))
        except Exception as error:  # the usual road finds out what it is, and tells it
            interruption = interruption_of(error)
            if interruption is not None:
                raise interruption from error
            return False
        return True

    def _went(self, session: QuickSession, hear: Callable[[Event], None]) -> tuple[str, ...]:
        session.open()
        heads, rows = session.versions(), session.history()
        last = self._last(heads, rows)
        plan = self._plan(heads)
        if not plan:
            return heads
        steps = self.recorder.steps
        if any(step.id not in steps for step in plan[:1]):
            raise NotAsExpected
        session.lock()
        if session.versions() != heads:
            raise NotAsExpected
        here = frozenset(heads)
        for number, step in enumerate(plan, 1):
            sent = steps.get(step.id or "")
            if sent is None:
                raise NotAsExpected
            last, here = self._step(session, number, len(plan), step, here, last, hear)
        if frozenset(session.ask_versions()) != here:
            raise NotAsExpected
        return tuple(sorted(here))

    def _step(
        self,
        session: QuickSession,
        number: int,
        total: int,
        step: PlanStep,
        here: frozenset[str],
        last: HistoryRow | None,
        hear: Callable[[Event], None],
    ) -> tuple[HistoryRow | None, frozenset[str]]:
        thread = halted_thread()
        interruption = None if thread is None else thread.interruption()
        assert session.ground is not None and step.id is not None
        origin, sent = session.ground.origin, self.recorder.steps[step.id]
        after = step.rows.applied_to(here)
        clock = time.monotonic()
        row = _Row(sent.row, here, after, last, origin.now(), clock, origin)
        started = RevisionStarted("upgrade", step.id, step.doc, number, total)
        try:
            if interruption is not None:
                raise interruption
            session.step(number == 1, sent.statements, session.texts.changes(step.rows), row)
        except BaseException as error:
            ended = error if isinstance(error, KeyboardInterrupt) else interruption_of(error)
            if ended is None:
                raise
            ended.add_note(
                f"revision {step.id} was under way: nothing of it is in the database, which is at "
                f"{place_words(here)}"
            )
            raise ended from (None if ended is error else error)
        hear(started)
        hear(RevisionFinished(started, time.monotonic() - clock))
        return row.placed, after

    # What is worked out once

    def _plan(self, heads: tuple[str, ...]) -> tuple[PlanStep, ...]:
        plan = self._plans.get(heads)
        if plan is None:
            plan = self._plans[heads] = tuple(self._script._upgrade_revs(self._revision, heads))
        if not self._script.revision_map.bases:
            raise NotAsExpected
        return plan

    def _last(self, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> HistoryRow | None:
        """The newest row of a history that the files fit.

        :raises NotAsExpected: they do not, or another tool has migrated since.
        """
        if not rows:
            if heads:
                raise NotAsExpected
            return None
        said = (heads, *(row[1:-1] for row in rows))  # all but the numbers and the hashes
        is_fitting = self._fitting.get(said)
        if is_fitting is None:
            is_fitting = self._fitting[said] = self._fits(heads, rows)
        if not is_fitting:
            raise NotAsExpected
        return placeless(rows[-1])

    def _fits(self, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bool:
        graph = self._script.revision_map.graph
        state = recorded([placeless(row) for row in rows])
        if state.heads != frozenset(heads):
            return False
        fit = fit_of(state.at(heads, graph), heads, graph, edited_in(graph))
        return fit is not None and not fit.unknown and not fit.mismatches

    def _engine(self, url: URL) -> Engine:
        """An engine of this thread, which connects to any address of one kind."""
        engine: Engine | None = getattr(self._local, "engine", None)
        self._local.url = url
        if engine is None:
            engine = create_engine(
                url, poolclass=NullPool, creator=self._connect, hide_parameters=True
            )
            self._local.engine = engine
        return engine

    def _connect(self) -> Any:
        dialect = self._local.engine.dialect
        arguments, named = dialect.create_connect_args(self._local.url)
        return dialect.connect(*arguments, **named)
