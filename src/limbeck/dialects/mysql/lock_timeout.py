"""``lock_wait_timeout`` of MySQL and MariaDB, which is about the metadata locks of DDL.

https://mariadb.com/kb/en/server-system-variables/#lock_wait_timeout
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.standard.lock_timeout import LockTimeouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_LEAST = 1
_A_DAY = 86400
"""MariaDB's default; MySQL's is a year."""

_LOCK_WAIT_TIMEOUT = 1205

# Which tables a session has locked is not to be had without the performance schema; what stands in
# the way of DDL is a transaction that is open, and most likely the oldest.
_OLDEST = text(
    """
    SELECT t.trx_mysql_thread_id, p.user, p.command,
           TIMESTAMPDIFF(SECOND, t.trx_started, NOW())
    FROM information_schema.innodb_trx t
    LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
    WHERE t.trx_mysql_thread_id <> CONNECTION_ID() AND (p.db IS NULL OR p.db = DATABASE())
    ORDER BY t.trx_started LIMIT 1
    """
)


class MysqlLockTimeouts(LockTimeouts):
    """MySQL and MariaDB."""

    setting: ClassVar[str] = "lock_wait_timeout"

    def value(self, seconds: float) -> str:
        return str(max(_LEAST, math.ceil(seconds)))

    def is_default(self, value: str) -> bool:
        return int(value) >= _A_DAY

    def show(self) -> str:
        return "SELECT @@SESSION.lock_wait_timeout"

    def set(self, value: str, *, of_transaction: bool) -> str:
        return f"SET SESSION lock_wait_timeout = {value}"

    def is_timeout(self, error: BaseException) -> bool:
        arguments: Sequence[object] = getattr(getattr(error, "orig", error), "args", ())
        return arguments[:1] == (_LOCK_WAIT_TIMEOUT,)

    def blocker(self, connection: Connection, sql: str) -> str | None:
        try:
            row = connection.execute(_OLDEST).first()
        except DBAPIError:  # without the right PROCESS
            return None
        if row is None:
            return None
        id_, user, command, seconds = row
        words = [f"perhaps connection {id_}"]
        words += [f"user {user}"] if user else []
        words += ["idle" if command == "Sleep" else "at work"] if command else []
        return f"{', '.join(words)}, in a transaction for {seconds} s"
