"""Facts about SQL Server."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.dialects.features import Features, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

FEATURES = Features(
    transactional_ddl=True,
    existence_clauses=True,
    drop_default_option="mssql_drop_default",
    begin="BEGIN TRANSACTION",
    batch_separator="GO",
)

# DROP … IF EXISTS since SQL Server 2016:
# https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql
SINCE: Mapping[str, Version] = MappingProxyType({"existence_clauses": (13,)})
