"""Asking a person at a terminal whether something was renamed or dropped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.diff.rename_choices import Choices
    from limbeck.diff.rename_questions import RenameQuestion
    from limbeck.workflow.renames import DecideRename


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
