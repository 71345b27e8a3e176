"""What ``rehearse`` tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from limbeck.workflow.rehearse import AT_MOST, DEFECTIVE, exit_code_of, rehearse

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.workflow.rehearsal import Rehearsal

_STYLES = {"defective": "red", "not rehearsed": "cyan"}


def tell_rehearse(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Rehearse revisions and tell what came of each as soon as it is known."""

    def report(each: Rehearsal) -> None:
        first, *rest = each.lines()
        terminal.result(terminal.paint(first, _STYLES.get(each.outcome, ""), terminal.stdout))
        for line in rest:
            terminal.result(line)

    def estimate(revision: str, count: int, seconds: float) -> None:
        terminal.say(f"{revision}: {count} interruptions, about {_duration(seconds)}")

    rehearsed = rehearsed_as_asked(config, options, report, estimate)
    if not rehearsed:
        terminal.say("Nothing is pending. Name the revisions to rehearse, or give --all.")
    code = exit_code_of(rehearsed)
    if code == DEFECTIVE:
        count = sum(bool(each.defects) for each in rehearsed)
        words = f"{count} of {len(rehearsed)} revisions do not go on as they should"
        one = "the revision does not go on as it should"
        error = terminal.paint("error:", "red", terminal.stderr)
        terminal.complain(f"{error} {words if len(rehearsed) > 1 else one}")
    return code


def rehearsed_as_asked(
    config: Config,
    options: Namespace,
    report: Callable[[Rehearsal], None] | None = None,
    estimate: Callable[[str, int, float], None] | None = None,
) -> tuple[Rehearsal, ...]:
    """Rehearse what the command line names.

    :param config: the settings.
    :param options: the parsed command line.
    :param report: hears of each revision.
    :param estimate: hears how many interruptions are tried, and how long they take.
    """
    return rehearse(
        config,
        options.revisions,
        all_revisions=options.all_revisions,
        scratch=options.scratch,
        only=options.only,
        moment=options.moment,
        at_most=AT_MOST if options.at_most is None else options.at_most,
        report=report,
        estimate=estimate,
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
