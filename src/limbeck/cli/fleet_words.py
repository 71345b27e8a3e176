"""The sum over many databases, for people: by revisions, then what went wrong, alike with alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from limbeck.cli.fleet_progress import place_of
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal
    from limbeck.fleet import FleetAnswer, Outcome
    from limbeck.fleet.outcomes import Problem, State

__all__ = ["FleetWords"]

Group = TypeVar("Group")

_MOST_NAMES = 5
_MOST_GROUPS = 5
_MOST_LINES = 8

_STATES: dict[State, str] = {
    "done": "done",
    "nothing": "with nothing to do",
    "equal": "with nothing to do",
    "behind": "behind",
    "ahead": "ahead of the files",
    "unknown": "with revisions that the files do not know",
    "alike": "like the models",
    "different": "that differ from the models",
    "failed": "failed",
    "interrupted": "interrupted",
    "not_begun": "not begun",
}


class FleetWords(Value):
    """Tells what came of many databases.

    :param answer: that.
    :param heads: where a database is that has every revision.
    :param terminal: where it is told.
    """

    answer: FleetAnswer
    heads: tuple[str, ...]
    terminal: Terminal

    def tell(self) -> None:
        """Tell all of it."""
        if self.terminal.verbose:
            for each in self.answer.outcomes:
                self.terminal.result(f"{each.tenant}  {place_of(each.heads)}  {each.state}")
        total = len(self.answer.outcomes)
        counts = [f"{count} {_STATES[state]}" for state, count in self.answer.counts.items()]
        databases = "1 database" if total == 1 else f"{total} databases"
        self.terminal.result(f"{databases}: {', '.join(counts)}")
        self._tell_places()
        self._tell_differences()
        self._tell_problems()

    def _tell_places(self) -> None:
        width = len(str(max(self.answer.places.values())))
        for number, (heads, count) in enumerate(self.answer.places.items()):
            mark = " (head)" if heads is not None and heads == self.heads else ""
            at = "nobody knows where" if heads is None else f"at {place_of(heads)}{mark}"
            there = [each.tenant for each in self.answer.outcomes if each.heads == heads]
            names = f": {_names(there)}" if number or count == 1 else ""
            self.terminal.result(f"  {count:{width}} {at}{names}")

    def _tell_differences(self) -> None:
        groups: dict[tuple[str, ...], list[str]] = {}
        for each in self.answer.outcomes:
            if each.state in ("different", "unknown"):
                groups.setdefault(each.words, []).append(each.tenant)
        for words, names in _first(groups.items(), self.terminal):
            self.terminal.result(f"{_names(names)}:")
            for line in _cut(words):
                self.terminal.result(f"  {line}")

    def _tell_problems(self) -> None:
        groups: dict[Problem, list[Outcome]] = {}
        for each in self.answer.outcomes:
            if each.problem is not None:
                groups.setdefault(each.problem, []).append(each)
        for problem, those in _first(groups.items(), self.terminal):
            mark = self.terminal.paint("error:", "red", self.terminal.stderr)
            names = _names([each.tenant for each in those])
            self.terminal.complain(f"{mark} {names}: {problem.message}")
            for line in _cut([line for text in problem.details for line in text.splitlines()]):
                self.terminal.complain(f"  {line}")
            if problem.hint:
                mark = self.terminal.paint("hint:", "cyan", self.terminal.stderr)
                self.terminal.complain(f"{mark} {' '.join(problem.hint.split())}")
        if self.answer.failed:
            self.terminal.complain(
                "The same command goes on with the databases that are not there yet."
            )


def _first(groups: Iterable[Group], terminal: Terminal) -> Iterator[Group]:
    every = list(groups)
    yield from every[:_MOST_GROUPS]
    if len(every) > _MOST_GROUPS:
        terminal.complain(f"… {len(every) - _MOST_GROUPS} more, in --report FILE or --json")


def _cut(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return list(lines)
    return [*lines[: _MOST_LINES - 1], f"… {len(lines) - _MOST_LINES + 1} more lines"]


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
