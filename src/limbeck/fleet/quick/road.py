"""The quick road of one run: what the usual one has sent to the first tenants, for the others."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from limbeck.database.halting import halted_thread
from limbeck.database.interruption import cancellable, interruption_of
from limbeck.fleet.quick.legs import Leg, Place, Way, way_of
from limbeck.fleet.quick.postgresql import PostgresqlSession
from limbeck.fleet.quick.recorder import Recorder
from limbeck.fleet.quick.sessions import NotAsExpected, QuickSession
from limbeck.fleet.quick.sqlite import SqliteSession
from limbeck.fleet.quick.texts import Texts, placeless
from limbeck.revisions.errors import listed
from limbeck.revisions.mismatches import fit_of
from limbeck.revisions.ranges import overlap_words
from limbeck.revisions.recorded import recorded
from limbeck.runtime.events import RevisionFinished, RevisionStarted
from limbeck.runtime.migration import log_of_database
from limbeck.runtime.place_words import place_words
from limbeck.workflow.fit import edited_in
from limbeck.workflow.names import is_relative

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import URL, Engine

    from limbeck.project.tenant import Tenant
    from limbeck.runtime.events import Event
    from limbeck.script import ScriptDirectory

__all__ = ["SESSIONS", "QuickRoad", "is_quick"]

SESSIONS: dict[str, type[QuickSession]] = {
    "sqlite": SqliteSession,
    "postgresql": PostgresqlSession,
}

log = logging.getLogger("limbeck.runtime.migration")  # what happens is what that would tell

_USUAL = frozenset({"revision", "lock_wait", "lock_timeout", "strict"})
"""Options with which the quick road does the same as the usual one."""


def is_quick(options: Mapping[str, Any]) -> bool:
    """Whether there may be a quick road to what was asked.

    :param options: those of the upgrade.
    """
    said = {name for name, value in options.items() if value}
    return said <= _USUAL and not is_relative(options["revision"])


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
        self._ways: dict[tuple[tuple[str, ...], int], Way] = {}
        self._fitting: dict[tuple[Any, ...], bool] = {}
        self._local = threading.local()

    def go(
        self,
        tenant: Tenant,
        told: Callable[[tuple[str, ...]], None],
        hear: Callable[[Event], None],
        lost: Callable[[list[str]], None],
    ) -> bool:
        """Take a tenant along.

        :param tenant: the tenant.
        :param told: called with what its version table holds in the end.
        :param hear: called with each event of the run.
        :param lost: called with the revisions of which nobody knows whether they are done, as the
            session was lost meanwhile; wherever the usual road begins says which are not.
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
        if (tenant.schema is not None) != ground.is_tenants or "plugin" in url.query:
            return False  # a plugin of SQLAlchemy's makes another engine of the address
        if self._texts is None:
            self._texts = Texts(ground)
        try:
            engine = self._engine(url)
            if _are_connections_made_otherwise(engine):
                return False
            with engine.connect() as connection, cancellable(connection):
                session = SESSIONS[backend](connection, tenant, ground, self._texts)
                with session.held():
                    log_of_database(ground.impl, is_transactional=True)
                    told(self._went(session, hear, lost))
        except Exception as error:  # the usual road finds out what it is, and tells it
            interruption = interruption_of(error)
            if interruption is not None:
                raise interruption from error
            return False
        return True

    def _went(
        self,
        session: QuickSession,
        hear: Callable[[Event], None],
        lost: Callable[[list[str]], None],
    ) -> tuple[str, ...]:
        session.open()
        heads = session.versions()
        place = self._place(heads, session.history())
        way = self._way(heads, session.texts)
        if not way.total:
            return tuple(sorted(heads))
        if not way.legs or not (way.is_whole or session.ground.is_each):
            raise NotAsExpected
        session.lock(heads)
        number = 1
        for portion in session.portions(way.legs, place):
            while portion:
                tell = partial(_tell, portion, number, way.total, hear)
                place, count = self._carried_out(session, portion, place, tell, lost)
                number += count
                portion = portion[count:]
        here = way.legs[-1].after
        if not way.is_whole or session.arrived() != here:
            raise NotAsExpected
        return tuple(sorted(here))

    def _carried_out(
        self,
        session: QuickSession,
        portion: Sequence[Leg],
        place: Place,
        tell: Callable[[Sequence[float]], None],
        lost: Callable[[list[str]], None],
    ) -> tuple[Place, int]:
        """Carry out revisions and tell of them; how many these were."""
        thread = halted_thread()
        interruption = None if thread is None else thread.interruption()
        clock = time.monotonic()
        try:
            if interruption is not None:
                raise interruption
            place, seconds = session.carry_out(portion, place)
        except BaseException as error:
            ended = error if isinstance(error, KeyboardInterrupt) else interruption_of(error)
            count = _lasting(portion, session.standing())
            passed = time.monotonic() - clock
            if count is None:
                lost([leg.id for leg in portion])
            elif count:
                tell([passed / count] * count)
            if ended is None:
                raise
            ended.add_note(_note(portion, count))
            raise ended from (None if ended is error else error)
        tell(seconds)
        return place, len(seconds)

    # What is worked out once

    def _way(self, heads: tuple[str, ...], texts: Texts) -> Way:
        sent = self.recorder.steps
        key = (heads, len(sent))  # more of them become known as tenants take the usual road
        way = self._ways.get(key)
        if way is None:
            graph = self._script.revision_map.graph
            is_told = overlap_words(graph.all_parents, [id_ for id_ in heads if id_ in graph.by_id])
            if not self._script.revision_map.bases or is_told:
                raise NotAsExpected
            plan = self._script._upgrade_revs(self._revision, heads)
            way = self._ways[key] = way_of(plan, heads, sent, texts)
        return way

    def _place(self, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Place:
        """The newest row of a history that the files fit.

        :raises NotAsExpected: they do not, or another tool has migrated since.
        """
        if self._texts is None or not self._texts.has_history:
            return Place()
        if not rows:
            if heads:
                raise NotAsExpected
            return Place()
        said = (heads, *(row[1:-1] for row in rows))  # all but the numbers and the hashes
        is_fitting = self._fitting.get(said)
        if is_fitting is None:
            is_fitting = self._fitting[said] = self._fits(heads, rows)
        if not is_fitting:
            raise NotAsExpected
        newest = placeless(rows[-1])
        return Place(newest.number, newest.hash)

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


def _are_connections_made_otherwise(engine: Engine) -> bool:
    """Whether somebody makes connections, or hears of the first one of each engine.

    The quick road has one engine, which is told how to connect; of that SQLAlchemy tells nobody.
    https://docs.sqlalchemy.org/en/20/core/events.html#sqlalchemy.events.DialectEvents.do_connect
    """
    heard = engine.pool.dispatch.first_connect
    return bool(engine.dialect.dispatch.do_connect) or len(heard) > 0


def _lasting(portion: Sequence[Leg], standing: frozenset[str] | None) -> int | None:
    """How many of some revisions are in a database, after a failure; None where nobody knows.

    :param portion: the revisions.
    :param standing: what the version table holds, None where that is not known.
    """
    places = [portion[0].before, *(leg.after for leg in portion)]
    return None if standing is None or standing not in places else places.index(standing)


def _note(portion: Sequence[Leg], count: int | None) -> str:
    """What is told of an interruption."""
    if count is None:
        ids = listed([leg.id for leg in portion])
        return f"under way: {ids}; `limbeck current` tells what of it is in the database"
    if count == len(portion):
        return f"the database is at {place_words(portion[-1].after)}"
    return (
        f"revision {portion[count].id} was under way: nothing of it is in the database, which is "
        f"at {place_words(portion[count].before)}"
    )


def _tell(
    portion: Sequence[Leg],
    number: int,
    total: int,
    hear: Callable[[Event], None],
    seconds: Sequence[float],
) -> None:
    """Tell of the first ones of some revisions.

    :param portion: the revisions.
    :param number: that of the first one, from 1 on.
    :param total: how many there are.
    :param hear: called with each event.
    :param seconds: how long each took that is told of.
    """
    for each, (leg, passed) in enumerate(zip(portion, seconds, strict=False), number):
        started = RevisionStarted("upgrade", leg.id, leg.doc, each, total)
        hear(started)
        log.info("Running %s", leg.words)
        hear(RevisionFinished(started, passed))
