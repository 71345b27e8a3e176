"""The deploy lock of Oracle: the rows of the version table.

``DBMS_LOCK`` needs a right that has to be granted, so it is not used. DDL commits, and so ends the
lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from limbeck.dialects.standard.lock import DeployLock, DeployLocks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table


class OracleDeployLocks(DeployLocks):
    """Oracle."""

    def try_transaction(self, connection: Connection, lock: DeployLock, table: Table) -> bool:
        if not inspect(connection).has_table(table.name, schema=table.schema):
            return True
        try:
            connection.execute(self.rows(table)).all()
        except DBAPIError as error:
            # "resource busy and acquire with NOWAIT specified":
            # https://docs.oracle.com/error-help/db/ora-00054/
            if "ORA-00054" in str(error.orig):
                return False
            raise
        return True

    def rows(self, table: Table) -> Select[Any]:
        return table.select().with_for_update(nowait=True)
