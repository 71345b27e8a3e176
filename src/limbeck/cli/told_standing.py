"""What ``current --check`` tells a probe: a line for each database, and an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from limbeck.workflow.standing import Standing, standings

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config

_FINE = ("equal", "ahead")


def tell_standing(config: Config, terminal: Terminal) -> int:
    """Say how each database stands to the files."""
    found = standings(config)
    for address, standing in found:
        place = f"{address}: " if len(found) > 1 else ""
        terminal.result(f"{place}{standing.state}: {standing.words}")
    return exit_code_of(found)


def exit_code_of(found: Iterable[tuple[str, Standing]]) -> int:
    """With what the command line ends: that of the worst of the databases.

    :param found: the databases and how they stand.
    :returns: 0 where all have every revision, 1 where one is behind, 8 where one is unknown.
    """
    codes = [standing.error().exit_code for _, standing in found if standing.state not in _FINE]
    return max(codes, default=0)
