"""Answers for SQL Server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection, Dialect, Executable, MetaData

    from limbeck.dialects.features import Features, Version
    from limbeck.dialects.mssql.classic_constraints import MssqlConstraintRules
    from limbeck.dialects.mssql.lock import MssqlDeployLocks
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.facts.scope import Scope
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

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        from limbeck.dialects.mssql.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        from limbeck.dialects.mssql.normalise import describe

        return describe(metadatas, dialect, scope)

    def settle(self, before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
        from limbeck.dialects.mssql.settle import settle

        return settle(before, after)

    def constraint_rules(
        self, dialect: Dialect, connection: Connection | None = None
    ) -> MssqlConstraintRules:
        from limbeck.dialects.mssql.classic_constraints import MssqlConstraintRules

        return MssqlConstraintRules(dialect, connection)

    def with_sources(
        self,
        connection: Connection,
        schema: SchemaFact,
        keys: Set[TableKey],
        scope: Scope,
        names: NewNames,
    ) -> SchemaFact:
        from limbeck.dialects.standard.sources import with_sources

        return with_sources(connection, schema, keys, scope, names, where="mssql_where")

    @property
    def deploy_locks(self) -> MssqlDeployLocks:
        from limbeck.dialects.mssql.lock import MssqlDeployLocks

        return MssqlDeployLocks()
