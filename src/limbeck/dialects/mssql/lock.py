"""The deploy lock of SQL Server: an application lock, which ends with its session.

https://learn.microsoft.com/en-us/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.standard.lock import DeployLock, DeployLocks, digest

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


class MssqlDeployLocks(DeployLocks):
    """SQL Server."""

    def find(self, connection: Connection, table: Table) -> DeployLock | None:
        # application locks are of one database each
        return DeployLock(f"limbeck:{digest(table.schema, table.name)[:48]}", of_session=True)

    def try_session(self, connection: Connection, lock: DeployLock) -> bool:
        return self._try(connection, lock, "Session")

    def try_transaction(self, connection: Connection, lock: DeployLock, table: Table) -> bool:
        return self._try(connection, lock, "Transaction")

    def locks_transaction(self, lock: DeployLock) -> bool:
        return True

    def release(self, lock: DeployLock) -> str:
        return f"EXEC sp_releaseapplock @Resource = '{lock.key}', @LockOwner = 'Session'"

    def _try(self, connection: Connection, lock: DeployLock, owner: str) -> bool:
        # 0 and 1 grant it; below 0 it is refused
        code = connection.exec_driver_sql(self.acquire(lock, owner)).scalar()
        return code is not None and code >= 0

    def acquire(self, lock: DeployLock, owner: str) -> str:
        """The statement that asks for a lock, and does not wait for it.

        :param owner: ``Session`` or ``Transaction``.
        """
        return (
            "SET NOCOUNT ON; DECLARE @granted int; "
            f"EXEC @granted = sp_getapplock @Resource = '{lock.key}', @LockMode = 'Exclusive', "
            f"@LockOwner = '{owner}', @LockTimeout = 0; SELECT @granted"
        )
