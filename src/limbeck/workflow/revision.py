"""Write a new revision file, by hand or from what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.workflow.change_words import message_of, words_of
from limbeck.workflow.from_history import RunElsewhere, on_database_or_history
from limbeck.workflow.missing_models import Confirm, refuse_empty_models, refuse_to_drop_most
from limbeck.workflow.project import script_directory
from limbeck.workflow.risks import RevisionRisks, risks_of

if TYPE_CHECKING:
    import os

    from limbeck.autogenerate.fills import Ask
    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.config import Config
    from limbeck.diff.rename_choices import Choices
    from limbeck.script import Script, ScriptDirectory
    from limbeck.workflow.renames import DecideRename

Announce = Callable[..., AbstractContextManager[None]]
Names = str | Sequence[str]

_MOST_NAMES = 5


@dataclass(frozen=True)
class WrittenRevision:
    """One new file.

    :param script: the revision.
    :param changes: what it does, in words; empty where it was not generated, or changes nothing.
    :param risks: what it may do to rows.
    """

    script: Script
    changes: tuple[str, ...]
    risks: RevisionRisks


@dataclass(frozen=True)
class Written:
    """What was written.

    :param revisions: usually one; ``process_revision_directives`` may make more, or none.
    :param was_generated: whether models and database were compared; without an ``env.py`` no
        file is written if they are alike. (Alembic's users expect the empty one.)
    :param left_alone: what the models do not have and no revision has created, for people; it is
        not dropped.
    :param notes: what a person should know about the comparison, a line each.
    :param heads: how many heads the history has now.
    """

    revisions: tuple[WrittenRevision, ...]
    was_generated: bool
    left_alone: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heads: int = 1


def revision(
    config: Config,
    *,
    message: str | None = None,
    autogenerate: bool = False,
    sql: bool = False,
    head: Names = "head",
    splice: bool = False,
    branch_label: Names | None = None,
    version_path: str | os.PathLike[str] | None = None,
    rev_id: str | None = None,
    depends_on: Names | None = None,
    process_revision_directives: Callable[..., None] | None = None,
    drop_unowned: bool = False,
    from_history: bool | None = False,
    scratch: str | None = None,
    drop_most_tables: bool = False,
    fill: Sequence[str] | None = None,
    no_fill: Sequence[str] | None = None,
    ask_fill: Ask | None = None,
    confirm: Confirm | None = None,
    announce: Announce | None = None,
    choices: Choices | None = None,
    decide_rename: DecideRename | None = None,
) -> Written:
    """Write a new revision file; without a message a generated one gets a message of its own.

    :param config: the settings.
    :param message: what the revision does.
    :param autogenerate: fill it with what differs between the models and the database.
    :param sql: run ``env.py`` offline; only with the setting ``revision_environment``.
    :param head: what the revision builds on.
    :param splice: allow a ``head`` that is not a head.
    :param branch_label: label of the new revision's branch.
    :param version_path: folder for the file, of ``version_locations``.
    :param rev_id: the identifier; None makes a random one.
    :param depends_on: revisions that must be applied before.
    :param process_revision_directives: edits what is about to be written.
    :param drop_unowned: drop also tables and columns that no revision has created.
    :param from_history: compare the models with what the revisions make of an empty database, and
        not with the project's own; None does so in limbeck's own projects where that one is behind
        or cannot be reached.
    :param scratch: the address of the scratch database for that; by default one is made.
    :param drop_most_tables: go on where more than half of the tables would be dropped.
    :param fill: what rows get where a column becomes NOT NULL, as ``users.age=0``; any SQL.
    :param no_fill: columns such as ``users.age`` whose rows get nothing, as there are none.
    :param ask_fill: asks a person what rows get where neither the models nor ``fill`` say it.
    :param confirm: asks a person whether most tables are to be dropped.
    :param announce: entered around each step that takes a moment, with what it does.
    :param choices: what was said about renames.
    :param decide_rename: asked about what may have been renamed; returns the new name, or None for
        what is dropped. None refuses instead.
    :returns: what was written.
    :raises RenameUndecided: something may have been renamed, and nobody has said.
    :raises QuestionNeeded: rows need a value, and nobody can be asked.
    :raises CommandError: the file cannot be written as asked.
    """
    from limbeck.autogenerate.fills import Fills
    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.workflow.environment import uses_env_py
    from limbeck.workflow.renames import with_renames_decided

    if choices and not autogenerate:
        raise UsageError(
            "--rename and --drop say what is meant by what differs, and nothing is compared",
            hint="give --autogenerate too",
        )
    script = script_directory(config)
    if announce is not None:
        script.announce = announce
    arguments = {
        "message": message,
        "autogenerate": autogenerate,
        "sql": sql,
        "head": head,
        "splice": splice,
        "branch_label": branch_label,
        "version_path": version_path,
        "rev_id": rev_id,
        "depends_on": depends_on,
    }
    fills = Fills(fill or (), no_fill or (), ask_fill)

    if from_history and not autogenerate:
        raise UsageError(
            "--from-history is for what --autogenerate writes", hint="give --autogenerate too"
        )
    notes: tuple[str, ...] = ()

    def run(choices: Choices) -> RevisionContext:
        nonlocal notes

        def attempt(run_elsewhere: RunElsewhere | None) -> RevisionContext:
            context = RevisionContext(
                config,
                script,
                arguments,
                process_revision_directives,
                drop_unowned=drop_unowned,
                choices=choices,
                fills=fills,
            )
            _run(
                config,
                script,
                context,
                autogenerate=autogenerate,
                sql=sql,
                drop_most_tables=drop_most_tables,
                confirm=confirm,
                run_elsewhere=run_elsewhere,
            )
            return context

        from_where = from_history if autogenerate else False
        context, notes = on_database_or_history(config, attempt, from_where, scratch)
        return context

    context = with_renames_decided(run, choices, decide_rename)
    fills.refuse_unknown()
    if message is None and autogenerate:
        for directive in context.generated_revisions:
            if directive.message is None:
                directive.message = message_of(directive.upgrade_ops_list)
    if autogenerate:
        notes = (*notes, *_notes_on_tables(context.never_created))
    if autogenerate and not uses_env_py(config, script) and not _changes_anything(context):
        return Written((), True, context.left_alone, notes)
    dialects = context.dialects
    told = [
        (words_of(directive.upgrade_ops_list, dialects), risks_of(directive, dialects))
        for directive in context.generated_revisions
    ]
    written = [each for each in context.generate_scripts() if each is not None]
    nothing = ((), RevisionRisks())
    return Written(
        tuple(
            WrittenRevision(each, *(told[number] if number < len(told) else nothing))
            for number, each in enumerate(written)
        ),
        was_generated=autogenerate,
        left_alone=context.left_alone,
        notes=notes,
        heads=len(script.get_heads()),
    )


def _notes_on_tables(names: Sequence[str]) -> Iterator[str]:
    """Say which tables other databases do not get, and how they would."""
    if not names:
        return
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    listed = ", ".join(names[:_MOST_NAMES]) + more
    what, it = ("table", "it") if len(names) == 1 else ("tables", "them")
    yield (
        f"No revision creates the {what} {listed}: a database without {it} does not get {it}. "
        "`limbeck revision --autogenerate --from-history` writes a revision that creates what is "
        "missing; where it is there already, as here, do not run that one but `limbeck stamp` it."
    )


def _changes_anything(context: RevisionContext) -> bool:
    return any(
        not container.is_empty()
        for directive in context.generated_revisions
        for container in directive.upgrade_ops_list
    )


def _run(
    config: Config,
    script: ScriptDirectory,
    context: RevisionContext,
    *,
    autogenerate: bool,
    sql: bool,
    drop_most_tables: bool,
    confirm: Confirm | None,
    run_elsewhere: RunElsewhere | None,
) -> None:
    from limbeck.workflow.environment import run_environment

    environment = config.get_alembic_boolean_option("revision_environment")
    if autogenerate and sql:
        raise UsageError("Using --sql with --autogenerate does not make any sense")
    if sql and not environment:
        raise UsageError(
            "Using --sql with the revision command when revision_environment is not configured "
            "does not make any sense"
        )
    if not autogenerate and not environment:
        return

    def look(rows: Any, migration_context: Any) -> list[Any]:
        if autogenerate:
            context.run_autogenerate(rows, migration_context)
            refuse_empty_models(context, migration_context)
            if not drop_most_tables:
                refuse_to_drop_most(context, migration_context, confirm)
        else:
            context.run_no_autogenerate(rows, migration_context)
        return []

    opts: dict[str, Any] = {
        "as_sql": sql,
        "template_args": context.template_args,
        "revision_context": context,
    }
    if run_elsewhere is None:
        run_environment(config, script, look, with_models=autogenerate, **opts)
    else:
        run_elsewhere(look, **opts)
