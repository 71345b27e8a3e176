"""A database that is ahead: it has all that the files have, and revisions that they do not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext

_MOST_NAMED = 5


def refuse_ahead(context: MigrationContext, heads: Collection[str]) -> None:
    """Refuse to compare a database that is known to be ahead of the files.

    :param context: the database.
    :param heads: what the version table holds.
    :raises HistoryError: it is ahead; the message names the revisions.
    """
    words = ahead_words(_unknown(context, heads))
    if words:
        raise HistoryError(
            words[0],
            hint="these files cannot say whether it is as it should be: ask with the files that "
            "it knows, or `limbeck downgrade` takes it back to a revision of these",
            details=[line.strip() for line in words[1:]],
        )


def _unknown(context: MigrationContext, heads: Collection[str]) -> Sequence[HistoryRow]:
    if context.script is None:
        return ()
    known = context.script.revision_map.graph.by_id
    if all(id_ in known for id_ in heads):
        return ()
    from limbeck.workflow.fit import applied_in

    applied = applied_in(context, heads)
    return () if applied is None else applied.fit.unknown


def ahead_words(unknown: Sequence[HistoryRow]) -> list[str]:
    """Say of a database that it is ahead of the files, and by what.

    :param unknown: the revisions that the files do not know, oldest first.
    :return: nothing where there are none.
    """
    count = len(unknown)
    if not count:
        return []
    from limbeck.workflow.fit import applied_words

    what = "a revision" if count == 1 else f"{count} revisions"
    lines = [f"the database is ahead: it has {what} that these files do not know"]
    lines += [f"  {row.revision}, applied {applied_words(row)}" for row in unknown[-_MOST_NAMED:]]
    if count > _MOST_NAMED:
        lines.insert(1, f"  … {count - _MOST_NAMED} earlier ones")
    return lines
