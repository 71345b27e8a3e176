"""Answers for Oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Dialect, Executable, MetaData

    from limbeck.dialects.features import Features
    from limbeck.dialects.oracle.lock import OracleDeployLocks
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope
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

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        from limbeck.dialects.oracle.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        from limbeck.dialects.oracle.normalise import describe

        return describe(metadatas, dialect, scope)

    def settle(self, before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
        from limbeck.dialects.oracle.settle import settle

        return settle(before, after)

    @property
    def deploy_locks(self) -> OracleDeployLocks:
        from limbeck.dialects.oracle.lock import OracleDeployLocks

        return OracleDeployLocks()
