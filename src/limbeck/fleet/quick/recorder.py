"""What revisions send to one tenant, written down where every other one gets the same."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from limbeck.database.history_table import HistoryTable
from limbeck.database.version_table import VersionTable
from limbeck.dialects.standard.own_statements import is_heard_by_others
from limbeck.runtime.origin import this_process
from limbeck.runtime.resent.ground import has_own_transactions
from limbeck.runtime.resent.heard import heard
from limbeck.runtime.resent.purity import is_pure
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect

    from limbeck.dialects.standard.lock_timeout import LockTimeouts
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.revision import Revision
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.origin import Origin
    from limbeck.runtime.steps import RunStep

__all__ = ["Ground", "Recorder", "SentStep"]


class SentStep(Value, slots=True):
    """What one revision has sent.

    :param statements: its statements, which change schemas and read nothing.
    :param row: its row in the history, but for its place, its time and the heads; None where no
        history is kept.
    """

    statements: tuple[str, ...]
    row: HistoryRow | None


class Ground(Value, slots=True):
    """What must be the same for another tenant to be sent the same.

    :param dialect: the dialect, which knows the server's version.
    :param server: the server's version as the driver says it.
    :param schema: the schema that the settings name for limbeck's tables, if they do.
    :param is_tenants: each tenant has a schema of the database that the settings name.
    :param versions: the version table.
    :param history: the history table, None where no history is kept.
    :param lock_timeout: seconds that a statement waits for a strong lock.
    :param timeouts: how that is said.
    :param impl: what the log calls the operations of the database.
    :param origin: where the run comes from.
    :param is_each: whether each revision has a transaction of its own, or all have one.
    :param is_each_said: whether somebody has asked for that.
    """

    dialect: Dialect
    server: object
    schema: str | None
    is_tenants: bool
    versions: VersionTable
    history: HistoryTable | None
    lock_timeout: float
    timeouts: LockTimeouts
    impl: str
    origin: Origin
    is_each: bool
    is_each_said: bool


class Recorder:
    """Listens to the usual road."""

    def __init__(self) -> None:
        self.ground: Ground | None = None
        self.steps: dict[str, SentStep] = {}
        self._pure: dict[str, bool] = {}
        self._grounds: WeakKeyDictionary[MigrationContext, Ground] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def look(self, context: MigrationContext) -> None:
        """Take up on what ground a tenant stands, if it is one for a quick road.

        :param context: the tenant's, before anything runs.
        """
        if _is_usual(context):
            with self._lock:
                found = self._grounds[context] = _ground(context)
                self.ground = self.ground or found

    @contextmanager
    def listening(self, step: RunStep, context: MigrationContext) -> Iterator[None]:
        """Within, a revision runs.

        :param step: the revision.
        :param context: the tenant's.
        """
        revision = step.plan.revision
        if revision is None or not self._is_on_ground(context) or not self._is_to_record(step):
            yield
            return
        if not _is_usual(context):  # a revision before this one may have changed that
            yield
            return
        with heard(context) as sent:
            yield
        if sent.is_all:
            self._keep(revision, tuple(sent.statements), context)

    def sent_again(
        self, step: RunStep, statements: tuple[str, ...], context: MigrationContext
    ) -> None:
        """A revision did not run: what it is known to send was sent.

        :param step: the revision.
        :param statements: its statements, see :mod:`limbeck.runtime.resent`.
        :param context: the tenant's.
        """
        revision = step.plan.revision
        if revision is None or revision.revision in self.steps:
            return
        if self._is_on_ground(context):
            self._keep(revision, statements, context)

    def _is_on_ground(self, context: MigrationContext) -> bool:
        found = self._grounds.get(context)
        return found is not None and self.ground is not None and _is_same(found, self.ground)

    def _keep(
        self, revision: Revision, statements: tuple[str, ...], context: MigrationContext
    ) -> None:
        history = context.history
        row = None if history is None else history.row(revision, "upgrade", ())
        self.steps[revision.revision] = SentStep(statements, row)

    def _is_to_record(self, step: RunStep) -> bool:
        plan = step.plan
        if plan.direction != "upgrade" or step.is_put_in or plan.revision is None:
            return False
        id_ = plan.revision.revision
        if id_ in self.steps:
            return False
        if id_ not in self._pure:
            self._pure[id_] = is_pure(plan.revision)
        return self._pure[id_]


def _is_usual(context: MigrationContext) -> bool:
    """Whether a run is as most are: transactions and lock are limbeck's, and nobody listens."""
    return (
        context.config is not None
        and not context.opts.get("on_version_apply")
        and has_own_transactions(context)
        and not is_heard_by_others(context.connection)
        # what a name leads to besides the file itself ends with the connection, or is of another
        and (context.dialect.name != "sqlite" or context.version_table_schema in (None, "main"))
    )


def _ground(context: MigrationContext) -> Ground:
    dialect, history = context.dialect, context.history
    schema = context.version_table_schema
    tenant = None if context.config is None else context.config.tenant
    is_tenants = tenant is not None and tenant.schema is not None
    is_each = context.transactions.per_migration
    driver: Any = context.connection.connection.driver_connection
    info = getattr(driver, "info", None)
    return Ground(
        dialect=dialect,
        server=getattr(info, "server_version", None),
        schema=schema,
        is_tenants=is_tenants,
        # a tenant's schema is the first to be searched, and is not named
        versions=VersionTable(context.version_table, None if is_tenants else schema),
        history=(
            None
            if history is None
            else HistoryTable(history.table.name, None if is_tenants else schema)
        ),
        # who is given up waiting for a lock is tried again, and one revision only can be
        lock_timeout=context.deployment.options.lock_timeout if is_each else 0.0,
        timeouts=context.backend.lock_timeouts,
        impl=context.impl.name,
        origin=this_process() if history is None else history.origin,
        is_each=is_each,
        is_each_said=context.transactions.is_each_said,
    )


def _is_same(one: Ground, other: Ground) -> bool:
    """Whether what was sent on one ground may be sent on another one."""
    return (
        one.dialect.name == other.dialect.name
        and one.server == other.server
        and one.is_tenants == other.is_tenants
        and (one.is_tenants or one.schema == other.schema)
        and one.lock_timeout == other.lock_timeout
        and (one.is_each, one.is_each_said) == (other.is_each, other.is_each_said)
    )
