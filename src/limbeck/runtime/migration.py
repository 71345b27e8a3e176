"""One database, and the migration that runs on it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Engine, make_url

from limbeck.database.version_table import VersionTable
from limbeck.dialects.registry import backend_for
from limbeck.errors import CommandError, ConfigurationError
from limbeck.facts.own_tables import history_table_name, journal_table_name
from limbeck.operations.executor import result_of
from limbeck.operations.registry import implementation_of
from limbeck.runtime.default_impl import DefaultImpl
from limbeck.runtime.deployment import Deployment
from limbeck.runtime.impl import paper_connection
from limbeck.runtime.kept import Kept
from limbeck.runtime.outer_transaction import way_of
from limbeck.runtime.overriding import is_overridden
from limbeck.runtime.politeness import Politeness
from limbeck.runtime.steps import MigrationInfo, run_steps
from limbeck.runtime.taken_back import commits_each
from limbeck.runtime.transactions import Transactions

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection, Dialect, Executable, Table

    from limbeck.config import Config
    from limbeck.database.transaction import TransactionBlock
    from limbeck.operations.directives import Directives
    from limbeck.operations.ops import MigrateOperation
    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.environment import EnvironmentContext
    from limbeck.runtime.events import Event
    from limbeck.runtime.history import History
    from limbeck.runtime.steps import RunStep
    from limbeck.script import ScriptDirectory

__all__ = ["MigrationContext", "MigrationInfo"]

log = logging.getLogger(__name__)

#: Options that hold in a project that is Alembic's, under any command.
_OF_ALEMBIC: Mapping[str, Any] = {"existing": "alembic", "refusals": "alembic"}


class MigrationContext:
    """What a migration needs: a connection or a place for SQL text, and its options.

    Made by :meth:`configure`.

    :param dialect: the dialect.
    :param connection: the connection, None where SQL is written down.
    :param opts: the options, those of ``EnvironmentContext.configure()``.
    :param environment_context: the environment within which it runs, if there is one.
    """

    #: Options that hold where none are given; a subclass may have its own.
    defaults: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        opts: Mapping[str, Any],
        environment_context: EnvironmentContext | None = None,
    ) -> None:
        self.environment_context = environment_context
        given = {name: value for name, value in opts.items() if value is not None}
        self.opts: dict[str, Any] = {**opts, **self._project_defaults(), **self.defaults, **given}
        self.dialect = dialect
        self.as_sql: bool = bool(self.opts.get("as_sql", False))
        self.script: ScriptDirectory | None = self.opts.get("script")
        self.purge: bool = bool(self.opts.get("purge", False))
        self.output_buffer = self.opts.get("output_buffer") or sys.stdout
        self._begin_with_version(self.opts)
        self.impl = DefaultImpl.get_by_dialect(dialect)(
            dialect,
            None if self.as_sql else connection,
            self.as_sql,
            self.opts.get("transactional_ddl"),
            self.output_buffer,
            self.opts,
        )
        if is_overridden(self.impl, "version_table_impl"):
            self.versions.table = self.impl.version_table_impl(
                version_table=self.version_table,
                version_table_schema=self.version_table_schema,
                version_table_pk=bool(self.opts.get("version_table_pk", True)),
            )
        self.connection: Any = paper_connection(self.impl) if self.as_sql else connection
        self.backend = backend_for(dialect)
        self.kept = Kept(self)
        self.history = self._kept_history()
        self.moved_to: tuple[str, ...] | None = None
        self.transactions = Transactions(
            self.connection,
            self.impl,
            given=self.opts.get("transaction_per_migration"),
            per_migration_by_default=not self.is_old_paper
            and commits_each(environment_context, self.as_sql),
            on_commit=self.kept.check_version,
            outer=way_of(self.opts, self.config),
        )
        self.deployment = Deployment(self)
        self.transactions.deployment = self.deployment
        self.politeness = self.impl.politeness = Politeness(self)

        if self.as_sql and not self._is_of_alembic and self.opts.get("journal", True):
            self.impl.paper_step = self.transactions.autocommit_block

    def _kept_history(self) -> History | None:
        """The history of this database; None where none is kept."""
        config = self.config
        wanted = self.opts.get("history")
        if wanted is None:
            wanted = config is not None and config.keeps_history
        if self.as_sql or not wanted:
            return None
        from limbeck.database.history_table import HistoryTable
        from limbeck.runtime.history import History
        from limbeck.runtime.origin import Origin

        table = HistoryTable(self.history_table, self.version_table_schema)
        origin = self.opts.get("origin")
        if origin is None and config is not None:
            origin = config.attributes.get("origin")
        return History(self, table, origin if isinstance(origin, Origin) else None)

    @property
    def history_table(self) -> str:
        """The name of the history table, whether it is there or not."""
        given = self.opts.get("history_table")
        if given is None and self.config is not None:
            given = self.config.get_alembic_option("history_table")
        return str(given or history_table_name(self.version_table))

    @property
    def own_tables(self) -> tuple[str, ...]:
        """Tables of the tool beside the version table, whether they are there or not."""
        return (self.history_table, journal_table_name(self.version_table))

    @property
    def _is_of_alembic(self) -> bool:
        """Whether the project is still Alembic's."""
        return self.config is not None and not self.config.is_native

    def _project_defaults(self) -> Mapping[str, Any]:
        """Options that hold for the project's revisions: what Alembic's mean was settled there."""
        return _OF_ALEMBIC if self._is_of_alembic else {}

    @property
    def is_old_paper(self) -> bool:
        """Whether SQL is written for a project that is still Alembic's.

        Whoever runs such a script knows it as one transaction, which fails or lasts as a whole.
        """
        return self.as_sql and self._is_of_alembic

    def _begin_with_version(self, opts: Mapping[str, Any]) -> None:
        if opts.get("literal_binds") and not self.as_sql:
            raise CommandError("Can't use literal_binds setting without as_sql mode")
        self.version_table: str = opts.get("version_table") or "alembic_version"
        self.version_table_schema: str | None = opts.get("version_table_schema")
        self.versions = VersionTable(
            self.version_table, self.version_table_schema, opts.get("version_table_pk", True)
        )
        self._start_from_rev: Any = opts.get("starting_rev")

    @classmethod
    def configure(
        cls,
        connection: Connection | None = None,
        url: str | URL | None = None,
        dialect_name: str | None = None,
        dialect: Dialect | None = None,
        environment_context: EnvironmentContext | None = None,
        dialect_opts: Mapping[str, Any] | None = None,
        opts: Mapping[str, Any] | None = None,
    ) -> MigrationContext:
        """Make a migration context. The first that is given of the first four counts.

        :param connection: the connection to run on.
        :param url: the database's address, for its dialect only.
        :param dialect_name: the dialect's name.
        :param dialect: the dialect.
        :param environment_context: the environment within which it runs.
        :param dialect_opts: arguments for the dialect.
        :param opts: the options, those of ``EnvironmentContext.configure()``.
        :raises CommandError: ``connection`` is no connection.
        :raises ConfigurationError: nothing says which dialect it is.
        """
        if connection is not None:
            if not _is_connection(connection):
                raise CommandError(
                    "'connection' argument to configure() is expected to be a "
                    f"sqlalchemy.engine.Connection instance, got {connection!r}",
                    hint="with engine.connect() as connection: …",
                )
            dialect = connection.dialect
        elif url:
            dialect = make_url(url).get_dialect()(**(dialect_opts or {}))
        elif dialect_name:
            dialect = make_url(f"{dialect_name}://").get_dialect()(**(dialect_opts or {}))
        elif dialect is None:
            raise ConfigurationError(
                "Connection, url, or dialect_name is required.",
                hint="write context.configure(connection=connection, …) in env.py",
            )
        return cls(dialect, connection, opts or {}, environment_context)

    # The database

    @property
    def bind(self) -> Connection | None:
        """The connection; with ``--sql`` a stand-in that writes statements down."""
        found: Connection | None = self.connection
        return found

    @property
    def config(self) -> Config | None:
        """The settings, where an environment has them."""
        return self.environment_context.config if self.environment_context is not None else None

    @property
    def _version(self) -> Table:
        return self.versions.table

    def execute(
        self,
        sql: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement, or write it down.

        :param sql: a statement; in a string a colon is a colon.
        :param execution_options: for this statement alone.
        """
        self.impl.execute(sql, execution_options)

    def perform(self, operation: MigrateOperation, operations: Directives) -> Any:
        """Carry an operation out, or write its SQL down.

        :param operation: the operation.
        :param operations: the object whose directive was called.
        :return: what the directive returns.
        """
        implementation = implementation_of(operation)
        if implementation is not None:
            return implementation(operations, operation)
        if self.impl.journal is None:
            self.impl.carry_out(operation)
        else:
            self.impl.journal.operation(operation, lambda: self.impl.carry_out(operation))
        return result_of(operation, self)

    # Versions

    def get_current_revision(self) -> str | None:
        """The id in the version table, None where it has none.

        :raises CommandError: it holds several.
        """
        heads = self.get_current_heads()
        if len(heads) > 1:
            raise CommandError(
                f"Version table '{self.version_table}' has more than one head present; please "
                "use get_current_heads()"
            )
        return heads[0] if heads else None

    def get_current_heads(self) -> tuple[str, ...]:
        """The ids in the version table; with ``--sql`` those that the run starts from.

        :raises CommandError: a starting revision was given although there is a database to ask.
        """
        if self.as_sql:
            return self._starting_heads()
        if self._start_from_rev:
            raise CommandError(
                "Can't specify current_rev to context when using a database connection"
            )
        with self.transactions.reading() as connection:
            return self.versions.read(connection)

    def _starting_heads(self) -> tuple[str, ...]:
        start = self._start_from_rev
        if start is None or start == "base":
            return ()
        if self.script is not None:
            return tuple(one.revision for one in self.script.get_revisions(start))
        return (start,) if isinstance(start, str) else tuple(start)

    def ensure_version_table(self, purge: bool = False) -> None:
        """Create the version table where there is none.

        :param purge: delete all rows of one that is there.
        """
        if self.as_sql:
            with self.begin_transaction(_per_migration=self.per_migration):
                self.impl.write(self.versions.create())
            return
        if not purge and not self.deployment.is_taken:
            with self.transactions.reading() as connection:
                if self.versions.exists(connection):
                    return
        with self.deployment.taken(), self.transactions.changing() as connection:
            if not self.versions.exists(connection):
                connection.execute(self.versions.create())
            elif purge:
                connection.execute(self.versions.clear())

    _ensure_version_table = ensure_version_table

    # Transactions

    @property
    def per_migration(self) -> bool:
        """Whether each revision has a transaction of its own."""
        return self.transactions.per_migration

    @property
    def _in_external_transaction(self) -> bool:
        return self.transactions.external

    def begin_transaction(self, _per_migration: bool = False) -> TransactionBlock:
        """Begin a transaction, if this is the level at which transactions are begun.

        In a transaction that the caller has begun, nothing is begun and nothing committed.

        :param _per_migration: it is for one revision, and not for all of them.
        :return: a block that commits, or rolls back where there is an error.
        """
        return self.transactions.begin(_per_migration)

    def autocommit_block(self) -> AbstractContextManager[None]:
        """Run what is within outside of any transaction, as ``CREATE INDEX CONCURRENTLY`` needs.

        What was done before is committed first, and a new transaction begins afterwards.

        :raises CommandError: the transaction is the caller's, and not ours to commit.
        """
        return self.transactions.autocommit_block()

    def report(self, event: Event) -> None:
        """Tell whoever wants to know of the run; a notice that nobody takes goes to the log.

        :param event: what has happened.
        """
        report = self.opts.get("report")
        if report is not None:
            report(event)
            return
        from limbeck.runtime.events import Notice

        if isinstance(event, Notice):
            log.warning("%s", event.words)

    # Migrations

    def run_migrations(self, **kw: Any) -> None:
        """Run the steps that the option ``fn`` plans.

        :param kw: passed on to ``upgrade()`` and ``downgrade()``.
        :raises RevisionFailed: a revision raised an error; nothing of it is in the database.
        :raises RevisionPartlyApplied: as above, but a part of it cannot be rolled back.
        """
        self.impl.start_migrations()
        log_of_database(
            self.impl.name, is_transactional=self.impl.transactional_ddl, is_on_paper=self.as_sql
        )
        if not self.as_sql:
            self.transactions.adopt()

        def plan(heads: tuple[str, ...]) -> tuple[RunStep, ...]:
            self.moved_to = None
            steps = tuple(self._planned(heads))  # which may bring revisions along
            return run_steps(steps, None if self.script is None else self.script.revision_map)

        def run(heads: tuple[str, ...], steps: Sequence[RunStep]) -> None:
            heads = heads if self.moved_to is None else self.moved_to
            if not steps:  # and so nobody who would use the directives
                self._run(heads, steps, kw)
                return
            from limbeck.operations.operations import Operations

            with Operations.context(self):
                self._run(heads, steps, kw)

        self.deployment.carry_out(plan, run)

    def _run(self, heads: tuple[str, ...], steps: Sequence[RunStep], kw: dict[str, Any]) -> None:
        if not steps and not self.purge and not self.deployment.is_taken:
            with self.kept.run():
                return
        from limbeck.runtime.run import Run

        Run(self, steps, heads, kw).carry_out()

    def _planned(self, heads: tuple[str, ...]) -> Iterable[PlanStep]:
        fn = self.opts.get("fn")
        return () if fn is None else fn(heads, self)

    def stamp(self, script_directory: ScriptDirectory, revision: Any) -> None:
        """Write revisions into the version table without running anything.

        :param script_directory: the history.
        :param revision: the id, ids or names to write down.
        """
        revision_map = script_directory.revision_map

        def plan(heads: tuple[str, ...]) -> tuple[RunStep, ...]:
            return run_steps(script_directory._stamp_revs(revision, heads), revision_map)

        def run(heads: tuple[str, ...], steps: Sequence[RunStep]) -> None:
            self._run(heads, steps, {})

        self.deployment.carry_out(plan, run)


def log_of_database(impl: str, *, is_transactional: bool, is_on_paper: bool = False) -> None:
    """Tell the log which database it is that is migrated.

    :param impl: the name of what carries operations out there.
    :param is_transactional: DDL is undone by a rollback.
    :param is_on_paper: nothing runs, and SQL is written down.
    """
    log.info("Context impl %s.", impl)
    if is_on_paper:
        log.info("Generating static SQL")
    log.info("Will assume %s DDL.", "transactional" if is_transactional else "non-transactional")


def _is_connection(given: object) -> bool:
    """Whether what an env.py has given can be a connection; an engine is the usual mistake."""
    return hasattr(given, "dialect") and not isinstance(given, Engine)
