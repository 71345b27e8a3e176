"""Whether a database keeps a journal, and has one: all that most commands ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalTable
    from limbeck.runtime.migration import MigrationContext


def is_journal_there(context: MigrationContext) -> bool:
    """Whether a database has a journal.

    :param context: the database.
    """
    if not keeps_journal(context):
        return False
    from limbeck.database.journal_table import JournalTable

    return has_table(context, JournalTable(context.version_table, context.version_table_schema))


def has_table(context: MigrationContext, table: JournalTable) -> bool:
    """Whether a database has a table of a journal.

    :param context: the database.
    :param table: the table.
    """
    with context.transactions.reading() as connection:
        return table.exists(connection)


def keeps_journal(context: MigrationContext) -> bool:
    """Whether a run on a database keeps a journal.

    :param context: the database.
    """
    wanted = context.opts.get("journal", True)
    return (
        bool(wanted)
        and not context.as_sql
        and not context.transactions.external
        and context.backend.recovery.keeps_journal
        # A database that only speaks like a known one may recover otherwise.
        and context.dialect.name in ("mariadb", context.backend.name)
    )
