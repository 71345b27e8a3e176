"""What ran, line by line, for a person who waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from limbeck.workflow.progress import StepReport, watched

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal

_LOGGER = "limbeck.runtime.migration"


@contextmanager
def tell_progress(terminal: Terminal) -> Iterator[None]:
    """While entered, print a line for each step that is done.

    Nothing is printed where ``env.py`` has set logging up so that the same is logged already.

    :param terminal: where to print.
    """
    ran: list[StepReport] = []

    def listen(report: StepReport) -> None:
        if not report.is_done:
            return
        ran.append(report)
        if not _is_logged():
            terminal.say(_line(report))

    with watched(listen):
        yield
    if not ran:
        terminal.say("Nothing to do: the database is there already.")


def _is_logged() -> bool:
    logger = logging.getLogger(_LOGGER)
    return logger.isEnabledFor(logging.INFO) and logger.hasHandlers()


def _line(report: StepReport) -> str:
    before = ", ".join(report.from_ids) or "base"
    after = ", ".join(report.to_ids) or "base"
    message = f", {report.message}" if report.message else ""
    return f"{report.direction}  {before} -> {after}{message}  ({report.seconds or 0:.2f} s)"
