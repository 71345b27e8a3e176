"""How a statement is kept from waiting long for a lock: the standard answer is that it is not.

Whoever waits for a strong lock on a table makes everybody wait who comes later, readers too. So a
statement gives up soon, and is tried again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NAMES = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([^\W\d][\w$]*)')
_STRINGS = re.compile(r"'(?:[^']|'')*'")


class LockTimeouts:
    """What a database can do to end a wait for a lock."""

    setting: ClassVar[str] = ""
    """The name of what limits the wait; empty where nothing does."""

    def value(self, seconds: float) -> str:
        """What the setting is set to.

        :param seconds: how long to wait at most.
        """
        raise NotImplementedError

    def is_default(self, value: str) -> bool:
        """Whether the setting is as nobody has set it."""
        raise NotImplementedError

    def show(self) -> str:
        """The query for the setting's value."""
        raise NotImplementedError

    def set(self, value: str, *, of_transaction: bool) -> str:
        """The statement that gives the setting a value.

        :param value: the value.
        :param of_transaction: for the transaction that is open, where that can be said.
        """
        raise NotImplementedError

    def may_be_short(self, sql: str) -> bool:
        """Whether a statement of DDL may be ended, as it has done little when it waits."""
        return True

    def is_timeout(self, error: BaseException) -> bool:
        """Whether a statement has failed because it has waited for too long."""
        return False

    def blocker(self, connection: Connection, sql: str) -> str | None:
        """The session that a statement has waited for, for people; None where nobody knows.

        :param connection: the connection; the question may begin a transaction on it.
        :param sql: the statement.
        """
        return None


def names_in(sql: str) -> list[str]:
    """The words of a statement that may be names of tables.

    :param sql: the statement.
    """
    found = _NAMES.findall(_STRINGS.sub("''", sql))
    words = (
        quoted.replace('""', '"') or ticked.replace("``", "`") or plain
        for quoted, ticked, plain in found
    )
    return list(dict.fromkeys(words))
