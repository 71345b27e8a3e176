"""Answers for MySQL and MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection, Dialect, Executable, MetaData, Table

    from limbeck.dialects.features import Features, Version
    from limbeck.dialects.mysql.classic_constraints import MysqlConstraintRules
    from limbeck.dialects.mysql.lock import MysqlDeployLocks
    from limbeck.dialects.mysql.lock_timeout import MysqlLockTimeouts
    from limbeck.dialects.mysql.recovery import MysqlRecovery
    from limbeck.dialects.mysql.scratch_database import MysqlScratchDatabases
    from limbeck.dialects.mysql.tenant_schemas import MysqlTenantSchemas
    from limbeck.facts.new_names import NameWords, NewNames
    from limbeck.facts.objects import Options, SchemaFact, TableFact, TableKey
    from limbeck.facts.schema_objects import SchemaObject
    from limbeck.facts.scope import Scope
    from limbeck.operations.ops import MigrateOperation
    from limbeck.operations.risk import Risk


class MysqlBackend(Backend):
    """MySQL and MariaDB."""

    name = "mysql"
    reads_objects = True

    @property
    def features(self) -> Features:
        from limbeck.dialects.mysql.features import FEATURES

        return FEATURES

    @property
    def since(self) -> Mapping[str, Version]:
        from limbeck.dialects.mysql.features import SINCE

        return SINCE

    def features_of(self, dialect: Dialect) -> Features:
        from limbeck.dialects.mysql.features import features_of

        return features_of(dialect)

    @property
    def recovery(self) -> MysqlRecovery:
        from limbeck.dialects.mysql.recovery import MysqlRecovery

        return MysqlRecovery()

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        from limbeck.dialects.mysql.emit import statements

        return statements(operation, target)

    def text(self, statement: Executable, dialect: Dialect) -> str:
        from limbeck.dialects.mysql.text import statement_text

        return statement_text(statement, dialect)

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        from limbeck.dialects.mysql.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        from limbeck.dialects.mysql.normalise import describe

        return describe(metadatas, dialect, scope)

    def on_scratch(
        self, connection: Connection, tables: Sequence[Table], scope: Scope
    ) -> tuple[TableFact, ...]:
        from limbeck.dialects.mysql.scratch import on_scratch

        return on_scratch(connection, tables, scope)

    def settle(self, before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
        from limbeck.dialects.mysql.settle import settle

        return settle(before, after)

    def type_risk(
        self, before: str, after: str, column: str, *, is_cast: bool = False
    ) -> Risk | None:
        from limbeck.dialects.mysql.type_risk import RULES
        from limbeck.dialects.standard.type_risk import type_risk

        return type_risk(before, after, column, RULES)

    def option_statements(
        self, table: str, before: Options, after: Options, dialect: Dialect
    ) -> Iterator[str]:
        from limbeck.dialects.mysql.table_options import option_statements

        return option_statements(table, before, after)

    def with_sources(
        self,
        connection: Connection,
        schema: SchemaFact,
        keys: Set[TableKey],
        scope: Scope,
        names: NewNames,
    ) -> SchemaFact:
        from limbeck.dialects.mysql.sources import with_sources

        return with_sources(connection, schema, keys, scope, names)

    def name_words(self, dialect: Dialect) -> NameWords:
        from limbeck.dialects.mysql.name_words import MysqlNameWords

        return MysqlNameWords(dialect)

    @property
    def scratch_databases(self) -> MysqlScratchDatabases:
        from limbeck.dialects.mysql.scratch_database import MysqlScratchDatabases

        return MysqlScratchDatabases()

    def constraint_rules(
        self, dialect: Dialect, connection: Connection | None = None
    ) -> MysqlConstraintRules:
        from limbeck.dialects.mysql.classic_constraints import MysqlConstraintRules

        return MysqlConstraintRules(dialect, connection)

    def reflect_objects(self, connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.mysql.object_reflect import reflect_objects

        return reflect_objects(connection, scope)

    def objects_on_scratch(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        stored: Sequence[SchemaObject],
        tables: Sequence[Table],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.mysql.object_scratch import objects_on_scratch

        return objects_on_scratch(connection, objects, stored, tables, scope)

    @property
    def deploy_locks(self) -> MysqlDeployLocks:
        from limbeck.dialects.mysql.lock import MysqlDeployLocks

        return MysqlDeployLocks()

    @property
    def lock_timeouts(self) -> MysqlLockTimeouts:
        from limbeck.dialects.mysql.lock_timeout import MysqlLockTimeouts

        return MysqlLockTimeouts()

    @property
    def tenant_schemas(self) -> MysqlTenantSchemas:
        from limbeck.dialects.mysql.tenant_schemas import MysqlTenantSchemas

        return MysqlTenantSchemas()
