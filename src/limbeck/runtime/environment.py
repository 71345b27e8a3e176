"""The environment that ``env.py`` configures and in which migrations run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from limbeck.errors import ConfigurationError
from limbeck.operations.running import Running
from limbeck.runtime.migration import MigrationContext

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from types import TracebackType
    from typing import TextIO

    from sqlalchemy import URL, Connection, Executable, MetaData

    from limbeck.config import Config
    from limbeck.database.transaction import TransactionBlock
    from limbeck.runtime.impl import Impl
    from limbeck.script import ScriptDirectory

running: Running[EnvironmentContext]


class EnvironmentContext:
    """What ``limbeck.context`` forwards to while it is entered, in this thread.

    ::

        with EnvironmentContext(config, script, fn=steps, destination_rev="head"):
            script.run_env()

    :param config: the settings.
    :param script: the project's revisions.
    :param kw: how the run is meant: ``fn``, ``as_sql``, ``starting_rev``, ``destination_rev``,
        ``tag``, ``purge``, ``dont_mutate``, ``template_args``, ``revision_context``, ``report``.
    """

    #: What ``configure()`` makes.
    migration_context_class: ClassVar[type[MigrationContext]] = MigrationContext

    #: Whether an ``env.py`` that never runs the migrations is at fault.
    must_run_migrations: ClassVar[bool] = True

    config: Config
    script: ScriptDirectory
    context_opts: dict[str, Any]

    def __init__(self, config: Config, script: ScriptDirectory, **kw: Any) -> None:
        self.config = config
        self.script = script
        self.context_opts = kw
        self._migration_context: MigrationContext | None = None
        self._contexts: list[MigrationContext] = []
        self._before: list[EnvironmentContext | None] = []

    def __enter__(self) -> Self:
        self._before.append(running.enter(self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        running.leave(self, self._before.pop())

    # What the command line has said

    def is_offline_mode(self) -> bool:
        """Whether SQL is to be written down instead of being run."""
        return bool(self.context_opts.get("as_sql", False))

    def requires_connection(self) -> bool:
        """Whether a connection is needed."""
        return not self.is_offline_mode()

    def get_head_revision(self) -> str | tuple[str, ...] | None:
        """The id of the history's head."""
        return self.script.as_revision_number("head")

    def get_head_revisions(self) -> str | tuple[str, ...] | None:
        """The ids of all heads of the history."""
        return self.script.as_revision_number("heads")

    def get_starting_revision_argument(self) -> str | tuple[str, ...] | None:
        """The id that ``--sql`` starts from.

        :raises ConfigurationError: there is none to be had here.
        """
        if self._migration_context is not None:
            return self.script.as_revision_number(self._migration_context._start_from_rev)
        if "starting_rev" in self.context_opts:
            return self.script.as_revision_number(self.context_opts["starting_rev"])
        raise ConfigurationError("No starting revision argument is available.")

    def get_revision_argument(self) -> str | tuple[str, ...] | None:
        """The id of where the command is to go."""
        return self.script.as_revision_number(self.context_opts["destination_rev"])

    def get_tag_argument(self) -> str | None:
        """What was given as ``--tag``, or to ``configure()``."""
        context = self._migration_context
        said = self.context_opts if context is None else context.opts
        tag: str | None = said.get("tag")
        return tag

    @overload
    def get_x_argument(self, as_dictionary: Literal[False] = False) -> list[str]: ...
    @overload
    def get_x_argument(self, as_dictionary: Literal[True]) -> dict[str, str]: ...
    @overload
    def get_x_argument(self, as_dictionary: bool) -> list[str] | dict[str, str]: ...
    def get_x_argument(self, as_dictionary: bool = False) -> list[str] | dict[str, str]:
        """What was given as ``-x``.

        :param as_dictionary: take each apart at its first ``=``; one without is an empty string.
        """
        given: list[str] = getattr(self.config.cmd_opts, "x", None) or []
        if not as_dictionary:
            return given
        pairs = (each.partition("=") for each in given)
        return {key: value for key, _, value in pairs}

    @property
    def keeps_original_errors(self) -> bool:
        """Whether what revisions and drivers raise reaches the caller as it is."""
        context = self._migration_context
        options = self.migration_context_class.defaults if context is None else context.opts
        return bool(options.get("original_errors"))

    # The database

    def configure(
        self,
        connection: Connection | None = None,
        url: str | URL | None = None,
        dialect_name: str | None = None,
        dialect_opts: Mapping[str, Any] | None = None,
        transactional_ddl: bool | None = None,
        transaction_per_migration: bool | None = None,
        output_buffer: TextIO | None = None,
        starting_rev: str | None = None,
        tag: str | None = None,
        template_args: Mapping[str, Any] | None = None,
        render_as_batch: bool = False,
        target_metadata: MetaData | Sequence[MetaData] | None = None,
        include_name: Callable[..., bool] | None = None,
        include_object: Callable[..., bool] | None = None,
        include_schemas: bool = False,
        process_revision_directives: Callable[..., Any] | None = None,
        compare_type: bool | Callable[..., bool | None] = True,
        compare_server_default: bool | Callable[..., bool | None] | None = None,
        render_item: Callable[..., str | Literal[False]] | None = None,
        literal_binds: bool = False,
        upgrade_token: str = "upgrades",
        downgrade_token: str = "downgrades",
        alembic_module_prefix: str = "op.",
        sqlalchemy_module_prefix: str = "sa.",
        user_module_prefix: str | None = None,
        on_version_apply: Callable[..., None] | Collection[Callable[..., None]] | None = None,
        autogenerate_plugins: Sequence[str] | None = None,
        **kw: Any,
    ) -> None:
        """Say which database it is, and how migrations run on it.

        :param connection: the connection; its transactions are limbeck's, unless one has begun.
        :param url: the database's address, where only its dialect is needed (``--sql``).
        :param dialect_name: the dialect's name, where not even an address is known.
        :param dialect_opts: arguments for the dialect.
        :param transactional_ddl: whether DDL can be rolled back, if the database's own answer is
            not wanted.
        :param transaction_per_migration: whether each revision has a transaction of its own;
            it has, if nothing is said.
        :param output_buffer: where ``--sql`` writes to.
        :param starting_rev: where ``--sql`` starts from.
        :param tag: a word for ``env.py``, instead of ``--tag``.
        :param template_args: more variables for the template of new revisions.
        :param render_as_batch: write ``batch_alter_table()`` into new revisions.
        :param target_metadata: the models.
        :param include_name: ``(name, type_, parent_names)``: whether what the database has by
            that name is compared.
        :param include_object: ``(object, name, type_, reflected, compare_to)``: whether an
            object is compared.
        :param include_schemas: compare all schemas.
        :param process_revision_directives: ``(context, revision, directives)``: may change what
            is written into a new revision.
        :param compare_type: compare the types of columns, or how.
        :param compare_server_default: compare the defaults of columns, or how.
        :param render_item: ``(type_, object, autogen_context)``: writes an object its own way.
        :param literal_binds: taken for its place in the signature: ``--sql`` always writes values
            into the statements.
        :param upgrade_token: the template's variable for what ``upgrade()`` does.
        :param downgrade_token: the template's variable for what ``downgrade()`` does.
        :param alembic_module_prefix: what stands before directives in new revisions.
        :param sqlalchemy_module_prefix: what stands before SQLAlchemy's names there.
        :param user_module_prefix: what stands before types of one's own there.
        :param on_version_apply: called after each step, within its transaction.
        :param autogenerate_plugins: which plugins take part in comparing, as patterns of names
            (``["alembic.autogenerate.*", "~alembic.autogenerate.comments", "acme.views"]``).
        :param kw: ``compare`` (``"alembic"``: compared is what Alembic compares, and as it does,
            by plugins that can be switched off), ``compare_objects`` (kinds of objects beside
            tables, such as ``["view"]``, of which the database's are compared although the models
            declare none), ``batch``
            (``"alembic"``: copies of tables are made as it makes them, without unnamed CHECKs),
            ``existing`` (``"alembic"``, as in every project that is Alembic's: what a revision
            does not say of an altered column becomes what Alembic makes of it; on MySQL the
            rest of its definition is not kept, but the CHECK of its old type is, and on
            PostgreSQL the options of its identity are; on SQLite a batch copies what SQLAlchemy
            reflects of the table, without triggers, collations and the order of indexes, unless
            its ``table_kwargs`` say ``{"info": {"existing": "limbeck"}}``),
            ``refusals`` (``"alembic"``, in such projects too: on SQLite a constraint outside of a
            batch raises ``NotImplementedError`` where the revision catches that),
            ``layout`` (``"alembic"``: new revisions are laid out as Alembic does, not as
            formatters do), ``original_errors`` (what a revision or a driver raises reaches the
            caller as it is, that of a revision with a note, and not as ``RevisionFailed``),
            ``journal`` (False: nothing is written down of what a database cannot roll back, and a
            revision that is interrupted there has to be finished by hand),
            ``renames`` and ``drops`` (lists as in ``["users.name:full_name", "users:people"]`` and
            ``["users.fax"]``: what was renamed, and what was not),
            ``outer_transaction`` (what becomes of a transaction in which ``connection`` is already:
            ``"join"`` runs in it, ``"wrap"`` gives each revision a SAVEPOINT in it, ``"refuse"``
            runs nothing; also a setting, and a key of ``Config.attributes``),
            ``version_table``, ``version_table_schema``, ``version_table_pk``, ``output_encoding``
            and whatever one wants to find in ``MigrationContext.opts``.
        :raises CommandError: ``connection`` is an engine.
        """
        said = {name: value for name, value in locals().items() if name not in _NOT_OPTIONS}
        opts = dict(self.context_opts)
        only_if_given = ("output_buffer", "starting_rev", "tag", "template_args")
        opts.update({name: value for name, value in said.items() if name not in only_if_given})
        opts.update({name: said[name] for name in only_if_given if said[name]})
        opts.setdefault("output_buffer", self.config.output_buffer)
        opts["script"] = self.script
        if template_args and "template_args" in self.context_opts:
            # The writer of the new revision holds on to this very dict.
            self.context_opts["template_args"].update(template_args)
            opts["template_args"] = self.context_opts["template_args"]
        opts.update(kw)
        context = self.migration_context_class.configure(
            connection=connection,
            url=url,
            dialect_name=dialect_name,
            environment_context=self,
            dialect_opts=dialect_opts,
            opts=opts,
        )
        self._migration_context = context
        self._contexts.append(context)

    def run_migrations(self, **kw: Any) -> None:
        """Run what the command is about, on the database that was configured.

        :param kw: passed on to ``upgrade()`` and ``downgrade()``.
        """
        self.get_context().run_migrations(**kw)

    def begin_transaction(self) -> TransactionBlock:
        """A block around ``run_migrations()``, at whose end everything is committed."""
        return self.get_context().begin_transaction()

    def execute(
        self,
        sql: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement, or write it down.

        :param sql: a statement; in a string a colon is a colon.
        :param execution_options: for this statement alone.
        """
        self.get_context().execute(sql, execution_options)

    def static_output(self, text: str) -> None:
        """Write a text into the output of ``--sql``."""
        self.get_context().impl.static_output(text)

    def is_transactional_ddl(self) -> bool:
        """Whether DDL can be rolled back."""
        return self.get_context().impl.transactional_ddl

    def get_context(self) -> MigrationContext:
        """The migration context that ``configure()`` has made.

        :raises ConfigurationError: it was not called.
        """
        if self._migration_context is None:
            raise ConfigurationError(
                "No context has been configured yet.", hint="call context.configure() first"
            )
        return self._migration_context

    def get_bind(self) -> Connection | None:
        """The connection; with ``--sql`` a stand-in that writes statements down."""
        return self.get_context().bind

    def get_impl(self) -> Impl:
        """What the migration knows about the database."""
        return self.get_context().impl

    # What came of it

    @property
    def migrations_ran(self) -> bool:
        """Whether ``run_migrations()`` was called."""
        return any(context.kept.has_run for context in self._contexts)

    def ensure_carried_out(self) -> None:
        """Make sure that ``env.py`` has done what it is for.

        :raises ConfigurationError: the migrations never ran, or what they did was rolled back.
        """
        if self.must_run_migrations and not self.migrations_ran:
            raise ConfigurationError(
                "env.py did not run the migrations",
                hint="it must call context.configure() and context.run_migrations()",
            )
        if self.must_run_migrations:
            self._refuse_silence()
        for context in self._contexts:
            context.kept.check_committed()

    def _refuse_silence(self) -> None:
        """Raise what an ``env.py`` has caught and kept for itself, unless it has tried again."""
        last = {_place(context): context for context in self._contexts}
        for context in last.values():
            if context.kept.failure is not None:
                raise context.kept.failure


def _place(context: MigrationContext) -> object:
    """What tells apart the databases of one environment."""
    engine = getattr(context.connection, "engine", None)
    return getattr(engine, "url", context.dialect.name)


_NOT_OPTIONS = frozenset(("self", "kw", "connection", "url", "dialect_name", "dialect_opts"))

running = Running("EnvironmentContext")
