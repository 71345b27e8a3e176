"""What was done to the databases of a project, as their history tables have it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from limbeck.errors import CheckFailed
from limbeck.revisions.history_row import broken_at
from limbeck.value import Value
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from limbeck.config import Config
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext


class AppliedHistory(Value):
    """The history of one database.

    :param address: the database, without its password.
    :param table: the history table.
    :param rows: what was done, oldest first, with the kept text of the files.
    :param heads: what the version table holds.
    :param broken: the first row that does not fit and why; None where none does, or nobody asked.
    :param messages: the messages of the revisions, by their ids.
    :param exists: whether there is a history table.
    """

    address: str
    table: str
    rows: tuple[HistoryRow, ...]
    heads: tuple[str, ...]
    broken: tuple[int, str] | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    exists: bool = True

    @property
    def is_complete(self) -> bool:
        """Whether the newest row says of the version table what it says itself."""
        return not self.exists or frozenset(self.heads) == frozenset(
            self.rows[-1].heads if self.rows else ()
        )

    def facts(self) -> dict[str, Any]:
        """The history as plain values."""
        return {
            "address": self.address,
            "table": self.table if self.exists else None,
            "heads": list(self.heads),
            "is_complete": self.is_complete,
            "broken_row": None if self.broken is None else self.broken[0],
            "broken_because": None if self.broken is None else self.broken[1],
            "rows": [
                {**row.facts(), "message": self.messages.get(row.revision or "")}
                for row in self.rows
            ],
        }


def applied_history(config: Config, *, verify: bool = False) -> tuple[AppliedHistory, ...]:
    """Read the history of every database of the project. Nothing is written.

    :param config: the settings.
    :param verify: compute the hash of every row anew, and compare.
    :return: one for each database, in the environment's order.
    """
    from limbeck.database.history_table import HistoryTable
    from limbeck.script.kept import kept_message

    script = script_directory(config)
    found: list[AppliedHistory] = []

    def look(heads: Any, context: MigrationContext) -> list[Any]:
        assert context.connection is not None
        table = HistoryTable(context.history_table, context.version_table_schema)
        with context.transactions.reading() as connection:
            rows = table.read(connection, full=True)
        messages = {
            row.revision: kept_message(row) or ""
            for row in rows or ()
            if row.revision is not None and row.source is not None
        }
        messages.update((each.revision, each.doc) for each in script.walk_revisions())
        found.append(
            AppliedHistory(
                address=context.connection.engine.url.render_as_string(hide_password=True),
                table=context.history_table,
                rows=rows or (),
                heads=tuple(sorted(heads)),
                broken=broken_at(rows or ()) if verify else None,
                messages=messages,
                exists=rows is not None,
            )
        )
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found)


def raise_for(histories: Iterable[AppliedHistory]) -> None:
    """Complain of a history in which a row was changed, or is missing.

    :param histories: histories that were verified.
    :raises CheckFailed: there is such a row.
    """
    for each in histories:
        if each.broken is not None:
            number, reason = each.broken
            raise CheckFailed(
                f"the chain of {each.table} breaks at row {number}: {reason}",
                hint="somebody has changed the table by hand; a backup says what was there",
            )
