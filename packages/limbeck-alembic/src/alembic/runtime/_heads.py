"""Changes the version table step by step, for programs that run their steps themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from limbeck.revisions.rows import RowChanges

if TYPE_CHECKING:
    from alembic.runtime._steps import MigrationStep
    from limbeck.runtime.migration import MigrationContext


class HeadMaintainer:
    """Changes the version table of a database, step by step.

    :param context: the database.
    :param heads: the ids in the table.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        self.context = context
        self.heads = set(heads)

    def update_to_step(self, step: MigrationStep) -> None:
        """Change the rows as a step does.

        :param step: the step.
        :raises CommandError: a row that was to change was not there.
        """
        rows = step.rows_at(self.heads)
        for id_ in rows.deleted:
            self._delete_version(id_)
        for id_ in rows.inserted:
            self._insert_version(id_)
        for before_, after in rows.updated:
            self._update_version(before_, after)

    # A subclass may do more at each of these.

    def _delete_version(self, version: str) -> None:
        self._change(RowChanges(deleted=(version,)))

    def _insert_version(self, version: str) -> None:
        self._change(RowChanges(inserted=(version,)))

    def _update_version(self, from_: str, to_: str) -> None:
        self._change(RowChanges(updated=((from_, to_),)))

    def _change(self, rows: RowChanges) -> None:
        context = self.context
        if context.as_sql is True:
            for statement, _ in context.versions.changes(rows, returning=True):
                context.impl.write(statement)
        else:
            context.versions.carry_out(context.connection, rows)
        self.heads = set(rows.applied_to(self.heads))
