"""Each database as it is done, line by line, for a person who waits."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

from limbeck.cli.garbage import collect_for_revisions
from limbeck.cli.progress import waiting_words
from limbeck.revisions.errors import listed

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal
    from limbeck.fleet import Outcome
    from limbeck.runtime.events import Event

__all__ = ["FleetProgress", "place_of"]


class FleetProgress:
    """Hears of each database.

    :param terminal: where it is told; None keeps silent.
    :param total: how many databases there are.
    """

    def __init__(self, terminal: Terminal | None, total: int) -> None:
        self._terminal = terminal
        self._total = total
        self._done = 0
        self._failed = 0
        self._lock = threading.Lock()  # threads tell of their databases
        shown = terminal is not None and not terminal.quiet and terminal.stderr.isatty()
        self._counts = shown and total > 1

    def __enter__(self) -> Self:
        self._count()
        return self

    def __exit__(self, *raised: Any) -> None:
        self._clear()

    def told(self, outcome: Outcome) -> None:
        """Take what came of one database.

        :param outcome: that.
        """
        collect_for_revisions()  # all that was of this database is garbage
        with self._lock:
            self._done += 1
            self._failed += not outcome.is_complete
            words = self._words(outcome)
            if words:
                width = len(str(self._total))
                self._say(f"[{self._done:{width}}/{self._total}] {outcome.tenant}: {words}")
            else:
                self._count()

    def heard(self, tenant: str, event: Event) -> None:
        """Take one event of a run: that it waits for somebody is worth a line.

        :param tenant: the name of the database.
        :param event: what has happened.
        """
        words = waiting_words(event)
        if words:
            with self._lock:
                self._say(f"{tenant}: {words}")

    def _words(self, outcome: Outcome) -> str:
        seconds = f"({outcome.seconds:.2f} s)"
        if outcome.problem is not None:
            return f"{outcome.state}: {outcome.problem.message} {seconds}"
        if outcome.state == "done":
            count = len(outcome.ran)
            ran = "1 revision" if count == 1 else f"{count} revisions"
            return f"{ran}, at {place_of(outcome.heads)} {seconds}"
        if outcome.words and outcome.state == "nothing":
            return "; ".join(outcome.words)
        return ""

    def _say(self, line: str) -> None:
        self._clear()
        if self._terminal is not None:
            self._terminal.say(line)
        self._count()

    def _count(self) -> None:
        if self._counts and self._terminal is not None and self._done < self._total:
            failed = f", {self._failed} failed" if self._failed else ""
            self._write(f"{self._done} of {self._total} databases{failed}")

    def _clear(self) -> None:
        if self._counts:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        assert self._terminal is not None
        self._terminal.stderr.write(text if text.startswith("\r") else f"\r\x1b[K{text}")
        self._terminal.stderr.flush()


def place_of(heads: tuple[str, ...] | None) -> str:
    """Where a database is, for people.

    :param heads: what its version table holds; None where nobody knows.
    """
    if heads is None:
        return "nobody knows where"
    return listed(heads) or "base"
