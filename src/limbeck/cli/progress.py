"""What ran, line by line, for a person who waits."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from limbeck.cli.garbage import collect_for_revisions

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal
    from limbeck.runtime.events import (
        DoneByAnother,
        Event,
        LockAwaited,
        Notice,
        RevisionFinished,
        RevisionStarted,
    )

_logger = logging.getLogger("limbeck.runtime.migration")


@dataclass
class Progress:
    """Hears of every step of a run.

    :param terminal: where each step is told; None keeps silent.
    """

    terminal: Terminal | None = None
    finished: list[RevisionFinished] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    done_by_others: list[DoneByAnother] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Take one event of the run.

        :param event: a revision begins, or is done, or there is something to know.
        """
        events = _events()
        if isinstance(event, events.RevisionFinished):
            self._finished(event)
        elif isinstance(event, events.RevisionStarted):
            self._started(event)
        elif isinstance(event, events.Notice):
            self._noticed(event)
        else:
            self.done_by_others += [event] if isinstance(event, events.DoneByAnother) else []
            self._tell(waiting_words(event))

    def _noticed(self, event: Notice) -> None:
        if event.words not in self.notices:  # a plan that is made again says the same again
            self.notices.append(event.words)
            if self.terminal is not None:
                self.terminal.say(event.words)

    def _started(self, event: RevisionStarted) -> None:
        collect_for_revisions()
        self.started += [event.revision] if event.revision is not None else []
        if self.terminal is not None and self.terminal.verbose:
            self.terminal.say(f"{event.direction}  {event.revision or 'base'} begins", "dim")

    def _tell(self, words: str) -> None:
        if self.terminal is not None and not _is_logged():
            self.terminal.say(words)

    def _finished(self, event: RevisionFinished) -> None:
        self.finished.append(event)
        self._tell(_line(event))

    def facts(self) -> list[dict[str, Any]]:
        """What ran, as plain values."""
        return [
            {
                "direction": event.started.direction,
                "revision": event.started.revision,
                "message": event.started.message,
                "seconds": round(event.seconds, 3),
            }
            for event in self.finished
        ]

    def others(self) -> list[dict[str, Any]]:
        """What other deployers have done of what was to run, as plain values."""
        return [
            {"direction": each.direction, "revisions": each.steps, "left": each.left}
            for each in self.done_by_others
        ]


@cache
def _events() -> Any:
    """The module of the events, which a command that runs nothing does without."""
    from limbeck.runtime import events

    return events


def _is_logged() -> bool:
    """Whether ``env.py`` has set logging up so that the same is told by the log."""
    return _logger.isEnabledFor(logging.INFO) and _logger.hasHandlers()


_DONE = {"upgrade": "applied", "downgrade": "undone", "stamp": "stamped"}


def waiting_words(event: Event) -> str:
    """What is told while a run waits for somebody; empty for any other event.

    :param event: what has happened.
    """
    from limbeck.runtime.events import DoneByAnother, LockAwaited, StatementBlocked

    if isinstance(event, LockAwaited):
        return _waiting(event)
    if isinstance(event, StatementBlocked):
        return f"waiting for {event.blocker}, then again: {event.sql}"
    return _done(event) if isinstance(event, DoneByAnother) else ""


def _waiting(event: LockAwaited) -> str:
    who = f": {event.holder}" if event.holder else ""
    return f"{event.reason}, waiting up to {event.seconds:g} s{who}"


def _done(event: DoneByAnother) -> str:
    count = "1 revision" if event.steps == 1 else f"{event.steps} revisions"
    left = f"{event.left} left to do" if event.left else "nothing is left to do"
    return f"another deployer has just {_DONE[event.direction]} {count}; {left}"


def _line(event: RevisionFinished) -> str:
    started = event.started
    message = started.message.partition("\n")[0]
    words = f"{started.direction}  {started.revision or 'base'}"
    number = f"  [{started.number}/{started.total}]" if started.total > 1 else ""
    return f"{words}{f', {message}' if message else ''}  ({event.seconds:.2f} s){number}"
