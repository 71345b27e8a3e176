"""Statements handed to a driver without SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.packets import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def do_execute_all(
    cursor: Any, statement: str, reads_packets: bool
) -> list[list[tuple[str | None, ...]]]:
    """Run a statement that may give several results, and wait for all of them.

    Half of an answer must not be left on the connection, so a signal that arrives between two
    results cancels what runs as well.

    :param cursor: the driver's.
    :param statement: the statement.
    :param reads_packets: whether :func:`~limbeck.database.packets.has_packets` says that they can
        be read without the driver.
    :returns: the rows of each result, their values as text.
    """
    if reads_packets:
        return answer_of(cursor.connection, statement)
    cursor.execute(statement)
    found = [_texts(cursor.fetchall())] if cursor.description else []
    while cursor.nextset():
        if cursor.description:
            found.append(_texts(cursor.fetchall()))
    return found


def _texts(rows: Iterable[Sequence[Any]]) -> list[tuple[str | None, ...]]:
    return [tuple(None if each is None else str(each) for each in row) for row in rows]


def do_rollback(driver: Any) -> None:
    """Roll a transaction back.

    A signal that arrives meanwhile waits for it, or the connection would be lost.

    :param driver: the driver's connection.
    """
    driver.rollback()
