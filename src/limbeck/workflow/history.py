"""The revisions of a range, newest first."""

from __future__ import annotations

from limbeck.errors import UsageError
from limbeck.light_typing import TYPE_CHECKING, Any
from limbeck.workflow.entries import RevisionEntry, entries_of
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.script import ScriptDirectory


def history(
    config: Config, rev_range: str | None = None, *, indicate_current: bool = False
) -> tuple[RevisionEntry, ...]:
    """List revisions.

    The database is asked only if a bound is ``current``, if it shall be indicated, or if
    the setting ``revision_environment`` says so.

    :param config: the settings.
    :param rev_range: ``start:end``, each bound may be left out; None lists all.
    :param indicate_current: mark the revisions at which the database is.
    :returns: the revisions, newest first.
    :raises UsageError: the range has no colon.
    """
    script = script_directory(config)
    base, head = _bounds(rev_range)
    if not needs_database(config, rev_range, indicate_current):
        return entries_of(script.walk_revisions(base=base or "base", head=head or "heads"))
    return _history_of_database(config, script, base, head, indicate_current)


def needs_database(config: Config, rev_range: str | None, indicate_current: bool) -> bool:
    """Whether the database is asked, or ``env.py`` is run.

    :param config: the settings.
    :param rev_range: see :func:`history`.
    :param indicate_current: see :func:`history`.
    :raises UsageError: the range has no colon.
    """
    return (
        indicate_current
        or "current" in _bounds(rev_range)
        or config.get_alembic_boolean_option("revision_environment")
    )


def _history_of_database(
    config: Config,
    script: ScriptDirectory,
    base: str | None,
    head: str | None,
    indicate_current: bool,
) -> tuple[RevisionEntry, ...]:
    from limbeck.workflow.environment import run_environment

    found: list[RevisionEntry] = []

    def walk(rows: Any, context: Any) -> list[Any]:
        lower = rows if base == "current" else base
        upper = rows if head == "current" else head
        current = [each.revision for each in script.get_revisions(rows) if each is not None]
        scripts = script.walk_revisions(base=lower or "base", head=upper or "heads")
        for entry in entries_of(scripts, current if indicate_current else None):
            found.append(entry)
        return []

    run_environment(config, script, walk, dont_mutate=True)
    return tuple(found)


def _bounds(rev_range: str | None) -> tuple[str | None, str | None]:
    if rev_range is None:
        return None, None
    base, colon, head = rev_range.strip().partition(":")
    if not colon:
        raise UsageError(
            "History range requires [start]:[end], [start]:, or :[end]",
            hint=f"`limbeck history -r :{rev_range.strip()}` for all up to it",
        )
    return base.strip() or None, head.strip() or None
