"""All there is to tell about a revision."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING, Any
from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config


def show(config: Config, rev: str) -> tuple[RevisionEntry, ...]:
    """Look revisions up.

    :param config: the settings.
    :param rev: any name of revisions; ``current`` asks the database.
    :returns: the revisions that the name means.
    :raises RevisionError: it means none, or is ambiguous.
    """
    script = script_directory(config)
    if rev != "current":
        return tuple(RevisionEntry(each) for each in script.get_revisions(rev) if each is not None)
    from limbeck.workflow.environment import run_environment

    found: list[RevisionEntry] = []

    def look(rows: Any, context: Any) -> list[Any]:
        found.extend(
            RevisionEntry(each, True) for each in script.get_revisions(rows) if each is not None
        )
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found)
