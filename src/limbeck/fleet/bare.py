"""Databases in a file of plain lines, and what is told where none has anything to do.

No SQLAlchemy is imported; see :mod:`limbeck.workflow.bare_road`.
"""

from __future__ import annotations

import os

from limbeck.errors import CommandError
from limbeck.fleet.lines import words_of_lines
from limbeck.fleet.outcomes import FleetAnswer, Outcome
from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["addresses_of", "answer_of"]

_OPEN_ALREADY = ("/dev/fd/", "/dev/std", "/proc/")
"""How the names of files begin that the process has opened already."""


def addresses_of(name: str) -> list[str] | None:
    """The addresses in a file, if there are several, each of a whole database and without a name.

    :param name: the file.
    :returns: None where only the usual road can say what the lines mean, or what is wrong.
    """
    # What is no file, as the /dev/fd/63 of <(command) in a shell, can be read once only.
    if name.startswith(_OPEN_ALREADY) or not os.path.isfile(name):  # noqa: PTH113  # as below
        return None
    try:
        with open(name, encoding="utf-8-sig") as file:  # noqa: PTH123  # pathlib costs too much
            words = words_of_lines(file.read(), name, expand=True)
    except (OSError, UnicodeDecodeError, CommandError):
        return None
    if len(words) < 2 or any(each.name is not None or each.schema is not None for each in words):
        return None
    return [each.address for each in words]


def answer_of(found: Sequence[tuple[str, ...]]) -> FleetAnswer:
    """What is told of databases that have nothing to do.

    :param found: what the version table of each holds.
    """
    outcomes = [Outcome(str(number), "", "nothing", heads) for number, heads in enumerate(found, 1)]
    return FleetAnswer("upgrade", tuple(outcomes))
