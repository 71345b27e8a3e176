"""Questions about a new revision, and the options that answer them: names, rows and tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from limbeck.errors import QuestionNeeded, UsageError
from limbeck.visible import visible

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from limbeck.autogenerate.fills import Ask
    from limbeck.cli.terminal import Terminal
    from limbeck.diff.rename_choices import Choices
    from limbeck.diff.rename_questions import RenameQuestion
    from limbeck.plan.fills import Unfilled
    from limbeck.workflow.renames import DecideRename


def asking(terminal: Terminal) -> Ask | None:
    """The function that asks; None where nobody would answer.

    :param terminal: where a person is, or not.
    """
    if not terminal.can_ask():
        return None

    def ask(column: Unfilled, check: Callable[[str], None]) -> str | None:
        what = "is new and NOT NULL" if column.is_new else "becomes NOT NULL"
        terminal.complain(f"{column.path} {what}: what do the rows that are there get?")
        terminal.complain("  SQL such as 0, 'nobody' or an expression over the row's columns;")
        terminal.complain("  nothing, to leave it to me: the revision fails where there are rows")
        while True:
            print(f"  {visible(column.path)} = ", end="", file=sys.stderr, flush=True)
            words = sys.stdin.readline()
            if not words:
                raise QuestionNeeded(
                    f"nobody has said what the rows get in {column.path}",
                    hint=f"--fill {column.path}=SQL says it, --no-fill {column.path} that there "
                    "are none",
                )
            if not words.strip():
                return None
            try:
                check(words.strip())
            except UsageError as error:
                terminal.complain(f"  {error.message}")
                continue
            return words.strip()

    return ask


def confirming(terminal: Terminal) -> Callable[[str], bool] | None:
    """The function that asks whether something is meant; None where nobody would answer.

    :param terminal: where a person is, or not.
    """
    if not terminal.can_ask():
        return None

    def confirm(question: str) -> bool:
        terminal.complain(question)
        print("  Is that meant? (y/N) ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    return confirm


def choices_of(options: Namespace) -> Choices | None:
    """What ``--rename`` and ``--drop`` say, None where neither was given.

    :param options: the parsed command line.
    """
    if not options.renames and not options.drops:
        return None
    from limbeck.diff.rename_choices import Choices

    return Choices(tuple(options.renames or ()), tuple(options.drops or ()))


def decider(terminal: Terminal) -> DecideRename | None:
    """What asks a person, None where there is nobody to ask.

    :param terminal: where to ask.
    """
    if not terminal.can_ask():
        return None
    return lambda question: _ask(question, terminal)


def _ask(question: RenameQuestion, terminal: Terminal) -> str | None:
    from limbeck.workflow.renames import undecided

    terminal.complain(f"The models have no {question.kind} {question.path} any more. It was")
    for number, candidate in enumerate(question.candidates, 1):
        terminal.complain(f"  {number}) renamed to {candidate.name} ({candidate.reason})")
    dropped = len(question.candidates) + 1
    terminal.complain(f"  {dropped}) dropped: what it holds is lost")
    while True:
        print(f"Which is meant? (1 to {dropped}) ", end="", file=sys.stderr, flush=True)
        words = sys.stdin.readline()
        if not words:
            raise undecided([question])
        answer = words.strip()
        if answer.isdecimal() and 1 <= int(answer) <= dropped:
            chosen = int(answer)
            return None if chosen == dropped else question.candidates[chosen - 1].name
