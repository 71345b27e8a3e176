"""MariaDB: how far the server has come in a message that has failed, and the way back.

A message is several statements, of which those before the one that has failed have happened. A
variable of the session says which of them was last, and a savepoint leads back to the beginning.
"""

from __future__ import annotations

from typing import Any

from limbeck.database.bare_statements import do_execute

__all__ = ["BACK", "KEPT", "is_transaction_left", "reached", "says_place"]

_PLACE = "@limbeck_place"
"""A variable of the session: how far the server has come in a message."""

KEPT, BACK = "SAVEPOINT limbeck_kept", "ROLLBACK TO SAVEPOINT limbeck_kept"
"""Where a message begins, and the way back there, which is none once the transaction is gone."""

_NOT_PARSED = 1064
"""A syntax error in a message, which is found before anything of it runs:
https://mariadb.com/kb/en/mariadb-error-code-reference/"""


def says_place(place: int) -> str:
    """Part of a message: the server notes that it has come so far.

    :param place: the place.
    """
    return f"SET {_PLACE} = {place}"


def reached(cursor: Any, error: BaseException) -> int | None:
    """How far the server has come in the last message; None where it does not say.

    :param cursor: the driver's.
    :param error: what has ended it.
    """
    if not isinstance(error, Exception):
        return None
    try:
        do_execute(cursor, f"SELECT {_PLACE}")
        return int(cursor.fetchone()[0] or 0)
    except Exception:  # the connection is lost, which the first error has said
        return None


def is_transaction_left(cursor: Any, error: BaseException) -> bool:
    """Whether what was done in the transaction before a message that has failed is still there.

    A deadlock, say, rolls all of it back: what is sent one by one afterwards would succeed without.

    :param cursor: the driver's.
    :param error: what has ended the message, which began with :data:`KEPT`.
    """
    if not isinstance(error, Exception):
        return False
    code = error.args[0] if error.args else None
    if code == _NOT_PARSED:
        return True
    try:
        do_execute(cursor, BACK)
    except Exception:
        return False
    return True
