"""Writes down what a run does, in the history table and in the very transactions of the run."""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from limbeck import __version__
from limbeck.database.cancelling import cancelled_after
from limbeck.database.secrets import without_passwords
from limbeck.database.transaction import roll_back
from limbeck.errors import CommandError, RevisionPartlyApplied
from limbeck.project.known_checksums import keep_checksums
from limbeck.revisions.history_row import HistoryRow
from limbeck.revisions.recorded import Recorded, recorded
from limbeck.revisions.rows import replaced
from limbeck.revisions.walk import newest_first, reached
from limbeck.runtime.file_words import Files
from limbeck.runtime.newest_row import Newest
from limbeck.runtime.origin import Origin, this_process

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from limbeck.database.history_table import HistoryTable
    from limbeck.revisions.graph import RevisionMap
    from limbeck.revisions.revision import Revision
    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

log = logging.getLogger(__name__)

_HURRY_SECONDS = 2.0
"""How long an interrupted run may take to write down that it was."""

_LONGEST_ERROR = 1000
_LONGEST_NAME = 255


class History:
    """The history of one database, as one migration context reads and writes it.

    :param context: the context.
    :param table: the table.
    :param origin: where the run comes from; by default this process.
    """

    def __init__(
        self, context: MigrationContext, table: HistoryTable, origin: Origin | None = None
    ) -> None:
        self.context = context
        self.table = table
        self._given_origin = origin
        self.files = Files()
        self._newest = Newest(context, table)

    @cached_property
    def origin(self) -> Origin:
        """Where the run comes from."""
        return self._given_origin or this_process()

    # Reading --------------------------------------------------------------------------

    def read(self, *, full: bool = False) -> tuple[HistoryRow, ...] | None:
        """All rows; None where there is no table.

        :param full: with the errors and the texts of the files.
        """
        with self.context.transactions.reading() as connection:
            return self.table.read(connection, full=full)

    def has(self, revision: str | None) -> bool:
        """Whether the rows say that a revision is applied."""
        return revision in recorded(self.table.read(self.context.connection) or ()).rows

    # Writing, within the transaction of what is written down ----------------------------

    def begin(self, connection: Connection, heads: Collection[str] | None) -> None:
        """Create the table where there is none, and take up what it does not know.

        :param connection: the connection.
        :param heads: what the version table holds before the run; None takes nothing up.
        """
        self._newest.keep(None)
        if not self.table.exists(connection):
            self.table.create(connection)
            last = None
        else:
            last = self.table.last(connection)
        known = frozenset() if last is None else frozenset(last.heads)
        if heads is not None and frozenset(heads) != known:
            self._add(connection, self._found(connection, heads))

    def step(self, step: RunStep, heads: Collection[str], started: str, seconds: float) -> None:
        """Write down that a step is done.

        :param step: the step.
        :param heads: what the version table holds now.
        :param started: when it began.
        :param seconds: how long it took.
        """
        connection = self.context.connection
        plan = step.plan
        row = self.row(
            plan.revision, plan.direction, heads, started=started, milliseconds=round(seconds * 1e3)
        )
        rows = [row]
        if plan.is_stamp:
            rows = [*self._implied(connection, plan.revision, row.heads), row]
        elif step.is_put_in:
            rows += self._above(connection, plan.revision, row.heads)
        self._add(connection, rows)

    def bare_step(
        self,
        step: RunStep,
        heads: Collection[str],
        started: str,
        seconds: float,
        ask: Callable[[str], Sequence[Sequence[Any]]],
    ) -> tuple[HistoryRow, str, Any] | None:
        """What writes down by the bare driver that a step is done; None where that cannot be.

        Once it has been committed, :meth:`bare_step_is_in` has to be told.

        :param step: the step, which is not put in below the version, and no stamp.
        :param heads: what the version table holds now.
        :param started: when it began.
        :param seconds: how long it took.
        :param ask: asks the database something.
        :returns: the row, the statement, and its values.
        """
        connection = self.context.connection
        plan, ms = step.plan, round(seconds * 1e3)
        row = self.row(plan.revision, plan.direction, heads, started=started, milliseconds=ms)
        last = self._newest.known
        if last is None:
            found = ask(self._newest_place)
            last = replace(row, number=found[0][0], hash=found[0][1]) if found else None
        return self.table.bare_insert(connection, row, last)

    def bare_step_is_in(self, row: HistoryRow) -> None:
        """A row of :meth:`bare_step` is in the table.

        :param row: the row.
        """
        self._newest.keep(row)

    def by_hand(self, connection: Connection, plan: PlanStep, heads: Collection[str]) -> None:
        """Write down that somebody has done by hand what a step would have done.

        :param connection: the connection.
        :param plan: the step.
        :param heads: what the version table holds before.
        """
        self.begin(connection, heads)
        after = plan.rows.applied_to(heads)
        self._add(connection, [self.row(plan.revision, plan.direction, after, outcome="accepted")])

    def purged(self, heads: Collection[str]) -> None:
        """Write down that the version table was emptied.

        :param heads: what it holds now.
        """
        self._add(self.context.connection, [self.row(None, "stamp", heads)])

    def failed(
        self,
        step: RunStep,
        error: CommandError,
        heads: Collection[str],
        started: str,
        ms: int,
        signal: str | None = None,
    ) -> None:
        """Write down that a step has failed, if that can still be done.

        What was wrong is worth more than this row: nothing is raised.

        :param step: the step.
        :param error: what is told of it.
        :param heads: what the version table holds, as before.
        :param started: when it began.
        :param ms: how long it took, in milliseconds.
        :param signal: what has interrupted it, if that was no error of its own; then the row is
            written soon, or not at all.
        """
        if signal is not None:
            outcome, cause = "interrupted", f"{signal}; {error.details[-1]}"
        else:
            outcome = "partly" if isinstance(error, RevisionPartlyApplied) else "failed"
            cause = _cause(error)
        connection = self.context.connection
        if connection.closed or connection.invalidated:
            return
        try:
            roll_back(connection)  # somebody may have looked at what is left
            hurried = nullcontext() if signal is None else self._in_a_hurry()
            with hurried, self.context.transactions.changing():
                self.begin(connection, heads)
                row = self.row(
                    step.plan.revision,
                    step.plan.direction,
                    heads,
                    started=started,
                    milliseconds=ms,
                    outcome=outcome,
                    error=cause,
                )
                self._add(connection, [row])
        except Exception as reason:  # whatever it is, the failure itself is what is told
            log.debug("The failure could not be written into %s: %s", self.table.name, reason)

    @contextmanager
    def _in_a_hurry(self) -> Iterator[None]:
        self.context.deployment.hurry()
        with cancelled_after(self.context.connection, _HURRY_SECONDS):
            yield

    def add(self, rows: Iterable[HistoryRow], heads: Collection[str]) -> None:
        """Write rows in a transaction of their own, or in the one that is open.

        :param rows: the rows.
        :param heads: what the version table holds.
        """
        context = self.context
        with context.deployment.taken(), context.transactions.changing() as connection:
            self.begin(connection, heads)
            self._add(connection, rows)

    def move(self, connection: Connection, heads: Collection[str], to: Collection[str]) -> None:
        """Let the version table hold other ids, of which the same is applied by other edges.

        :param connection: the connection.
        :param heads: what it holds.
        :param to: what it has to hold.
        """
        context = self.context
        going = tuple(sorted(frozenset(heads) - frozenset(to)))
        coming = tuple(sorted(frozenset(to) - frozenset(heads)))
        context.versions.refuse_long_ids(coming, connection)
        context.versions.carry_out(connection, replaced(going, coming))
        context.moved_to = tuple(sorted(to))
        self._add(connection, [self.row(None, "accept", to, outcome="accepted")])

    def row(
        self,
        revision: Revision | None,
        direction: Any,
        heads: Collection[str],
        *,
        started: str | None = None,
        **more: Any,
    ) -> HistoryRow:
        """A row about a revision as its file is now, done now.

        :param revision: the revision.
        :param direction: what was done.
        :param heads: what the version table holds afterwards.
        :param started: when it began; now if not given.
        :param more: further fields, and those that shall be otherwise.
        """
        finished = self.origin.now()
        is_applied = direction != "downgrade" and "error" not in more
        file = self.files.words(revision, keeps_text=is_applied)
        fields: dict[str, Any] = {
            "revision": None if revision is None else revision.revision,
            "direction": direction,
            "outcome": "done",
            "parents": () if revision is None else revision.parents,
            "requires": () if revision is None else revision.required_ids,
            "heads": tuple(sorted(heads)),
            "checksum": file.checksum,
            "file_checksum": file.file_checksum,
            "source": file.source,
            "started": started or finished,
            "finished": finished,
            "who": self.origin.who[:_LONGEST_NAME],
            "host": self.origin.host[:_LONGEST_NAME],
            "tool": f"limbeck {__version__}",
            "driver": self._driver,
        }
        return HistoryRow(**{**fields, **more})

    @cached_property
    def _newest_place(self) -> str:
        return self.table.newest_place(self.context.connection)

    @cached_property
    def _driver(self) -> str:
        return _driver(self.context.connection)[:_LONGEST_NAME]

    def _add(self, connection: Connection, rows: Iterable[HistoryRow]) -> None:
        newest = self._newest
        newest.keep(self.table.add(connection, tuple(rows), newest.row(connection)))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within, one run writes its rows."""
        with self._newest.remembered():
            yield
        keep_checksums()

    def _found(self, connection: Connection, heads: Collection[str]) -> list[HistoryRow]:
        """Rows for what another tool has done: revisions that are applied and in no row."""
        rows = self._implied(connection, None, heads, direction="adopt", outcome="adopted")
        nothing = self.row(None, "adopt", heads, outcome="adopted")
        return rows or [nothing]

    def _above(
        self, connection: Connection, revision: Revision | None, heads: Collection[str]
    ) -> list[HistoryRow]:
        """Rows for what follows a revision that has run although it was put in below a head."""
        if revision is None or self._map is None:
            return []
        from limbeck.runtime.accepting import relinked  # seldom has one

        applied = recorded(self.table.read(connection) or ()).rows
        return relinked(self, connection, revision.revision, self._map.graph, applied, heads)

    def _implied(
        self,
        connection: Connection,
        but: Revision | None,
        heads: Collection[str],
        *,
        direction: str = "stamp",
        **more: Any,
    ) -> list[HistoryRow]:
        """Rows for the revisions below some heads that no row knows as applied, oldest first."""
        graph = None if self._map is None else self._map.graph
        if graph is None:
            return []
        known = recorded(self.table.read(connection) or ())
        applied = reached(graph.all_parents, (id_ for id_ in heads if id_ in graph.by_id))
        new = applied - known.rows.keys() - {but.revision if but is not None else ""}
        return [
            self.row(graph.by_id[id_], direction, heads, **more)
            for id_ in reversed(newest_first(graph, new))
        ]

    @property
    def _map(self) -> RevisionMap | None:
        script = self.context.script
        return None if script is None else script.revision_map

    def recorded(self) -> Recorded | None:
        """What the rows say is applied; None where there is no table."""
        rows = self.read()
        return None if rows is None else recorded(rows)


def _cause(error: CommandError) -> str:
    """Why a revision has failed; which one it was is told apart."""
    message = without_passwords(error.message)
    return (message.partition(" failed: ")[2] or message)[:_LONGEST_ERROR]


def _driver(connection: Connection) -> str:
    """The driver and the database, with their versions."""
    dialect = connection.dialect
    driver = getattr(dialect.dbapi, "__version__", None) or getattr(
        dialect.dbapi, "sqlite_version", ""
    )
    server = getattr(dialect, "server_version_info", None) or ()
    version = ".".join(str(part) for part in server if isinstance(part, int))
    name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    return f"{dialect.driver} {driver}".strip() + f", {name} {version}".rstrip()
