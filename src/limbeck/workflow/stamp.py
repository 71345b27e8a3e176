"""Write revisions into the database without running anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError
from limbeck.workflow.environment import run_environment
from limbeck.workflow.names import refuse_unknown
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.runtime.events import Event


def stamp(
    config: Config,
    revision: str | Sequence[str],
    *,
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    lock_wait: float | None = None,
    report: Callable[[Event], None] | None = None,
) -> None:
    """Say that the database is at the revisions that are named.

    :param config: the settings.
    :param revision: one or several names, none for ``base``; with ``sql`` also ``from:to``.
    :param sql: write the SQL to ``config.output_buffer`` or stdout instead of running it.
    :param tag: a word for ``env.py``.
    :param purge: forget every revision in the database first.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :param report: called when a step begins and when it is done.
    :raises CommandError: a revision is unknown, or the options contradict each other.
    """
    script = script_directory(config)
    starting_rev: str | None = None
    destinations: list[str] = []
    for name in [revision] if isinstance(revision, str) else list(revision):
        start, colon, end = name.partition(":")
        if colon and sql:
            if starting_rev not in (None, start):
                raise CommandError(
                    "Stamp operation with --sql only supports a single starting revision at a time"
                )
            starting_rev = start
            destinations.append(end)
        else:
            destinations.append(name)
    if sql and purge:
        raise CommandError("Can't use --purge with --sql mode")

    for name in () if sql else destinations:
        refuse_unknown(script, name, lambda each: script._stamp_revs(each, ()))

    def steps(rows: Any, context: Any) -> Any:
        return script._stamp_revs(tuple(destinations) or "base", rows)

    run_environment(
        config,
        script,
        steps,
        as_sql=sql,
        starting_rev=starting_rev if sql else None,
        destination_rev=tuple(destinations),
        tag=tag,
        purge=purge,
        lock_wait=lock_wait,
        report=report,
    )
