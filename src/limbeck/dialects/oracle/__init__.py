"""Answers for Oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect, Executable

    from limbeck.dialects.features import Features
    from limbeck.operations.ops import MigrateOperation


class OracleBackend(Backend):
    """Oracle."""

    name = "oracle"

    @property
    def features(self) -> Features:
        from limbeck.dialects.oracle.features import FEATURES

        return FEATURES

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        from limbeck.dialects.oracle.emit import statements

        return statements(operation, target)

    def text(self, statement: Executable, dialect: Dialect) -> str:
        from limbeck.dialects.oracle.text import statement_text

        return statement_text(statement, dialect)
