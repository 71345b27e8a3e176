"""What the journal of a database that commits each statement will say of what is foretold.

Which tables a statement finds and leaves is told by its text. The server holds that against what is
there before each statement (:mod:`limbeck.runtime.resent.journalled`), and where it is otherwise,
the revision runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from limbeck.database.journal_table import JournalRow, JournalTable, Step
from limbeck.dialects.text import as_typed
from limbeck.runtime.journal.marks import mark_of_words
from limbeck.runtime.resent.operations import Told, kept_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.runtime.foretold.trial import Tried
    from limbeck.runtime.migration import MigrationContext

__all__ = ["ForetoldJournal", "journal_of"]


class ForetoldJournal(NamedTuple):
    """What all rows of a run's journal have in common.

    :param recovery: the answers of the database.
    :param database: its name.
    :param frames: see :class:`~limbeck.runtime.resent.operations.Told`.
    """

    recovery: Recovery
    database: str
    frames: tuple[str, str]

    def texts(
        self, revision: str, done: Sequence[tuple[Tried, Sequence[str]]]
    ) -> tuple[str, ...] | None:
        """What is kept of a revision; None where nobody can tell before it runs.

        :param revision: its id.
        :param done: what each of its operations does, and the names that are in it.
        """
        rows = {}
        sent: list[str] = []
        for number, (tried, names) in enumerate(done, 1):
            row = self._row(JournalRow(number, revision, "upgrade"), tried, names, sent)
            if row is None:
                return None
            rows[number] = row
        return kept_texts(Told(rows, sent, self.frames), self.recovery, self.database)

    def _row(
        self, row: JournalRow, tried: Tried, names: Sequence[str], sent: list[str]
    ) -> JournalRow | None:
        steps = []
        for each in tried.sent:
            sql = each.filled(names)
            typed = as_typed(sql)
            objects = self.recovery.likely(typed, self.database)
            if objects is None or self.recovery.is_data(typed):
                return None
            steps.append(Step(typed, before=objects[0], after=objects[1]))
            sent.append(sql)
        said = "\n".join(step.sql for step in steps)
        mark = tried.mark or mark_of_words(tried.kind, tried.words.filled(names), said)
        if mark.is_data or mark.table:
            return None
        return replace(
            row,
            words=mark.words,
            fingerprint=mark.fingerprint,
            shape=mark.shape,
            steps=tuple(steps),
            is_whole=True,
            position=len(steps),
            state="done",
        )


def journal_of(context: MigrationContext) -> ForetoldJournal | None:
    """The journal that a run will have; None where its rows cannot be foretold.

    :param context: the database.
    """
    recovery = context.backend.recovery
    table = JournalTable(context.version_table, context.version_table_schema)
    over, new = (table.bare_frame(context.connection, is_new=is_new) for is_new in (False, True))
    if over is None or new is None:
        return None
    with context.transactions.reading() as connection:
        database = recovery.database(connection)
    return ForetoldJournal(recovery, database, (over, new))
