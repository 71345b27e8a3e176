"""Statements handed to a driver without SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["do_execute", "do_execute_all", "do_rollback"]


def do_execute(cursor: Any, statement: str, parameters: Sequence[Any] | None = None) -> None:
    """Run a statement.

    It is called as what SQLAlchemy runs statements by, as that is how a signal finds out that there
    is one to cancel, see :mod:`limbeck.database.interruption`.

    :param cursor: the driver's.
    :param statement: the statement; without parameters it may be several, where the driver and the
        server take that.
    :param parameters: its values.
    """
    if parameters:
        cursor.execute(statement, parameters)
    else:
        cursor.execute(statement)


def do_execute_all(cursor: Any, statement: str) -> list[list[tuple[Any, ...]]]:
    """Run a statement that may give several results, and wait for all of them.

    Half of an answer must not be left on the connection, so a signal that arrives between two
    results cancels what runs as well.

    :param cursor: the driver's.
    :param statement: the statement.
    :returns: the rows of each result.
    """
    cursor.execute(statement)
    found = [list(cursor.fetchall())] if cursor.description else []
    while cursor.nextset():
        if cursor.description:
            found.append(list(cursor.fetchall()))
    return found


def do_rollback(driver: Any) -> None:
    """Roll a transaction back.

    A signal that arrives meanwhile waits for it, or the connection would be lost.

    :param driver: the driver's connection.
    """
    driver.rollback()
