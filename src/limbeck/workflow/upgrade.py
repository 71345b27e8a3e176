"""Bring the database up to a revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, HistoryError
from limbeck.revisions.errors import listed
from limbeck.revisions.ranges import overlap_words
from limbeck.workflow.destination import Destination, reached_by
from limbeck.workflow.environment import run_environment
from limbeck.workflow.names import refuse_no_revisions, refuse_unknown, refuse_way_back
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.runtime.events import Event
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory
    from limbeck.workflow.fit import Applied


def upgrade(
    config: Config,
    revision: str,
    *,
    sql: bool = False,
    tag: str | None = None,
    lock_wait: float | None = None,
    lock_timeout: float | None = None,
    accept: Sequence[str] = (),
    allow_out_of_order: bool = False,
    strict: bool = False,
    report: Callable[[Event], None] | None = None,
    recorder: Any = None,
    script: ScriptDirectory | None = None,
) -> tuple[frozenset[str], ...]:
    """Run every revision that is missing up to the one that is named.

    :param config: the settings.
    :param revision: where to go; with ``sql`` also ``from:to``.
    :param sql: write the SQL to ``config.output_buffer`` or stdout instead of running it.
    :param tag: a word for ``env.py``.
    :param lock_wait: seconds to wait for another deployer; None for what the settings say.
    :param lock_timeout: seconds that a statement waits for a strong lock before it makes way and
        is tried again; None for what the settings say.
    :param accept: applied revisions whose files are right as they are now: edited, moved, put in
        below the head, or gone.
    :param allow_out_of_order: run revisions that were put in below the head first.
    :param strict: refuse a database that is ahead of the files.
    :param report: called when a revision begins and when it is done.
    :param recorder: hears of what each revision sends, see :mod:`limbeck.fleet.quick.recorder`.
    :param script: the project's revisions; those of the settings if not given.
    :returns: what the version table of each database holds now, in the environment's order.
    :raises HistoryError: the files do not fit what is applied.
    :raises CommandError: the revision is unknown, or a revision failed.
    """
    script = script or script_directory(config)
    starting_rev: str | None = None
    if ":" in revision:
        if not sql:
            raise CommandError("Range revision not allowed", hint="a range needs --sql")
        starting_rev, _, revision = revision.partition(":")

    if not sql:
        refuse_unknown(script, revision)

    destination = Destination(revision, script._upgrade_revs)
    reached: dict[int, frozenset[str]] = {}  # by contexts, of which the last plan counts
    accepted: set[int] = set()  # contexts, of which each plans again where the version has moved

    def steps(rows: Any, context: MigrationContext) -> Any:
        if recorder is not None:
            recorder.look(context)
        plan = planned(rows, context)
        here = rows if context.moved_to is None else context.moved_to
        reached[id(context)] = reached_by(here, plan)
        return plan

    def planned(rows: Any, context: MigrationContext) -> Any:
        refuse_no_revisions(script, context)
        if not sql:
            _tell_of_overlap(script, rows, context)
        if context.history is not None or accept:
            from limbeck.workflow.fit import policy_of
            from limbeck.workflow.upgrade_checks import checked

            policy = "run" if allow_out_of_order else policy_of(config)
            wanted = () if id(context) in accepted else accept
            applied = checked(context, rows, wanted, policy)
            accepted.add(id(context))
            if applied is not None:
                return _steps(script, destination, applied, context, policy, strict)
        plan = destination.steps(rows, context)
        if starting_rev and not plan:
            refuse_way_back(script, starting_rev, revision)
        return plan

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
        recorder=recorder,
    )
    return tuple(reached.values())


def _tell_of_overlap(script: ScriptDirectory, rows: Any, context: MigrationContext) -> None:
    graph = script.revision_map.graph
    words = overlap_words(graph.all_parents, [id_ for id_ in rows if id_ in graph.by_id])
    if words:
        from limbeck.runtime.events import Notice

        put_right = "where the latter is applied, `limbeck stamp` and its name put that right"
        context.report(Notice(f"warning: {words}; {put_right}"))


def _steps(
    script: ScriptDirectory,
    destination: Destination,
    applied: Applied,
    context: MigrationContext,
    policy: str,
    strict: bool,
) -> Any:
    """The steps of an upgrade of a database whose history is known."""
    from limbeck.runtime.events import Notice
    from limbeck.workflow.ahead import ahead_words
    from limbeck.workflow.upgrade_checks import put_in_steps

    fit = applied.fit
    first = put_in_steps(script, fit) if policy == "run" else []
    plan = [*first, *destination.steps(fit.heads, context)]
    if not fit.unknown:
        return plan
    words = ahead_words(fit.unknown)
    if strict or plan:
        pending = listed([step.id or "" for step in plan])
        raise HistoryError(
            words[0] + (f", and lacks {pending}" if plan else ""),
            hint="deploy the files that it knows; or `limbeck downgrade` takes it back to a "
            "revision of these, or --accept forgets what has no file",
            details=[line.strip() for line in words[1:]],
        )
    for line in words:
        context.report(Notice(line))
    return plan
