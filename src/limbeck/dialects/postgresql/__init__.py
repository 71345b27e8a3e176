"""Answers for PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection, Dialect, Executable, MetaData, Table

    from limbeck.dialects.features import Features, Version
    from limbeck.dialects.postgresql.classic_constraints import PostgresqlConstraintRules
    from limbeck.dialects.postgresql.lock import PostgresqlDeployLocks
    from limbeck.dialects.postgresql.lock_timeout import PostgresqlLockTimeouts
    from limbeck.dialects.postgresql.recovery import PostgresqlRecovery
    from limbeck.dialects.postgresql.scratch_database import PostgresqlScratchDatabases
    from limbeck.dialects.postgresql.tenant_schemas import PostgresqlTenantSchemas
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import Options, SchemaFact, TableFact, TableKey
    from limbeck.facts.schema_objects import SchemaObject
    from limbeck.facts.scope import Scope
    from limbeck.operations.ops import MigrateOperation


class PostgresqlBackend(Backend):
    """PostgreSQL."""

    name = "postgresql"
    reads_objects = True

    @property
    def features(self) -> Features:
        from limbeck.dialects.postgresql.features import FEATURES

        return FEATURES

    @property
    def since(self) -> Mapping[str, Version]:
        from limbeck.dialects.postgresql.features import SINCE

        return SINCE

    @property
    def recovery(self) -> PostgresqlRecovery:
        from limbeck.dialects.postgresql.recovery import PostgresqlRecovery

        return PostgresqlRecovery()

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        from limbeck.dialects.postgresql.plain_emit import statements

        return statements(operation, target)

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        from limbeck.dialects.postgresql.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        from limbeck.dialects.postgresql.normalise import describe

        return describe(metadatas, dialect, scope)

    def on_scratch(
        self, connection: Connection, tables: Sequence[Table], scope: Scope
    ) -> tuple[TableFact, ...]:
        from limbeck.dialects.postgresql.scratch import on_scratch

        return on_scratch(connection, tables, scope)

    def with_stored_conditions(
        self, connection: Connection, before: SchemaFact, after: SchemaFact, scope: Scope
    ) -> SchemaFact:
        from limbeck.dialects.postgresql.scratch_conditions import with_stored_conditions

        return with_stored_conditions(connection, before, after, scope)

    @property
    def scratch_databases(self) -> PostgresqlScratchDatabases:
        from limbeck.dialects.postgresql.scratch_database import PostgresqlScratchDatabases

        return PostgresqlScratchDatabases()

    def with_sources(
        self,
        connection: Connection,
        schema: SchemaFact,
        keys: Set[TableKey],
        scope: Scope,
        names: NewNames,
    ) -> SchemaFact:
        from limbeck.dialects.postgresql.sources import with_sources

        return with_sources(connection, schema, keys, scope, names)

    def under_new_names(
        self, connection: Connection, schema: SchemaFact, names: NewNames, scope: Scope
    ) -> SchemaFact:
        from limbeck.dialects.postgresql.new_names import under_new_names

        return under_new_names(connection, schema, names)

    def object_under_new_names(
        self, connection: Connection, item: SchemaObject, names: NewNames
    ) -> SchemaObject:
        from limbeck.dialects.postgresql.new_names import object_under_new_names

        return object_under_new_names(connection, item, names)

    def settle(self, before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
        from limbeck.dialects.postgresql.settle import settle

        return settle(before, after)

    def option_statements(
        self, table: str, before: Options, after: Options, dialect: Dialect
    ) -> Iterator[str]:
        from limbeck.dialects.postgresql.table_options import option_statements

        return option_statements(table, before, after, dialect.identifier_preparer)

    def constraint_rules(
        self, dialect: Dialect, connection: Connection | None = None
    ) -> PostgresqlConstraintRules:
        from limbeck.dialects.postgresql.classic_constraints import PostgresqlConstraintRules

        return PostgresqlConstraintRules(dialect, connection)

    def reflect_objects(self, connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.postgresql.object_reflect import reflect_objects

        return reflect_objects(connection, scope)

    def needed_objects(
        self, connection: Connection, tables: Sequence[TableFact], scope: Scope
    ) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.postgresql.needed_domains import needed_domains

        return needed_domains(connection, tables, scope)

    def freed_objects(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        left: Mapping[tuple[TableKey, str], str],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.postgresql.needed_domains import freed_domains
        from limbeck.facts.rights import Domain

        domains = [item for item in objects if isinstance(item, Domain)]
        return freed_domains(connection, domains, left, scope)

    def objects_on_scratch(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        stored: Sequence[SchemaObject],
        tables: Sequence[Table],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.postgresql.object_scratch import objects_on_scratch

        return objects_on_scratch(connection, objects, stored, tables, scope)

    @property
    def deploy_locks(self) -> PostgresqlDeployLocks:
        from limbeck.dialects.postgresql.lock import PostgresqlDeployLocks

        return PostgresqlDeployLocks()

    @property
    def lock_timeouts(self) -> PostgresqlLockTimeouts:
        from limbeck.dialects.postgresql.lock_timeout import PostgresqlLockTimeouts

        return PostgresqlLockTimeouts()

    @property
    def tenant_schemas(self) -> PostgresqlTenantSchemas:
        from limbeck.dialects.postgresql.tenant_schemas import PostgresqlTenantSchemas

        return PostgresqlTenantSchemas()
