"""Making new revisions: compare, let hooks change what comes out of it, write the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from limbeck.autogenerate.api import fill_script, render_into_template
from limbeck.autogenerate.context import AutogenContext
from limbeck.autogenerate.owned import OwnedOnly
from limbeck.diff.rename_choices import NO_CHOICES, Choices
from limbeck.errors import CommandError, DatabaseNotUpToDate
from limbeck.operations import ops
from limbeck.project.new_revision import new_revision_id
from limbeck.revisions.ranges import overlap_words

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.autogenerate.engine import Narrow
    from limbeck.autogenerate.fills import Fills
    from limbeck.config import Config
    from limbeck.database.comparison import Comparison
    from limbeck.plan.fills import Unfilled
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import Script, ScriptDirectory

LetBe = Callable[["AutogenContext", "Comparison"], "Comparison"]
ProcessDirectives = Callable[..., Any]
"""``fn(context, revision, directives)``, which changes the list of directives in place."""


class RevisionContext:
    """The making of one revision, or of as many as the hooks make of it.

    The environment may call :meth:`run_autogenerate` several times, once for each database.

    :param config: the settings, handed to the template.
    :param script_directory: where the files go.
    :param command_args: what the command was given: ``message sql head splice branch_label
        version_path rev_id depends_on``.
    :param process_revision_directives: a hook of the caller's, called before the environment's.
    :param drop_unowned: drop also what no revision has created.
    :param choices: what was said about renames.
    :param fills: what rows get where a column becomes NOT NULL; None leaves that open.
    :param let_be: leaves changes out of a comparison of facts, where ``drop_unowned`` is given.
    """

    def __init__(
        self,
        config: Config,
        script_directory: ScriptDirectory,
        command_args: Mapping[str, Any],
        process_revision_directives: ProcessDirectives | None = None,
        *,
        drop_unowned: bool = False,
        choices: Choices = NO_CHOICES,
        fills: Fills | None = None,
        let_be: LetBe | None = None,
    ) -> None:
        self._let_be = let_be
        self.choices = choices
        self.config = config
        self.script_directory = script_directory
        self.command_args = dict(command_args)
        self.process_revision_directives = process_revision_directives
        self.template_args: dict[str, Any] = {"config": config}
        self.generated_revisions: list[ops.MigrationScript] = [self._first_revision()]
        self.comparisons: list[Comparison] = []
        """What differs between the models and every database, where facts were compared."""
        self.unfilled: list[Unfilled] = []
        """Columns whose rows need a value, looked at only while it is open what is renamed."""
        self._fills = fills
        self._owned = OwnedOnly(script_directory, choices.drops)
        self._drop_unowned = drop_unowned
        self.was_edited = False
        """Whether hooks had the chance to change what is done about it."""
        self._used_tokens = 0
        self._contexts: list[AutogenContext] = []

    def _first_revision(self) -> ops.MigrationScript:
        given = self.command_args
        return ops.MigrationScript(
            rev_id=given.get("rev_id") or new_revision_id(),
            message=given.get("message"),
            upgrade_ops=ops.UpgradeOps([]),
            downgrade_ops=ops.DowngradeOps([]),
            head=given.get("head"),
            splice=given.get("splice"),
            branch_label=given.get("branch_label"),
            version_path=given.get("version_path"),
            depends_on=given.get("depends_on"),
        )

    def run_autogenerate(self, rev: Any, migration_context: MigrationContext) -> None:
        """Compare the models with one database, for the revision that is being made.

        :param rev: where the database is now.
        :param migration_context: its context.
        :raises DatabaseNotUpToDate: the database is not at the heads.
        :raises CommandError: there is nothing to compare.
        """
        if self.command_args.get("sql"):
            raise CommandError("Using --sql with --autogenerate does not make any sense")
        here = {script.revision for script in self.script_directory.get_revisions(rev)}
        heads = {script.revision for script in self.script_directory.get_revisions("heads")}
        if here != heads:
            overlap = overlap_words(self.script_directory.revision_map.graph.all_parents, here)
            raise DatabaseNotUpToDate(
                "Target database is not up to date.",
                hint="where the latter is applied, `limbeck stamp` and its name put that right"
                if overlap
                else "run 'limbeck upgrade head' first, so that only what is new is generated",
                details=[overlap] if overlap else [],
            )
        self._run(rev, migration_context, autogenerate=True)

    def run_no_autogenerate(self, rev: Any, migration_context: MigrationContext) -> None:
        """Let the hooks see a revision that nothing is generated for.

        :param rev: where the database is now.
        :param migration_context: its context.
        """
        self._run(rev, migration_context, autogenerate=False)

    def _run(self, rev: Any, migration_context: MigrationContext, *, autogenerate: bool) -> None:
        context = AutogenContext(migration_context, autogenerate=autogenerate)
        self._contexts.append(context)
        if not self.generated_revisions:  # a hook has decided that there is nothing to write
            return
        script = self.generated_revisions[-1]
        self._name_variables(script, migration_context.opts)
        if autogenerate:
            narrow = self._narrow_for(context)
            comparison = fill_script(context, script, narrow, self.choices)
            self.comparisons += [] if comparison is None else [comparison]
            if comparison is not None:
                self._fill(context, script, is_open=bool(comparison.questions))
        hooks = (
            self.process_revision_directives,
            migration_context.opts.get("process_revision_directives"),
        )
        for hook in hooks:
            if hook is not None:
                self.was_edited = True
                hook(migration_context, rev, self.generated_revisions)

    def _fill(self, context: AutogenContext, script: ops.MigrationScript, *, is_open: bool) -> None:
        """Give rows their values; while it is open what is renamed, that would be too early."""
        if self._fills is None or not context.marks_risks:
            return
        upgrade, downgrade = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]
        if is_open:
            self.unfilled += self._fills.open_in(context, upgrade)
        else:
            self._fills.apply(context, upgrade, downgrade)

    def _narrow_for(self, context: AutogenContext) -> Narrow | None:
        """What keeps to the history's own; nothing where files are Alembic's."""
        owned, let_be = self._owned, self._let_be
        if let_be is not None and (self._drop_unowned or not context.marks_risks):
            return partial(let_be, context)
        if not context.marks_risks:
            return None
        if self._drop_unowned:
            return lambda comparison: owned.with_strangers(comparison, context)
        return lambda comparison: owned.narrowed(comparison, context)

    @property
    def left_alone(self) -> tuple[str, ...]:
        """What is in the databases and not in the models, and no revision has created it."""
        return tuple(self._owned.left_alone)

    @property
    def never_created(self) -> tuple[str, ...]:
        """The tables that no revision has created, of those that one is expected to know."""
        return self._owned.never_created()

    def _name_variables(self, script: ops.MigrationScript, opts: Mapping[str, Any]) -> None:
        """Say into which variables of the template this database's operations go."""
        upgrade = opts.get("upgrade_token") or "upgrades"
        downgrade = opts.get("downgrade_token") or "downgrades"
        if self._used_tokens:
            script.upgrade_ops_list.append(ops.UpgradeOps([], upgrade_token=upgrade))
            script.downgrade_ops_list.append(ops.DowngradeOps([], downgrade_token=downgrade))
        else:
            script.upgrade_ops_list[-1].upgrade_token = upgrade
            script.downgrade_ops_list[-1].downgrade_token = downgrade
        self._used_tokens += 1

    @property
    def dialects(self) -> list[Dialect]:
        """The dialects of the databases that were looked at, where risks are marked in the file."""
        marked = (each for each in self._contexts if each.marks_risks)
        return [context.dialect for context in marked]

    def generate_scripts(self) -> Iterator[Script | None]:
        """Write the files, one after the other.

        :returns: an iterator that writes a file and yields its revision.
        :raises CommandError: a file cannot be written.
        """
        for generated in self.generated_revisions:
            yield self._write(generated)

    def _write(self, generated: ops.MigrationScript) -> Script | None:
        template_args = dict(self.template_args)
        if self._contexts:
            render_into_template(self._contexts, generated, template_args)
            template_args = {**self._contexts[-1].opts.get("template_args", {}), **template_args}
        if generated.rev_id is None:
            raise CommandError(
                "process_revision_directives left a revision without an id",
                hint="give the MigrationScript a rev_id",
            )
        return self.script_directory.generate_revision(
            generated.rev_id,
            generated.message,
            head=generated.head,
            splice=generated.splice,
            branch_labels=generated.branch_label,
            version_path=generated.version_path,
            depends_on=generated.depends_on,
            **template_args,
        )
