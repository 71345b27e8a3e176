"""``lock_timeout`` of PostgreSQL.

https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import text

from limbeck.dialects.standard.lock_timeout import LockTimeouts, names_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

# They wait for the transactions of others on purpose, with a weak lock, and leave debris behind.
_PATIENT = re.compile(r"\bCONCURRENTLY\b|\A\s*VACUUM\b", re.IGNORECASE)

# lock_not_available and deadlock_detected:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CODES = frozenset({"55P03", "40P01"})

_BLOCKER = text(
    """
    SELECT a.pid, a.application_name, a.state,
           extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::int
    FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation
    JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND c.relname::text = ANY (CAST(:names AS text[]))
    ORDER BY a.xact_start NULLS LAST, a.pid LIMIT 1
    """
)


class PostgresqlLockTimeouts(LockTimeouts):
    """PostgreSQL."""

    setting: ClassVar[str] = "lock_timeout"

    def value(self, seconds: float) -> str:
        return f"{max(1, round(seconds * 1000))}ms"

    def is_default(self, value: str) -> bool:
        return value == "0"

    def show(self) -> str:
        return "SHOW lock_timeout"

    def set(self, value: str, *, of_transaction: bool) -> str:
        return f"SET {'LOCAL ' if of_transaction else ''}lock_timeout = '{value}'"

    def may_be_short(self, sql: str) -> bool:
        return _PATIENT.search(sql) is None

    def is_timeout(self, error: BaseException) -> bool:
        original = getattr(error, "orig", error)
        codes = {getattr(original, "sqlstate", None), getattr(original, "pgcode", None)}
        return bool(codes & _CODES)

    def blocker(self, connection: Connection, sql: str) -> str | None:
        names = names_in(sql)
        folded = list(dict.fromkeys([*names, *(name.lower() for name in names)]))
        row = connection.execute(_BLOCKER, {"names": folded}).first()
        if row is None:
            return None
        pid, application, state, seconds = row
        words = [f"pid {pid}"]
        words += [f"application {application}"] if application else []
        words += [f"{state} for {seconds} s" if seconds is not None else state] if state else []
        return ", ".join(words)
