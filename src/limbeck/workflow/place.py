"""Where a database is, in revisions of the files and in those that only its history knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.script.kept import kept_message
from limbeck.value import Value
from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.fit import applied_in, applied_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory


class UnknownRevision(Value):
    """A revision that is applied, and in no file.

    :param row: the row of the history that says so.
    :param message: the message that its file had.
    """

    row: HistoryRow
    message: str

    def line(self) -> str:
        """The revision in one line."""
        message = f", {self.message}" if self.message else ""
        when = applied_words(self.row)
        return f"{self.row.revision} (not in these files){message}; applied {when}"

    def facts(self) -> dict[str, Any]:
        """The revision as plain values."""
        row = self.row
        return {
            "revision": row.revision,
            "parents": list(row.parents),
            "depends_on": list(row.requires),
            "message": self.message,
            "applied": row.finished,
            "who": row.who,
            "host": row.host,
        }


class Place(Value):
    """Where a database is.

    :param entries: the newest applied revision of every branch, as far as the files know it.
    :param unknown: what the version table has, and the files do not know.
    :param heads: ids to plan an upgrade from.
    :param is_at_heads: whether nothing is left to upgrade.
    """

    entries: tuple[RevisionEntry, ...]
    unknown: tuple[UnknownRevision, ...]
    heads: tuple[str, ...]
    is_at_heads: bool


def place_of(script: ScriptDirectory, heads: Collection[str], context: MigrationContext) -> Place:
    """Where a database is.

    The history is asked only where the files do not know what the version table has.

    :param script: the files.
    :param heads: what the version table has.
    :param context: the database.
    :raises HistoryError: neither the files nor the history know a revision.
    """
    # a head that another revision depends on has no row of its own
    expected = {head.revision for head in script.get_revisions("heads")}
    graph = script.revision_map.graph
    if any(id_ not in graph.by_id for id_ in heads):
        applied = applied_in(context, heads)
        if applied is not None and applied.fit.unknown:
            tops = [row for row in applied.fit.unknown if row.revision in heads]
            known = [id_ for id_ in heads if id_ in graph.by_id]
            return Place(
                _entries(script, known),
                _with_messages(context, tops),
                applied.fit.heads,
                expected <= applied.rows.keys(),
            )
    return Place(_entries(script, heads), (), tuple(heads), expected == set(heads))


def _entries(script: ScriptDirectory, heads: Collection[str]) -> tuple[RevisionEntry, ...]:
    here = sorted(script.get_all_current(tuple(heads)), key=lambda each: each.revision)
    return tuple(RevisionEntry(each) for each in here)


def _with_messages(
    context: MigrationContext, rows: Collection[HistoryRow]
) -> tuple[UnknownRevision, ...]:
    assert context.history is not None
    with context.transactions.reading() as connection:
        sources = context.history.table.sources(connection, [row.number for row in rows])
    return tuple(
        UnknownRevision(row, kept_message(replace(row, source=sources.get(row.number))) or "")
        for row in rows
    )
