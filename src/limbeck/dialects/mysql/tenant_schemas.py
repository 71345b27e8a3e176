"""Schemas of MySQL and MariaDB, which are databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.standard.tenant_schemas import TenantSchemas

if TYPE_CHECKING:
    from sqlalchemy import URL


class MysqlTenantSchemas(TenantSchemas):
    """MySQL and MariaDB."""

    def place(self, url: URL, schema: str) -> tuple[URL, str | None]:
        return url.set(database=schema), None
