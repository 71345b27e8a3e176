"""The newest revision of every branch."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING
from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config


def heads(config: Config, *, resolve_dependencies: bool = False) -> tuple[RevisionEntry, ...]:
    """List the heads.

    :param config: the settings.
    :param resolve_dependencies: leave out heads that another revision depends on.
    :returns: the heads, in the order in which their files are read.
    """
    script = script_directory(config)
    names = "heads" if resolve_dependencies else script.get_heads()
    found = [each for each in script.get_revisions(names) if each is not None]
    return tuple(map(RevisionEntry, found))
