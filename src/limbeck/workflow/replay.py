"""The project's revisions on a scratch database.

They run through the same environment as on the project's own: the built-in one is handed a
connection, an ``env.py`` finds the scratch database's address where it finds its own. One that does
not look there (it reads a variable of the environment, say) is met where it connects: connections
to the project's own database lead to the scratch one meanwhile. And before anything runs, the
connection that the environment has configured is asked where it leads; anywhere else, nothing runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, ConfigurationError, ScratchUnavailable
from limbeck.script.drop_words import speaks_of_drops
from limbeck.value import Value
from limbeck.workflow.environment import run_environment, uses_env_py
from limbeck.workflow.from_before import FromBefore
from limbeck.workflow.project import script_directory
from limbeck.workflow.project_address import (
    is_given,
    made_by,
    parsed_address,
    pointed_at,
    project_address,
)
from limbeck.workflow.strangers import Strangers

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

    from limbeck.config import Config
    from limbeck.database.scratch_database import ScratchDatabase
    from limbeck.facts.objects import SchemaFact
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.resent.once_more import OnceMore
    from limbeck.script import Script, ScriptDirectory


class Before(Value):
    """Where a database is before a revision.

    :param targets: the revisions that are applied, with all that they need.
    :param completes: whether nothing is left to apply after the revision, so that the models are
        what should come out of it.
    """

    targets: tuple[str, ...]
    completes: bool


@dataclass
class Replay:
    """A scratch database, and the way of the project's revisions to it.

    :param config: the project's settings, with the scratch database in the place of its own.
    :param script: the project's revisions.
    :param scratch: the database.
    :param source: the address of the project's own, which nothing here changes.
    :param before_history: tells what the project's own has that no revision creates.
    """

    config: Config
    script: ScriptDirectory
    scratch: ScratchDatabase
    source: URL = field(repr=False)
    before_history: FromBefore = field(repr=False)
    _strangers: dict[str, Strangers] = field(default_factory=dict, repr=False)
    _version_tables: set[tuple[str | None, str]] = field(default_factory=set, repr=False)

    def upgrade(
        self,
        revisions: Iterable[str],
        *,
        journal: bool = False,
        once_more: OnceMore | None = None,
    ) -> None:
        """Bring the scratch database up to some revisions.

        :param revisions: their ids.
        :param journal: keep a journal where the project's settings say so, as a real run does.
        :param once_more: what a revision has sent, where one runs that may run once more.
        :raises RevisionFailed: a revision failed.
        :raises ScratchUnavailable: the environment does not come to the scratch database, or a
            revision reaches beyond it.
        """
        targets = tuple(revisions)
        if targets:
            self.run(
                lambda rows, _: self.script.revision_map.plan_upgrade(rows, targets),
                with_models=self._has_models,
                journal=journal,
                destination_rev=targets if len(targets) > 1 else targets[0],
                once_more=once_more,
            )

    def downgrade(self, revision: str) -> None:
        """Undo one revision, which nothing that is applied may need.

        :raises RevisionFailed: it failed.
        :raises ScratchUnavailable: as above.
        """
        from limbeck.revisions.rows import AppliedHeads
        from limbeck.revisions.step import PlanStep
        from limbeck.revisions.walk import reached

        revision_map = self.script.revision_map

        def steps(rows: Any, _: Any) -> list[PlanStep]:
            graph = revision_map.graph
            current = revision_map.resolver.rows(rows)
            applied = AppliedHeads(graph, current, reached(graph.all_parents, current))
            return [
                PlanStep(
                    direction="downgrade",
                    revision=graph.by_id[revision],
                    rows=applied.downgrade(revision),
                    from_ids=(revision,),
                    to_ids=graph.parents[revision],
                    is_upgrade=False,
                )
            ]

        parents = revision_map.graph.parents[revision]
        self.run(
            steps,
            with_models=self._has_models,
            destination_rev=parents[0] if parents else None,
        )

    def look(
        self,
        fn: Callable[[MigrationContext], None],
        *,
        journal: bool = False,
        **context_opts: Any,
    ) -> None:
        """Let a function look at the scratch database through the project's environment.

        :param fn: called with the context.
        :param journal: let it see the journal of a run that kept one.
        """

        def steps(rows: Any, context: MigrationContext) -> list[Any]:
            fn(context)
            return []

        self.run(
            steps,
            with_models=self._has_models,
            journal=journal,
            dont_mutate=True,
            **context_opts,
        )

    def before(self, revision: str) -> Before:
        """Where the scratch database has to be before a revision can be tried.

        :param revision: its id.
        """
        from limbeck.revisions.walk import reached

        graph = self.script.revision_map.graph
        heads = {each.revision for each in self.script.get_revisions("heads")}
        others = heads - {revision}
        if revision not in heads or revision in reached(graph.all_parents, others):
            return Before(tuple(graph.all_parents[revision]), False)
        return Before((*graph.all_parents[revision], *sorted(others)), True)

    def to_parent(self, script: Script) -> None:
        """Bring the scratch database to where a revision can be tried.

        What somebody has made by hand and the revision drops is made there too, if it can be.

        :param script: the revision.
        :raises RevisionFailed: a revision before it failed.
        :raises ScratchUnavailable: as above.
        """
        self.upgrade(self.before(script.revision).targets)
        self.strangers(script).make(self.scratch.engine)

    def strangers(self, script: Script) -> Strangers:
        """What a revision drops and no revision before it creates.

        :param script: the revision; at first the scratch database is at its parent.
        """
        if script.revision not in self._strangers:
            self._strangers[script.revision] = self._found_strangers(script)
        return self._strangers[script.revision]

    def _found_strangers(self, script: Script) -> Strangers:
        if not speaks_of_drops(script):
            return Strangers()
        from limbeck.workflow.found_strangers import strangers_of  # it loads much

        return strangers_of(self, script)

    def applied(self) -> frozenset[str]:
        """The ids of everything that the scratch database has."""
        from limbeck.revisions.walk import reached

        found: list[str] = []
        self.look(lambda context: found.extend(context.get_current_heads()))
        return frozenset(reached(self.script.revision_map.graph.all_parents, found))

    def start_over(self) -> None:
        """Empty the scratch database."""
        self.scratch.empty_again()

    @property
    def version_tables(self) -> frozenset[tuple[str | None, str]]:
        """The version tables in the scratch database, as schema and name."""
        return frozenset(self._version_tables)

    def facts(self) -> SchemaFact:
        """Everything in the scratch database, each table's columns by name."""
        from limbeck.database.compare_databases import scratch_facts

        with self.scratch.engine.connect() as connection:
            return scratch_facts(connection, self.scratch.schemas(connection), self._version_tables)

    def all_facts(self) -> SchemaFact:
        """The same with views, routines and the like, and with the columns in their order."""
        from limbeck.database.compare_databases import stored_facts
        from limbeck.database.comparison import CompareOptions

        with self.scratch.engine.connect() as connection:
            schemas = self.scratch.schemas(connection)
            return stored_facts(connection, schemas, CompareOptions(), self.version_tables)

    def surroundings(self) -> tuple[str, ...]:
        """What there is besides tables, types and sequences, a text for each."""
        with self.scratch.engine.connect() as connection:
            return self.scratch.surroundings(connection)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of what the history makes here, a line each."""
        return (*self.scratch.notes, *self._models_problem)

    @property
    def _has_models(self) -> bool:
        """Whether the models can be had: a revision runs with those that there are."""
        return not self._models_problem

    @cached_property
    def _models_problem(self) -> tuple[str, ...]:
        if uses_env_py(self.config, self.script):
            return ()
        from limbeck.workflow.native_environment import native_models

        try:
            native_models(self.config, self.script.version_folders)
        except ConfigurationError as error:
            return (f"The models' naming convention does not hold here: {error.message}",)
        return ()

    def run(
        self,
        fn: Callable[[Any, Any], Any],
        *,
        with_models: bool = True,
        journal: bool = False,
        **context_opts: Any,
    ) -> None:
        """Run a function as :func:`~limbeck.workflow.environment.run_environment` does.

        :param fn: called with the scratch database's revisions and its context.
        :param with_models: whether there have to be models.
        :param journal: keep a journal where the project's settings say so.
        :param context_opts: how it is run.
        :raises RevisionFailed: a revision failed.
        :raises ScratchUnavailable: as above.
        """
        from limbeck.workflow.redirection import redirected

        is_there = False
        if not journal:
            context_opts["journal"] = False

        def checked(rows: Any, context: MigrationContext) -> Any:
            nonlocal is_there
            self._check(context)
            context.history = None  # nothing that happens here is anybody's history
            is_there = True
            return fn(rows, context)

        with ExitStack() as stack:
            if not uses_env_py(self.config, self.script) or is_given(self.config):
                self.config.attributes["connection"] = stack.enter_context(
                    self.scratch.engine.connect()
                )
            stack.enter_context(redirected(self.source, self.scratch))
            try:
                # nobody else knows of the database, so nobody else migrates it
                run_environment(
                    self.config,
                    self.script,
                    checked,
                    with_models=with_models,
                    deploy_lock="off",
                    **context_opts,
                )
            except CommandError as error:
                reason = _scratch_reason(error)
                if reason is None:
                    raise
                raise (reason if is_there else _another_database()) from error

    def _check(self, context: MigrationContext) -> None:
        connection: Connection | None = context.connection
        if connection is None or not self.scratch.is_behind(connection):
            raise _another_database()
        self._version_tables.add((context.version_table_schema, context.version_table))


@contextmanager
def replaying(config: Config, scratch_url: str | None = None) -> Iterator[Replay]:
    """Make an empty scratch database for the project's revisions.

    :param config: the settings.
    :param scratch_url: the address of the database to use; by default that of the setting
        ``scratch_url``, and without one a database is made.
    :raises ScratchUnavailable: there is none to be had.
    """
    from limbeck.database.scratch_makers import scratch_database
    from limbeck.workflow.redirection import lead_nowhere

    script = script_directory(config)
    source = project_address(config, script)
    given = scratch_url or config.scratch_url()
    with scratch_database(source, parsed_address(given), made_by(script)) as scratch:
        pointed = pointed_at(config, scratch.url)
        replay = Replay(
            pointed, script, scratch, source, FromBefore(config, script, scratch.engine.dialect)
        )
        try:
            yield replay
        finally:
            lead_nowhere()  # or the scratch database may not be dropped


def _another_database() -> ScratchUnavailable:
    return ScratchUnavailable(
        "env.py connects to a database of its own choice, and not to the scratch database",
        hint="let env.py take the address from config.get_main_option('sqlalchemy.url')",
    )


def _scratch_reason(error: BaseException) -> ScratchUnavailable | None:
    """Why scratch was not to be had, where that is what lies behind an error."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ScratchUnavailable):
            return found
        found = found.__cause__
    return None
