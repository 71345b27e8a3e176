"""Revisions that an upgrade is told to take as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.revisions.errors import did_you_mean
from limbeck.revisions.mismatches import Mismatch
from limbeck.runtime.accepting import accept
from limbeck.workflow.fit import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.runtime.migration import MigrationContext
    from limbeck.workflow.fit import Applied

__all__ = ["take_as_they_are"]


def take_as_they_are(context: MigrationContext, applied: Applied, names: Sequence[str]) -> None:
    """Write into the history that revisions are right as they are.

    :param context: the database.
    :param applied: what is applied.
    :param names: the revisions.
    :raises HistoryError: there is none of a name.
    """
    assert context.history is not None
    assert context.script is not None
    resolver = context.script.revision_map.resolver
    wanted = set()
    for name in names:
        known = [each for each in applied.rows if each == name or each.startswith(name)]
        if name in applied.rows or (len(known) == 1 and known[0] not in resolver.graph.by_id):
            wanted.add(name if name in applied.rows else known[0])
        elif name in resolver.graph.by_id or not did_you_mean(name, applied.rows):
            wanted.add(resolver.one(name))
        else:
            raise HistoryError(
                f"Can't locate revision identified by '{name}'",
                hint=did_you_mean(name, applied.rows),
            )
    mismatches = [each for each in applied.fit.mismatches if each.revision in wanted]
    mismatches += [
        Mismatch("deleted", row.revision, row)
        for row in applied.fit.unknown
        if row.revision is not None and row.revision in wanted
    ]
    accept(context.history, mismatches, applied.rows, resolver.graph, applied.heads)
    for each in mismatches:
        _say(context, f"accepted: {words_of(each)}")
    for id_ in sorted(wanted - {each.revision for each in mismatches}):
        _say(context, f"nothing to accept: revision {id_} is as it was applied")


def _say(context: MigrationContext, words: str) -> None:
    from limbeck.runtime.events import Notice

    context.report(Notice(words))
