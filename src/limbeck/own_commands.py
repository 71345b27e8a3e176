"""limbeck's own commands for programs, which the command of the name ``alembic`` does not have.

They are a part of :mod:`limbeck.command`, where programs find them.
"""

from __future__ import annotations

from collections.abc import Sequence

from limbeck.light_typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.workflow.applied_history import AppliedHistory

Names = str | Sequence[str]


def prove(
    config: Config,
    revisions: Names = (),
    all_revisions: bool = False,
    no_stamp: bool = False,
    scratch: str | None = None,
) -> None:
    """Run revisions up, down and up on a scratch database, and stamp the files of the good ones.

    :param config: the settings.
    :param revisions: names of revisions, or ranges; the heads if none are given.
    :param all_revisions: prove every revision.
    :param no_stamp: do not write into the files.
    :param scratch: the address of the scratch database; by default one is made.
    :raises CheckFailed: a revision is refuted.
    :raises ScratchUnavailable: a revision could not be tried.
    """
    from limbeck.workflow.prove import lines_of, prove, raise_for

    names = (revisions,) if isinstance(revisions, str) else tuple(revisions)
    proved = prove(config, names, all_revisions=all_revisions, scratch=scratch, stamp=not no_stamp)
    for each in proved:
        for line in lines_of(each):
            config.print_stdout(line)
    raise_for(proved)


def rehearse(
    config: Config,
    revisions: Names = (),
    all_revisions: bool = False,
    scratch: str | None = None,
    only: Literal["fail", "kill"] | None = None,
    moment: int | None = None,
    at_most: int | None = None,
) -> None:
    """Interrupt revisions everywhere on a scratch database, and see whether they go on.

    :param config: the settings.
    :param revisions: names of revisions, or ranges; what is pending if none are given.
    :param all_revisions: rehearse every revision.
    :param scratch: the address of the scratch database; by default one is made.
    :param only: only let statements ``fail``, or only ``kill``.
    :param moment: only this moment of each revision, from 1.
    :param at_most: how many interruptions of each revision to try, 0 for all.
    :raises CheckFailed: a revision does not go on as it should.
    :raises ScratchUnavailable: a revision could not be rehearsed.
    """
    from limbeck.workflow.rehearse import AT_MOST, raise_for, rehearse

    rehearsed = rehearse(
        config,
        (revisions,) if isinstance(revisions, str) else tuple(revisions),
        all_revisions=all_revisions,
        scratch=scratch,
        only=only,
        moment=moment,
        at_most=AT_MOST if at_most is None else at_most,
    )
    for each in rehearsed:
        for line in each.lines():
            config.print_stdout(line)
    raise_for(rehearsed)


def repair(
    config: Config, resume: bool = False, undo: bool = False, mark_applied: bool = False
) -> None:
    """Print what an interrupted revision has left, or take one of the ways out.

    :param config: the settings.
    :param resume: go on with it.
    :param undo: take back what is in of it.
    :param mark_applied: it was finished by hand.
    :raises CommandError: nothing was interrupted, or this way is not possible.
    """
    from limbeck.workflow import repair

    for way, chosen in (
        (repair.resume, resume), (repair.undo, undo), (repair.mark_applied, mark_applied)
    ):  # fmt: skip
        if chosen:
            config.print_stdout(", ".join(way(config)))
            return
    for found in repair.interrupted(config):
        config.print_stdout(f"{found.direction} of {found.revision} was interrupted")


def snapshot(config: Config, check: bool = False) -> None:
    """Write down what the revisions make of an empty database, beside the revisions.

    :param config: the settings.
    :param check: write nothing, and compare with the file that is there.
    :raises CheckFailed: with ``check``, the file is missing or says something else.
    :raises ScratchUnavailable: there is no scratch database to be had.
    """
    from limbeck.workflow.snapshot import snapshot

    config.print_stdout(str(snapshot(config, check=check).path))


def history_applied(config: Config, verify: bool = False) -> tuple[AppliedHistory, ...]:
    """What was done to every database of the project, when and by whom. Nothing is printed.

    :param config: the settings.
    :param verify: compute the chain of the rows anew.
    :returns: the history of each database.
    :raises CheckFailed: with ``verify``, a row was changed or is missing.
    """
    from limbeck.workflow.applied_history import applied_history, raise_for

    found = applied_history(config, verify=verify)
    raise_for(found)
    return found
