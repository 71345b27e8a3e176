"""Statements handed to a driver without SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["do_execute"]


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
