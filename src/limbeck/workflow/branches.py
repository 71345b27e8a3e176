"""The revisions where the history branches, and where the branches lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config


class BranchPoint(NamedTuple):
    """A revision with several children.

    :param children: the revisions right after it, sorted by identifier.
    """

    revision: RevisionEntry
    children: tuple[RevisionEntry, ...]


def branches(config: Config) -> tuple[BranchPoint, ...]:
    """List the branch points, newest first.

    :param config: the settings.
    """
    script = script_directory(config)
    found = []
    for revision in script.walk_revisions():
        if revision.is_branch_point:
            children = script.get_revisions(sorted(revision.nextrev))
            found.append(
                BranchPoint(
                    RevisionEntry(revision),
                    tuple(RevisionEntry(child) for child in children if child is not None),
                )
            )
    return tuple(found)
