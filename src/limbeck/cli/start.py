"""``limbeck init`` without a folder: find the models, ask if need be, say what to do next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.workflow.init_project import InitializedProject, SeveralModels, init_project

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal


def start_project(options: Namespace, terminal: Terminal) -> int:
    """Set the project in the current folder up.

    :param options: the parsed command line.
    :param terminal: where to tell it.
    :returns: the exit code.
    :raises SeveralModels: there is more than one answer, and nobody to ask.
    """
    folder = Path.cwd()
    try:
        done = init_project(folder, options.models or ())
    except SeveralModels as question:
        if not terminal.can_ask():
            raise
        done = init_project(folder, _ask(question, terminal))
    count = len(done.tables)
    terminal.result(f"Found {', '.join(done.models)} ({count} table{'' if count == 1 else 's'})")
    terminal.result(f"Wrote {done.settings_file}")
    terminal.result(f"Made {done.versions}")
    terminal.say("Next: export DATABASE_URL=…, then `limbeck revision --autogenerate`", "dim")
    return 0


def init_facts(done: InitializedProject) -> dict[str, object]:
    """What was written, as plain values.

    :param done: from the workflow.
    """
    return {
        "settings_file": str(done.settings_file),
        "versions": str(done.versions),
        "models": list(done.models),
        "tables": list(done.tables),
    }


def _ask(question: SeveralModels, terminal: Terminal) -> list[str]:
    terminal.complain("Several models were found:")
    for number, candidate in enumerate(question.candidates, 1):
        terminal.complain(f"  {number}) {candidate}")
    while True:
        print("Which ones are meant? (a number, or several with commas) ", end="", file=sys.stderr)
        sys.stderr.flush()
        words = sys.stdin.readline()
        if not words:
            raise question
        numbers = [word.strip() for word in words.split(",") if word.strip()]
        chosen = [
            question.candidates[int(number) - 1]
            for number in numbers
            if number.isdecimal() and 1 <= int(number) <= len(question.candidates)
        ]
        if chosen and len(chosen) == len(numbers):
            return chosen
