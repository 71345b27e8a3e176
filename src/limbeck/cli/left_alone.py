"""What is in a database and has come there by no revision, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.cli.terminal import Terminal

MOST_CHANGES = 40
"""How much of one kind is told; of more, how much more."""


def tell_left_alone(words: Sequence[str], terminal: Terminal, remedy: str = "drops") -> None:
    """Name what is in the database only, and has come there by no revision.

    :param words: what it is.
    :param terminal: where to say it.
    :param remedy: what ``--drop-unowned`` does about it.
    """
    if not words:
        return
    shown = ", ".join(words[:MOST_CHANGES])
    more = f" and {len(words) - MOST_CHANGES} more" if len(words) > MOST_CHANGES else ""
    terminal.say(
        f"Left alone, as no revision has created it: {shown}{more}. --drop-unowned {remedy} it.",
        "dim",
    )
