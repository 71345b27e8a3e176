"""Answers for SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.dialects.backend import Backend, EmitTarget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection, Dialect, Executable, MetaData, Table

    from limbeck.dialects.features import Features, Version
    from limbeck.dialects.sqlite.classic_constraints import SqliteConstraintRules
    from limbeck.dialects.sqlite.lock import SqliteDeployLocks
    from limbeck.dialects.sqlite.recovery import SqliteRecovery
    from limbeck.dialects.sqlite.scratch_database import SqliteScratchDatabases
    from limbeck.facts.new_names import NewNames
    from limbeck.facts.objects import Options, SchemaFact, TableFact, TableKey
    from limbeck.facts.schema_objects import SchemaObject
    from limbeck.facts.scope import Scope
    from limbeck.operations.ops import MigrateOperation
    from limbeck.operations.risk import Risk


class SqliteBackend(Backend):
    """SQLite."""

    name = "sqlite"
    reads_objects = True

    @property
    def features(self) -> Features:
        from limbeck.dialects.sqlite.features import FEATURES

        return FEATURES

    @property
    def since(self) -> Mapping[str, Version]:
        from limbeck.dialects.sqlite.features import SINCE

        return SINCE

    @property
    def recovery(self) -> SqliteRecovery:
        from limbeck.dialects.sqlite.recovery import SqliteRecovery

        return SqliteRecovery()

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        from limbeck.dialects.sqlite.emit import statements

        return statements(operation, target)

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        from limbeck.dialects.sqlite.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        from limbeck.dialects.sqlite.normalise import describe

        return describe(metadatas, dialect, scope)

    def on_scratch(
        self, connection: Connection, tables: Sequence[Table], scope: Scope
    ) -> tuple[TableFact, ...]:
        from limbeck.dialects.sqlite.scratch import on_scratch

        return on_scratch(connection, tables, scope)

    def type_risk(
        self, before: str, after: str, column: str, *, is_cast: bool = False
    ) -> Risk | None:
        from limbeck.dialects.sqlite.type_risk import type_risk

        return type_risk(before, after, column)

    def with_sources(
        self,
        connection: Connection,
        schema: SchemaFact,
        keys: Set[TableKey],
        scope: Scope,
        names: NewNames,
    ) -> SchemaFact:
        if names:
            from limbeck.dialects.sqlite.renamed import renamed_sources

            return renamed_sources(connection, schema, keys, scope, names)
        from limbeck.dialects.sqlite.reflect import with_sources

        return with_sources(connection, schema, keys, scope)

    def option_copies(
        self, before: Options, after: Options, is_key_changed: bool
    ) -> tuple[Mapping[str, bool], Mapping[str, bool]]:
        from limbeck.dialects.sqlite.table_options import copies

        return copies(before, after, is_key_changed)

    @property
    def scratch_databases(self) -> SqliteScratchDatabases:
        from limbeck.dialects.sqlite.scratch_database import SqliteScratchDatabases

        return SqliteScratchDatabases()

    def under_new_names(
        self, connection: Connection, schema: SchemaFact, names: NewNames, scope: Scope
    ) -> SchemaFact:
        from limbeck.dialects.sqlite.renamed import reflect_renamed

        return reflect_renamed(connection, schema, names, scope)

    def constraint_rules(
        self, dialect: Dialect, connection: Connection | None = None
    ) -> SqliteConstraintRules:
        from limbeck.dialects.sqlite.classic_constraints import SqliteConstraintRules

        return SqliteConstraintRules(dialect, connection)

    def reflect_objects(self, connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.sqlite.object_reflect import reflect_objects

        return reflect_objects(connection, scope)

    def objects_on_scratch(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        stored: Sequence[SchemaObject],
        tables: Sequence[Table],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        from limbeck.dialects.sqlite.object_reflect import in_stored_words

        return in_stored_words(objects, stored)

    @property
    def deploy_locks(self) -> SqliteDeployLocks:
        from limbeck.dialects.sqlite.lock import SqliteDeployLocks

        return SqliteDeployLocks()
