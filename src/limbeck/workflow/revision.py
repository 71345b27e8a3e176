"""Write a new revision file, by hand or from what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.value import Value
from limbeck.workflow.ahead import refuse_ahead
from limbeck.workflow.change_words import message_of, words_of
from limbeck.workflow.from_history import RunElsewhere, on_database_or_history
from limbeck.workflow.missing_models import refuse_empty_models, refuse_to_drop_most
from limbeck.workflow.project import script_directory
from limbeck.workflow.risks import RevisionRisks, risks_of

if TYPE_CHECKING:
    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.config import Config
    from limbeck.diff.rename_choices import Choices
    from limbeck.script import Script, ScriptDirectory
    from limbeck.workflow.revision_options import RevisionOptions

_MOST_NAMES = 5


class WrittenRevision(Value):
    """One new file.

    :param script: the revision.
    :param changes: what it does, in words; empty where it was not generated, or changes nothing.
    :param risks: what it may do to rows.
    """

    script: Script
    changes: tuple[str, ...]
    risks: RevisionRisks


class Written(Value):
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


def revision(config: Config, options: RevisionOptions) -> Written:
    """Write a new revision file; without a message a generated one gets a message of its own.

    :param config: the settings.
    :param options: what it is to be.
    :returns: what was written.
    :raises RenameUndecided: something may have been renamed, and nobody has said.
    :raises QuestionNeeded: rows need a value, and nobody can be asked.
    :raises CommandError: the file cannot be written as asked.
    """
    from limbeck.workflow.environment import uses_env_py

    options.refuse_contradictions()
    script = script_directory(config)
    if options.announce is not None:
        script.announce = options.announce
    context, notes = _compared(config, script, options)
    if options.autogenerate:
        _name(context, options)
        notes = (*notes, *_notes_on_tables(context.never_created))
        if not uses_env_py(config, script) and not _changes_anything(context):
            return Written((), True, context.left_alone, notes)
    return Written(
        _written(context),
        was_generated=options.autogenerate,
        left_alone=context.left_alone,
        notes=notes,
        heads=len(script.get_heads()),
    )


def _compared(
    config: Config, script: ScriptDirectory, options: RevisionOptions
) -> tuple[RevisionContext, tuple[str, ...]]:
    """Compare until nothing is open, and what a person should know of that, a line each."""
    from limbeck.autogenerate.fills import Fills
    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.workflow.renames import with_renames_decided

    fills = Fills(options.fill or (), options.no_fill or (), options.ask_fill)
    notes: tuple[str, ...] = ()

    def run(choices: Choices) -> RevisionContext:
        nonlocal notes

        def attempt(run_elsewhere: RunElsewhere | None) -> RevisionContext:
            context = RevisionContext(
                config,
                script,
                options.arguments(),
                options.process_revision_directives,
                drop_unowned=options.drop_unowned,
                choices=choices,
                fills=fills,
            )
            _run(config, script, context, options, run_elsewhere)
            return context

        from_where = options.from_history if options.autogenerate else False
        context, notes = on_database_or_history(config, attempt, from_where, options.scratch)
        return context

    context = with_renames_decided(run, options.choices, options.decide_rename)
    fills.refuse_unknown()
    return context, notes


def _name(context: RevisionContext, options: RevisionOptions) -> None:
    """Give what nobody has given a message one that says what it changes."""
    for directive in context.generated_revisions:
        if options.message is None and directive.message is None:
            directive.message = message_of(directive.upgrade_ops_list)


def _written(context: RevisionContext) -> tuple[WrittenRevision, ...]:
    """Write the files; hooks may have made more or fewer of them than there were comparisons."""
    dialects = context.dialects
    told = [
        (words_of(directive.upgrade_ops_list, dialects), risks_of(directive, dialects))
        for directive in context.generated_revisions
    ]
    written = [each for each in context.generate_scripts() if each is not None]
    nothing = ((), RevisionRisks())
    return tuple(
        WrittenRevision(each, *(told[number] if number < len(told) else nothing))
        for number, each in enumerate(written)
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
    options: RevisionOptions,
    run_elsewhere: RunElsewhere | None,
) -> None:
    from limbeck.workflow.environment import run_environment

    autogenerate, sql = options.autogenerate, options.sql
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
            refuse_ahead(migration_context, rows)
            context.run_autogenerate(rows, migration_context)
            refuse_empty_models(context, migration_context)
            if not options.drop_most_tables:
                refuse_to_drop_most(context, migration_context, options.confirm)
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
