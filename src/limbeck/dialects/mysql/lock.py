"""The deploy lock of MySQL and MariaDB: ``GET_LOCK()``, which ends with its session.

It outlives the commits that DDL implies, and its name is the server's, of at most 64 characters:
https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html.
In a Galera cluster it is of one node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import text

from limbeck.dialects.standard.lock import DeployLock, DeployLocks, Holder, digest

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_SESSION = text(
    "SELECT id, user, host, command, time FROM information_schema.processlist WHERE id = :id"
)
_PORT = ":"


class MysqlDeployLocks(DeployLocks):
    """MySQL and MariaDB."""

    reads_snapshots: ClassVar[bool] = True

    def find(self, connection: Connection, table: Table) -> DeployLock | None:
        database = table.schema or connection.exec_driver_sql("SELECT DATABASE()").scalar()
        return DeployLock(f"limbeck:{digest(database, table.name)[:48]}", of_session=True)

    def try_session(self, connection: Connection, lock: DeployLock) -> bool:
        return connection.exec_driver_sql(f"SELECT GET_LOCK('{lock.key}', 0)").scalar() == 1

    def release(self, lock: DeployLock) -> str:
        return f"SELECT RELEASE_LOCK('{lock.key}')"

    def holder(self, connection: Connection, lock: DeployLock) -> Holder | None:
        id_ = connection.exec_driver_sql(f"SELECT IS_USED_LOCK('{lock.key}')").scalar()
        if id_ is None:
            return None
        row = connection.execute(_SESSION, {"id": id_}).first()
        hint = f"KILL {id_} ends it if it hangs"
        if row is None:  # without the right PROCESS one sees one's own sessions only
            return Holder(f"connection {id_}", hint)
        _, user, host, command, seconds = row
        address = host.rpartition(_PORT)[0] or host
        state = "idle" if command == "Sleep" else "at work"
        return Holder(
            f"connection {id_}, user {user} from {address}, {state} for {seconds} s", hint
        )
