"""Take the database back to a revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError
from limbeck.workflow.destination import Destination
from limbeck.workflow.environment import run_environment
from limbeck.workflow.names import refuse_unknown
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.runtime.events import Event
    from limbeck.runtime.migration import MigrationContext


def downgrade(
    config: Config,
    revision: str,
    *,
    sql: bool = False,
    tag: str | None = None,
    lock_wait: float | None = None,
    lock_timeout: float | None = None,
    report: Callable[[Event], None] | None = None,
) -> None:
    """Undo every revision that lies above the one that is named.

    Of a database that is ahead of the files, what they do not know is undone by what the history
    has kept of it.

    :param config: the settings.
    :param revision: where to go; with ``sql`` it has to be ``from:to``.
    :param sql: write the SQL to ``config.output_buffer`` or stdout instead of running it.
    :param tag: a word for ``env.py``.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :param lock_timeout: seconds that a statement waits for a strong lock before it makes way and
        is tried again; None for what the settings say.
    :param report: called when a revision begins and when it is done.
    :raises CommandError: the revision is unknown, or a revision failed.
    """
    script = script_directory(config)
    starting_rev: str | None = None
    if ":" in revision:
        if not sql:
            raise CommandError("Range revision not allowed", hint="a range needs --sql")
        starting_rev, _, revision = revision.partition(":")
    elif sql:
        raise CommandError(
            "downgrade with --sql requires <fromrev>:<torev>",
            hint=f"`limbeck downgrade head:{revision} --sql`",
        )

    if not sql:
        refuse_unknown(script, revision)

    destination = Destination(revision, script._downgrade_revs)

    def steps(rows: Any, context: MigrationContext) -> Any:
        if context.history is None:
            return destination.steps(rows, context)
        from limbeck.workflow.downgrade_from_history import steps_back

        return steps_back(config, script, destination, rows, context)

    run_environment(
        config,
        script,
        steps,
        with_models=bool(config.models),
        as_sql=sql,
        starting_rev=starting_rev,
        destination_rev=revision,
        tag=tag,
        lock_wait=lock_wait,
        lock_timeout=lock_timeout,
        report=report,
    )
