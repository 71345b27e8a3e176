"""The first step of a run, sent again within the transaction that is begun for it as ever.

It finds out where the database is, and makes the version table and the history where they are
missing. So only what the revision itself has sent goes by the bare driver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.bare_statements import do_execute

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from limbeck.runtime.migration import MigrationContext

__all__ = ["SENDERS", "send_one_by_one", "send_within"]


def send_within(context: MigrationContext, statements: Sequence[str]) -> None:
    """Send the statements of a revision in the transaction that is open.

    :param context: the database.
    :param statements: the statements.
    :raises Exception: whatever the driver raises; the transaction has to be rolled back.
    """
    cursor = context.connection.connection.cursor()
    try:
        SENDERS[context.dialect.name](context, cursor, statements)
    finally:
        cursor.close()


def _one_by_one(context: MigrationContext, cursor: Any, statements: Sequence[str]) -> None:
    for sql in statements:
        do_execute(cursor, sql)


def _in_one_message(context: MigrationContext, cursor: Any, statements: Sequence[str]) -> None:
    def ask(sql: str) -> str:
        do_execute(cursor, sql)
        return str(cursor.fetchone()[0])

    # Whatever ends with a comment, the next statement begins on another line.
    do_execute(cursor, "\n;".join((*context.politeness.of_transaction(ask), *statements)))
    while cursor.nextset():
        pass


def send_one_by_one(context: MigrationContext, statements: Sequence[str]) -> None:
    """Send the statements of a revision each by itself, whatever the database keeps of them.

    :param context: the database.
    :param statements: the statements.
    :raises Exception: whatever the driver raises.
    """
    cursor = context.connection.connection.cursor()
    try:
        _one_by_one(context, cursor, statements)
    finally:
        cursor.close()


SENDERS: dict[str, Callable[[MigrationContext, Any, Sequence[str]], None]] = {
    "sqlite": _one_by_one,
    "postgresql": _in_one_message,
}
"""By the databases that take DDL back with its transaction, how they take many statements."""
