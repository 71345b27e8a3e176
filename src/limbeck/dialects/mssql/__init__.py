"""Answers for SQL Server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Dialect, Executable

    from limbeck.dialects.features import Features, Version
    from limbeck.operations.ops import MigrateOperation


class MssqlBackend(Backend):
    """SQL Server."""

    name = "mssql"

    @property
    def features(self) -> Features:
        from limbeck.dialects.mssql.features import FEATURES

        return FEATURES

    @property
    def since(self) -> Mapping[str, Version]:
        from limbeck.dialects.mssql.features import SINCE

        return SINCE

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        from limbeck.dialects.mssql.emit import statements

        return statements(operation, target)

    def text(self, statement: Executable, dialect: Dialect) -> str:
        from limbeck.dialects.mssql.text import statement_text

        return statement_text(statement, dialect)
