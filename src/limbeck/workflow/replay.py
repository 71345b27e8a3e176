"""The project's revisions on a scratch database.

They run through the same environment as on the project's own: the built-in one is handed a
connection, an ``env.py`` finds the scratch database's address where it finds its own. One that does
not look there (it reads a variable of the environment, say) is met where it connects: connections
to the project's own database lead to the scratch one meanwhile. And before anything runs, the
connection that the environment has configured is asked where it leads; anywhere else, nothing runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, ConfigurationError, ScratchUnavailable
from limbeck.workflow.environment import run_environment, uses_env_py
from limbeck.workflow.from_before import FromBefore
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

    from limbeck.config import Config
    from limbeck.database.scratch_database import ScratchDatabase
    from limbeck.dialects.standard.scratch_database import IsMade
    from limbeck.facts.objects import SchemaFact
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory

_MAKES = {
    "schema": re.compile(r"create\s+schema|createschema", re.IGNORECASE),
    "extension": re.compile(r"create(?:\s+|_)extension", re.IGNORECASE),
}


@dataclass(frozen=True)
class Before:
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
    _version_tables: set[tuple[str | None, str]] = field(default_factory=set, repr=False)

    def upgrade(self, revisions: Iterable[str]) -> None:
        """Bring the scratch database up to some revisions.

        :raises RevisionFailed: a revision failed.
        :raises ScratchUnavailable: the environment does not come to the scratch database, or a
            revision reaches beyond it.
        """
        targets = tuple(revisions)
        if targets:
            self.run(
                lambda rows, _: self.script.revision_map.plan_upgrade(rows, targets),
                with_models=self._has_models,
                destination_rev=targets if len(targets) > 1 else targets[0],
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

    def look(self, fn: Callable[[MigrationContext], None], **context_opts: Any) -> None:
        """Let a function look at the scratch database through the project's environment.

        :param fn: called with the context.
        """

        def steps(rows: Any, context: MigrationContext) -> list[Any]:
            fn(context)
            return []

        self.run(steps, with_models=self._has_models, dont_mutate=True, **context_opts)

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
        with self.scratch.engine.connect() as connection:
            return schema_facts(self.scratch, connection, self._version_tables)

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
            native_models(self.config)
        except ConfigurationError as error:
            return (f"The models' naming convention does not hold here: {error.message}",)
        return ()

    def run(
        self, fn: Callable[[Any, Any], Any], *, with_models: bool = True, **context_opts: Any
    ) -> None:
        """Run a function as :func:`~limbeck.workflow.environment.run_environment` does.

        :param fn: called with the scratch database's revisions and its context.
        :param with_models: whether there have to be models.
        :param context_opts: how it is run.
        :raises RevisionFailed: a revision failed.
        :raises ScratchUnavailable: as above.
        """
        from limbeck.workflow.redirection import redirected

        is_there = False

        def checked(rows: Any, context: MigrationContext) -> Any:
            nonlocal is_there
            self._check(context)
            is_there = True
            return fn(rows, context)

        with ExitStack() as stack:
            if not uses_env_py(self.config, self.script) or _is_given(self.config):
                self.config.attributes["connection"] = stack.enter_context(
                    self.scratch.engine.connect()
                )
            stack.enter_context(redirected(self.source, self.scratch))
            try:
                run_environment(
                    self.config, self.script, checked, with_models=with_models, **context_opts
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
    from limbeck.database.scratch_database import scratch_database

    script = script_directory(config)
    source = project_address(config, script)
    given = scratch_url or config.scratch_url()
    with scratch_database(source, _parsed(given), _made_by(script)) as scratch:
        pointed = _pointed_at(config, scratch.url)
        yield Replay(
            pointed, script, scratch, source, FromBefore(config, script, scratch.engine.dialect)
        )


def project_address(config: Config, script: ScriptDirectory) -> URL:
    """The address of the project's database, with its password; an ``env.py`` is asked for it.

    :param config: the settings.
    :param script: the project's revisions.
    :raises ScratchUnavailable: there are several databases, or none that is known.
    """
    from limbeck.workflow.native_environment import database_url

    if not uses_env_py(config, script):
        given = config.attributes.get("connection")
        return database_url(config) if given is None else given.engine.url
    found: list[URL] = []

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        found.append(context.connection.engine.url)
        return []

    try:
        run_environment(config, script, look, dont_mutate=True)
    except CommandError as error:
        written = _parsed(config.get_main_option("sqlalchemy.url"))
        if written is None:
            raise ScratchUnavailable(
                f"env.py does not tell which database it is: {error.message}"
            ) from error
        return written
    if len({each.render_as_string(hide_password=False) for each in found}) > 1:
        raise ScratchUnavailable("env.py migrates several databases at once")
    return found[0]


def schema_facts(
    scratch: ScratchDatabase,
    connection: Connection,
    version_tables: Iterable[tuple[str | None, str]],
) -> SchemaFact:
    """Everything in a scratch database but limbeck's own tables, each table's columns by name.

    :param scratch: the database.
    :param connection: a connection to it.
    :param version_tables: the version tables, as schema and name.
    """
    from dataclasses import replace

    from limbeck.database.compare import default_schema
    from limbeck.dialects.registry import backend_for
    from limbeck.dialects.standard.scratch_database import MARKER
    from limbeck.facts.scope import Scope

    scope = Scope(scratch.schemas(connection), default_schema(connection))
    own = {scope.key(None, MARKER), *(scope.key(*table) for table in version_tables)}
    found = backend_for(connection.dialect).reflect(
        connection, replace(scope, exclude_tables=frozenset(own))
    )
    tables = tuple(
        replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
        for table in found.tables
    )
    return replace(found, tables=tables)


# The settings -------------------------------------------------------------------------


def _pointed_at(config: Config, url: URL) -> Config:
    """The settings with another database, of which nothing reaches the ones that were given."""
    pointed = copy(config)
    pointed.__dict__["file_config"] = deepcopy(config.file_config)
    pointed.__dict__["attributes"] = dict(config.attributes)
    address = url.render_as_string(hide_password=False)
    pointed.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    return pointed


def _is_given(config: Config) -> bool:
    return hasattr(config.attributes.get("connection"), "dialect")


def _parsed(address: str | None) -> URL | None:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if not address:
        return None
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:
        # the error's own words may repeat a password
        raise ScratchUnavailable(
            "the address of the scratch database cannot be understood",
            hint="as in: postgresql+psycopg://user:password@host/name or sqlite:///file.db",
        ) from error


def _made_by(script: ScriptDirectory) -> IsMade:
    """Whether the text of the history says that it creates a schema or an extension."""
    texts = [
        Path(each.path).read_text(encoding="utf-8", errors="replace")
        for each in script.walk_revisions()
    ]

    def is_made(kind: str, name: str) -> bool:
        return any(name in text and _MAKES[kind].search(text) for text in texts)

    return is_made


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
