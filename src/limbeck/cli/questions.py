"""Questions to a person at a terminal about what a new revision does to rows and tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from limbeck.errors import QuestionNeeded, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from limbeck.autogenerate.fills import Ask
    from limbeck.cli.terminal import Terminal
    from limbeck.plan.fills import Unfilled


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
            print(f"  {column.path} = ", end="", file=sys.stderr, flush=True)
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
