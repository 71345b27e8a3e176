"""Rehearse revisions: interrupt each of them at its moments on a scratch database, and go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from limbeck.errors import CheckFailed, CommandError, ScratchUnavailable, UsageError
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory
from limbeck.workflow.prove import engine_words, named
from limbeck.workflow.rehearsal import Kind, Rehearsal
from limbeck.workflow.rehearse_revision import Wanted, rehearse_revision
from limbeck.workflow.replay import replaying

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.script import Script, ScriptDirectory

DEFECTIVE = 1
NOT_REHEARSED = ScratchUnavailable.exit_code
AT_MOST = 40
"""So many interruptions of each revision are tried, if nothing else is said."""

Report = Callable[[Rehearsal], None]
Estimate = Callable[[str, int, float], None]


def rehearse(
    config: Config,
    revisions: Sequence[str] = (),
    *,
    all_revisions: bool = False,
    scratch: str | None = None,
    only: Kind | None = None,
    moment: int | None = None,
    at_most: int = AT_MOST,
    report: Report | None = None,
    estimate: Estimate | None = None,
) -> tuple[Rehearsal, ...]:
    """Interrupt revisions on a scratch database, and see what they come to afterwards.

    :param config: the settings.
    :param revisions: their names, or ranges such as ``ae10:head``, with both ends; what is pending
        in the project's database if none are given.
    :param all_revisions: rehearse every revision.
    :param scratch: the address of the scratch database; by default one is made.
    :param only: only let statements ``fail``, or only ``kill``.
    :param moment: only this moment of each revision, from 1.
    :param at_most: how many interruptions of each revision to try, at equal distances; 0 for all.
    :param report: called when a revision was rehearsed.
    :param estimate: called with a revision's id, the number of interruptions that are about to be
        tried, and about how many seconds they take.
    :raises CommandError: a name is unknown, the database does not say what is pending, or the
        settings cannot be used.
    """
    if at_most < 0:
        raise UsageError("--at-most takes a number of interruptions, 0 for all")
    script = script_directory(config)
    if revisions or all_revisions:
        wanted = named(script, revisions, all_revisions)
    else:
        wanted = _pending(config, script)
    if not wanted:
        return ()
    found: list[Rehearsal] = []
    for each in _rehearsed(config, wanted, scratch, Wanted(only, moment, at_most), estimate):
        found.append(each)
        if report is not None:
            report(each)
    return tuple(found)


def exit_code_of(rehearsed: Sequence[Rehearsal]) -> int:
    """1 where something was found, 11 where a revision could not be rehearsed, else 0.

    :param rehearsed: what came of each revision.
    """
    outcomes = {each.outcome for each in rehearsed}
    if "defective" in outcomes:
        return DEFECTIVE
    return NOT_REHEARSED if "not rehearsed" in outcomes else 0


def raise_for(rehearsed: Sequence[Rehearsal]) -> None:
    """Raise an error where not every revision could be rehearsed without a finding.

    :param rehearsed: what came of each revision.
    :raises CheckFailed: something was found.
    :raises ScratchUnavailable: one could not be rehearsed.
    """
    defective = [each.revision for each in rehearsed if each.defects]
    if defective:
        raise CheckFailed(f"does not go on as it should: {', '.join(defective)}")
    for each in rehearsed:
        if each.reason is not None:
            raise ScratchUnavailable(each.reason)


def _pending(config: Config, script: ScriptDirectory) -> tuple[Script, ...]:
    """What the project's database has not applied yet."""
    lacking: set[str] = set()

    def look(rows: Any, context: Any) -> list[Any]:
        steps = script.revision_map.plan_upgrade(rows, "heads")
        lacking.update(str(step.id) for step in steps)
        return []

    try:
        run_environment(config, script, look, dont_mutate=True)
    except CommandError as error:
        if error.hint is None or error.exit_code == 4:
            error.hint = "name the revisions to rehearse, or give --all"
        raise
    ordered = reversed(list(script.walk_revisions()))
    return tuple(each for each in ordered if each.revision in lacking)


def _rehearsed(
    config: Config,
    wanted: Sequence[Script],
    scratch: str | None,
    asked: Wanted,
    estimate: Estimate | None,
) -> Iterator[Rehearsal]:
    done = 0
    try:
        with replaying(config, scratch) as replay:
            engine = engine_words(replay)
            for script in wanted:
                replay.start_over()
                yield rehearse_revision(replay, script, engine, asked, estimate)
                done += 1
    except ScratchUnavailable as error:
        for script in wanted[done:]:
            hint = f" ({error.hint})" if error.hint else ""
            yield Rehearsal(script.revision, script.doc, reason=f"{error.message}{hint}")
