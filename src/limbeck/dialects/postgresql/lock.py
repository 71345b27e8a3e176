"""The deploy lock of PostgreSQL: a session advisory lock of the session that migrates.

Whoever waits asks again and again between transactions. One that blocks in ``pg_advisory_lock()``
keeps a snapshot, for which ``CREATE INDEX CONCURRENTLY`` of the holder waits, and so do both for
ever (https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY).

A pooler that gives each transaction another session (PgBouncer's ``pool_mode=transaction``) breaks
session locks without a word: https://www.pgbouncer.org/features.html. It is noticed by what a
pooler tells of its own: the process number in the server's greeting is not the one of the session.
Then the lock is taken in each revision's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.standard.lock import DeployLock, DeployLocks, Holder, digest

if TYPE_CHECKING:
    from collections.abc import Hashable

    from sqlalchemy import Connection, Table

_KEY = "limbeck deploy"
CHECK_INTERVAL = "client_connection_check_interval"
"""How often a server looks whether its client is there, while a statement runs, in milliseconds."""
CHECK_MILLISECONDS = 500

# A key of 64 bits stands in pg_locks in two halves:
# https://www.postgresql.org/docs/current/view-pg-locks.html
_HELD = """
    FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid::bigint = ((CAST(:key AS bigint) >> 32) & 4294967295)
      AND l.objid::bigint = (CAST(:key AS bigint) & 4294967295)
"""
_HOLDER = text(
    "SELECT l.pid, a.application_name, a.client_addr::text, a.state, "
    "to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS \"UTC\"'), "
    "extract(epoch FROM clock_timestamp() - a.backend_start)::int "
    f"{_HELD} ORDER BY l.pid LIMIT 1"
)
_BLOCKS_HOLDER = text(
    f"SELECT coalesce(bool_or(pg_backend_pid() = ANY(pg_blocking_pids(l.pid))), false) {_HELD} "
    "AND l.pid <> pg_backend_pid()"
)
_SITE = text("SELECT current_schema(), pg_backend_pid()")
_LOOKS = 4
_IDENTITY = text(
    "SELECT current_setting('application_name'), current_setting(:interval, true)"
).bindparams(interval=CHECK_INTERVAL)


class PostgresqlDeployLocks(DeployLocks):
    """PostgreSQL. Databases that build on its dialect have the standard lock."""

    def find(self, connection: Connection, table: Table) -> DeployLock | None:
        if connection.dialect.name != "postgresql":
            return super().find(connection, table)
        joined = connection.in_transaction()
        schema, pid = connection.execute(_SITE).one()
        key = self.key_of(table.schema or schema, table.name)
        told = told_pid(connection)
        if told is not None and told != pid:
            return DeployLock(key, why_not="a pooler stands between limbeck and the server")
        if told is None and not joined and _moves(connection, pid):
            return DeployLock(key, why_not="a pooler gives each transaction another session")
        return DeployLock(key, of_session=True, is_certain=told is not None)

    def key_of(self, schema: str, table: str) -> str:
        """The key by which the server knows the lock of a version table.

        :param schema: the schema in which the table is.
        :param table: its name.
        """
        return str(_signed(digest(_KEY, schema, table)))

    def session_id(self, connection: Connection) -> Hashable | None:
        pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        return pid

    def try_session(self, connection: Connection, lock: DeployLock) -> bool:
        return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({lock.key})").scalar())

    def release(self, lock: DeployLock) -> str:
        return f"SELECT pg_advisory_unlock({lock.key})"

    def try_transaction(self, connection: Connection, lock: DeployLock, table: Table) -> bool:
        if not lock.key:
            return super().try_transaction(connection, lock, table)
        return bool(
            connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({lock.key})").scalar()
        )

    def locks_transaction(self, lock: DeployLock) -> bool:
        return True

    def holder(self, connection: Connection, lock: DeployLock) -> Holder | None:
        if not lock.key:
            return None
        row = connection.execute(_HOLDER, {"key": int(lock.key)}).first()
        if row is None:
            return None
        pid, application, address, state, since, seconds = row
        words = [f"pid {pid}"]
        words += [f"application {application}"] if application else []
        words += [f"from {address.partition('/')[0]}"] if address else []
        words += [f"connected since {since} ({seconds} s ago)"] if since else []
        words += [state] if state else []
        return Holder(", ".join(words), f"SELECT pg_terminate_backend({pid}) ends it if it hangs")

    def blocks_holder(self, connection: Connection, lock: DeployLock) -> bool:
        if not lock.key:
            return False
        return bool(connection.execute(_BLOCKS_HOLDER, {"key": int(lock.key)}).scalar())

    def introduce(self, connection: Connection, name: str) -> tuple[str, ...]:
        application, interval = connection.execute(_IDENTITY).one()
        undo: list[str] = []
        if not application:
            connection.execute(
                text("SELECT set_config('application_name', :name, false)"), {"name": name}
            )
            undo.append("SET application_name = ''")
        # Since PostgreSQL 14, and where the system can tell:
        # https://www.postgresql.org/docs/current/runtime-config-connection.html
        if interval == "0":
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(f"SET {CHECK_INTERVAL} = {CHECK_MILLISECONDS}")
            except DBAPIError:
                return tuple(undo)
            undo.append(f"SET {CHECK_INTERVAL} = 0")
        return tuple(undo)


def _signed(digits: str) -> int:
    """The first 64 bits, as the number that an advisory lock takes."""
    return int.from_bytes(bytes.fromhex(digits[:16]), "big", signed=True)


def _moves(connection: Connection, pid: int) -> bool:
    """Whether transactions are seen to run in several sessions; that none is proves nothing."""
    pids = {pid}
    for _ in range(_LOOKS):
        connection.commit()
        pids.add(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    return len(pids) > 1


def told_pid(connection: Connection) -> int | None:
    """The process number that the server has greeted the driver with, None where none tells."""
    driver: Any = connection.connection.driver_connection
    if hasattr(driver, "get_server_pid"):  # asyncpg
        return int(driver.get_server_pid())
    told = getattr(getattr(driver, "info", None), "backend_pid", None)  # psycopg, psycopg2
    return told if isinstance(told, int) else None
