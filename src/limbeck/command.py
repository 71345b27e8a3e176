"""Alembic's command functions, for programs: settings in, lines out through the settings.

Each does one thing and prints it with ``config.print_stdout``; what they do is in
:mod:`limbeck.workflow`, whose functions return values and print nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from limbeck import own_commands as _own
from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.diff.rename_questions import RenameQuestion
    from limbeck.script import Script

# Alembic's; those of own_commands are limbeck's alone, and not of the command of that name
__all__ = [
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "merge",
    "revision",
    "show",
    "stamp",
    "upgrade",
]

history_applied = _own.history_applied
prove = _own.prove
rehearse = _own.rehearse
repair = _own.repair
snapshot = _own.snapshot

Names = str | Sequence[str]

_CREATED = {
    "created folder": "Creating directory {path} ...  done",
    "written": "Generating {path} ...  done",
    "added": "Adding {path} ...  done",
    "appended": "Appending to existing {path} ...  done",
    "skipped": "File {path} already exists, skipping",
    "section exists": (
        "File {path} already exists and already has a [tool.{tool}] section, skipping"
    ),
}


def list_templates(config: Config) -> None:
    """Print the templates that :func:`init` knows.

    :param config: the settings, which may point to templates of their own.
    """
    from limbeck.workflow.list_templates import list_templates

    config.print_stdout("Available templates:\n")
    for template in list_templates(config):
        config.print_stdout(f"{template.name} - {template.description}")
    config.print_stdout("\nTemplates are used via the 'init' command, e.g.:")
    config.print_stdout(f"\n  {config.tool} init --template generic ./scripts")


def init(
    config: Config,
    directory: str | os.PathLike[str],
    template: str = "generic",
    package: bool = False,
) -> None:
    """Make a folder with ``env.py``, ``script.py.mako`` and ``versions/``, and the ini file.

    :param config: says where the ini file goes.
    :param directory: the folder to make.
    :param template: the name of a template.
    :param package: also write ``__init__.py`` files.
    :raises CommandError: the folder is not empty, or there is no such template.
    """
    from limbeck.workflow.init import init

    done = init(config, directory, template=template, package=package)
    for created in done:
        words = _CREATED[created.action]
        config.print_stdout(words.format(path=created.path, tool=config.tool))
    settings = sorted((each.settings, each.path) for each in done if each.settings)
    places = " and ".join(f"{which} settings in {path}" for which, path in settings)
    config.print_stdout(f"Please edit {places} before proceeding.")


def revision(
    config: Config,
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
    *,
    drop_unowned: bool = False,
    renames: Sequence[str] = (),
    drops: Sequence[str] = (),
    decide_rename: Callable[[RenameQuestion], str | None] | None = None,
    drop_most_tables: bool = False,
    fill: Sequence[str] | None = None,
    no_fill: Sequence[str] | None = None,
    from_history: bool | None = False,
) -> Script | list[Script | None] | None:
    """Write a new revision file.

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
    :param drop_most_tables: go on where more than half of the tables would be dropped.
    :param fill: what rows get where a column becomes NOT NULL, as ``users.age=0``; any SQL.
    :param no_fill: columns such as ``users.age`` whose rows get nothing, as there are none.
    :param renames: what was renamed, as in ``users.name:full_name`` or ``users:people``.
    :param drops: what was not, as in ``users.name`` or ``users``.
    :param decide_rename: asked about everything else that may have been renamed; returns the new
        name, or None for what is dropped (``lambda question: None`` drops all of it).
    :param from_history: compare the models with what the revisions make of an empty database, and
        not with the project's own; None does so in limbeck's own projects where that one is behind
        or cannot be reached.
    :returns: the revision; a list where ``process_revision_directives`` made several.
    :raises RenameUndecided: something may have been renamed, and nobody has said.
    :raises QuestionNeeded: rows need a value, and neither the models nor ``fill`` say which; or
        most tables would be dropped.
    :raises CommandError: the file cannot be written as asked.
    """
    from limbeck.diff.rename_choices import Choices
    from limbeck.workflow.revision import revision
    from limbeck.workflow.revision_options import RevisionOptions

    choices = Choices(tuple(renames), tuple(drops)) if renames or drops else None
    options = RevisionOptions(
        message=message,
        autogenerate=autogenerate,
        sql=sql,
        head=head,
        splice=splice,
        branch_label=branch_label,
        version_path=version_path,
        rev_id=rev_id,
        depends_on=depends_on,
        process_revision_directives=process_revision_directives,
        drop_unowned=drop_unowned,
        drop_most_tables=drop_most_tables,
        fill=fill,
        no_fill=no_fill,
        from_history=from_history,
        announce=printing_announcer(config),
        choices=choices,
        decide_rename=decide_rename,
    )
    written = revision(config, options)
    scripts = [each.script for each in written.revisions]
    return scripts[0] if len(scripts) == 1 else list(scripts)


def check(config: Config, *, drop_unowned: bool = False) -> None:
    """Compare the models with the database.

    :param config: the settings.
    :param drop_unowned: take what no revision has created for a difference too.
    :raises AutogenerateDiffsDetected: they differ.
    :raises HistoryError: revisions are not as they were applied.
    """
    from limbeck.workflow.check import check
    from limbeck.workflow.fit import mismatches_of, refuse_mismatches

    check(config, drop_unowned=drop_unowned)
    refuse_mismatches(mismatches_of(config))
    config.print_stdout("No new upgrade operations detected.")


def merge(
    config: Config,
    revisions: Names,
    message: str | None = None,
    branch_label: Names | None = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> Script | None:
    """Join several heads by a new revision.

    :param config: the settings.
    :param revisions: the revisions to join, or ``heads``.
    :param message: what the revision does.
    :param branch_label: label of the new revision's branch.
    :param rev_id: the identifier; None makes a random one.
    :param splice: allow revisions that are not heads.
    :returns: the new revision.
    :raises CommandError: a revision is unknown or no head.
    """
    from limbeck.workflow.merge import merge

    return merge(
        config,
        revisions,
        message=message,
        branch_label=branch_label,
        rev_id=rev_id,
        splice=splice,
        announce=printing_announcer(config),
    )


def upgrade(
    config: Config,
    revision: str,
    sql: bool = False,
    tag: str | None = None,
    *,
    lock_wait: float | None = None,
    lock_timeout: float | None = None,
    accept: Names = (),
    allow_out_of_order: bool = False,
    strict: bool = False,
) -> None:
    """Bring the database up to a revision.

    :param config: the settings.
    :param revision: where to go; with ``sql`` also ``from:to``.
    :param sql: print the SQL instead of running it.
    :param tag: a word for ``env.py``.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :param lock_timeout: seconds that a statement waits for a strong lock before it makes way and
        is tried again; None for what the settings say.
    :param accept: applied revisions that are right as they are now, although they were edited,
        moved, put in below the head, or their files are gone.
    :param allow_out_of_order: run revisions that were put in below the head first.
    :param strict: refuse a database that is ahead of the files.
    :raises LockNotObtained: another deployer did not end in time.
    :raises HistoryError: the files do not fit what is applied.
    :raises CommandError: the revision is unknown, or a revision failed.
    """
    from limbeck.workflow.upgrade import upgrade

    upgrade(
        config,
        revision,
        sql=sql,
        tag=tag,
        lock_wait=lock_wait,
        lock_timeout=lock_timeout,
        accept=(accept,) if isinstance(accept, str) else accept,
        allow_out_of_order=allow_out_of_order,
        strict=strict,
    )


def downgrade(
    config: Config,
    revision: str,
    sql: bool = False,
    tag: str | None = None,
    *,
    lock_wait: float | None = None,
    lock_timeout: float | None = None,
) -> None:
    """Take the database back to a revision.

    :param config: the settings.
    :param revision: where to go; with ``sql`` it has to be ``from:to``.
    :param sql: print the SQL instead of running it.
    :param tag: a word for ``env.py``.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :param lock_timeout: seconds that a statement waits for a strong lock before it makes way and
        is tried again; None for what the settings say.
    :raises LockNotObtained: it was not enough.
    :raises CommandError: the revision is unknown, or a revision failed.
    """
    from limbeck.workflow.downgrade import downgrade

    downgrade(config, revision, sql=sql, tag=tag, lock_wait=lock_wait, lock_timeout=lock_timeout)


def show(config: Config, rev: str) -> None:
    """Print all there is to tell about a revision.

    :param config: the settings.
    :param rev: any name of revisions; ``current`` asks the database.
    :raises RevisionError: the name means none, or is ambiguous.
    """
    from limbeck.workflow.show import show

    for entry in show(config, rev):
        config.print_stdout(entry.script.log_entry)


def history(
    config: Config,
    rev_range: str | None = None,
    verbose: bool = False,
    indicate_current: bool = False,
) -> None:
    """Print the revisions, newest first.

    :param config: the settings.
    :param rev_range: ``start:end``; None takes all.
    :param verbose: print all there is to tell.
    :param indicate_current: mark where the database is.
    :raises CommandError: the range makes no sense.
    """
    from limbeck.workflow.history import history

    for entry in history(config, rev_range, indicate_current=indicate_current):
        config.print_stdout(entry.block() if verbose else entry.line())


def heads(config: Config, verbose: bool = False, resolve_dependencies: bool = False) -> None:
    """Print the newest revision of every branch.

    :param config: the settings.
    :param verbose: print all there is to tell.
    :param resolve_dependencies: leave out heads that another revision depends on.
    """
    from limbeck.workflow.heads import heads

    for entry in heads(config, resolve_dependencies=resolve_dependencies):
        config.print_stdout(
            entry.script.cmd_format(verbose, include_branches=True, tree_indicators=False)
        )


def branches(config: Config, verbose: bool = False) -> None:
    """Print the revisions where the history branches.

    :param config: the settings.
    :param verbose: print all there is to tell.
    """
    from limbeck.workflow.branches import branches

    for point in branches(config):
        script = point.revision.script
        indent = " " * (len(script.revision) + 1)
        children = "\n".join(
            f"{indent}-> "
            + child.script.cmd_format(False, include_branches=True, include_doc=verbose)
            for child in point.children
        )
        config.print_stdout(f"{script.cmd_format(verbose, include_branches=True)}\n{children}\n")


def current(config: Config, check_heads: bool = False, verbose: bool = False) -> None:
    """Print where the database is.

    :param config: the settings.
    :param check_heads: refuse a database that is not at every head.
    :param verbose: print all there is to tell.
    :raises DatabaseNotAtHead: it is not, and ``check_heads`` was asked for.
    """
    from limbeck.workflow.current import current

    for found in current(config, check_heads=check_heads):
        if verbose:
            config.print_stdout(f"Current revision(s) for {found.address}:")
        for entry in found.entries:
            config.print_stdout(entry.script.cmd_format(verbose))
        for unknown in found.unknown:
            config.print_stdout(unknown.line())
        if found.interrupted is not None:
            print(f"warning: {found.interrupted.line}; see `limbeck repair`", file=sys.stderr)


def stamp(
    config: Config,
    revision: Names,
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    *,
    lock_wait: float | None = None,
) -> None:
    """Write revisions into the database without running anything.

    :param config: the settings.
    :param revision: one or several names.
    :param sql: print the SQL instead of running it.
    :param tag: a word for ``env.py``.
    :param purge: forget every revision in the database first.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :raises LockNotObtained: it was not enough.
    :raises CommandError: a revision is unknown.
    """
    from limbeck.workflow.stamp import stamp

    stamp(config, revision, sql=sql, tag=tag, purge=purge, lock_wait=lock_wait)


def edit(config: Config, rev: str) -> None:
    """Open revision files in ``$VISUAL`` or ``$EDITOR``.

    :param config: the settings.
    :param rev: any name of revisions; ``current`` asks the database.
    :raises CommandError: there is no such file, or no editor.
    """
    from limbeck.workflow.edit import files_to_edit, open_editor

    open_editor(files_to_edit(config, rev))


def ensure_version(config: Config, sql: bool = False) -> None:
    """Create the version table if there is none.

    :param config: the settings.
    :param sql: print the SQL instead of running it.
    """
    from limbeck.workflow.ensure_version import ensure_version

    ensure_version(config, sql=sql)


def printing_announcer(config: Config) -> Callable[..., AbstractContextManager[None]]:
    """Make a function that prints what is being done, and ``done`` behind it when it is.

    :param config: prints the lines.
    """

    @contextmanager
    def announce(message: str, newline: bool = False) -> Iterator[None]:
        said = f"{message} ..."
        if newline:
            config.print_stdout(said)
            said = ""
        try:
            yield
        except BaseException:
            config.print_stdout(f"{said}  FAILED")
            raise
        config.print_stdout(f"{said}  done")

    return announce
