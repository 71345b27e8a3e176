"""A revision as the commands tell of it: the words, and the facts for JSON."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from limbeck.script import Script


class RevisionEntry(NamedTuple):
    """One revision, and whether the database is there.

    :param script: the revision file.
    :param is_current: True where the database is at it; None where nobody asked.
    """

    script: Script
    is_current: bool | None = None

    def line(self) -> str:
        """The line of ``history``: parents, identifier, labels, marks and message."""
        script = self.script
        text = script.cmd_format(
            False, include_branches=True, include_parents=True, tree_indicators=False
        )
        if self.is_current:
            text += " (current)"
        if script.is_branch_point:
            text += " (branchpoint)"
        if script.is_merge_point:
            text += " (mergepoint)"
        return f"{text}, {script.doc}"

    def block(self) -> str:
        """All there is to tell, over several lines."""
        text = self.script.log_entry
        return marked_current(text) if self.is_current else text

    def facts(self) -> dict[str, Any]:
        """The revision as plain values."""
        script = self.script
        return {
            "revision": script.revision,
            "parents": _names(script.down_revision),
            "depends_on": _names(script.dependencies),
            "labels": sorted(script.branch_labels),
            "message": script.doc,
            "path": str(script.path),
            "is_head": script.is_head,
            "is_base": script.is_base,
            "is_branch_point": script.is_branch_point,
            "is_merge_point": script.is_merge_point,
            "is_current": self.is_current,
        }


def marked_current(log_entry: str) -> str:
    """Say in all there is to tell about a revision that the database is there.

    :param log_entry: the lines about the revision.
    """
    first, _, rest = log_entry.partition("\n")
    return f"{first} (current)\n{rest}"


def entries_of(
    scripts: Iterable[Script], current: Iterable[str] | None = None
) -> tuple[RevisionEntry, ...]:
    """Wrap revisions.

    :param scripts: the revisions, in the order in which they are told.
    :param current: identifiers that are in the database; None where nobody asked.
    """
    if current is None:
        return tuple(RevisionEntry(script) for script in scripts)
    here = frozenset(current)
    return tuple(RevisionEntry(script, script.revision in here) for script in scripts)


def _names(value: str | Iterable[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
