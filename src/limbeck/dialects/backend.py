"""The questions that limbeck asks of a database, answered by one folder for each.

:class:`Backend` answers them in standard SQL; ``dialects/postgresql`` and its siblings subclass it.
Answers are imported when they are asked for, so that emitting SQL never pays for reflection.

A folder's files have the same names everywhere::

    features.py   FEATURES, SINCE                         facts
    emit.py       statements(operation, target)           an operation's SQL
    reflect.py    reflect(connection, scope)              the database's side of a comparison
    normalise.py  describe(metadatas, dialect, scope)     the models' side of a comparison
    scratch.py    on_scratch(connection, tables, scope)   models in the database's own words

    scratch_database.py  a ScratchDatabases               databases made for a moment
    lock.py              a DeployLocks                    one deployer at a time
    lock_timeout.py      a LockTimeouts                   waits for locks that end soon
    tenant_schemas.py    a TenantSchemas                  one schema of many, as a database

and, where a database does something by itself::

    settle.py     settle(before, after)                   both sides as they are to be compared
    text.py       statement_text(statement, dialect)      a statement in a script
    type_risk.py  type_risk(before, after, column)        what another type does to values
    recovery.py   a Recovery                              what became of an interrupted statement

for what is no table::

    object_reflect.py     reflect_objects(connection, scope)
    object_scratch.py     objects_on_scratch(connection, objects, stored, tables, scope)
    object_emit.py        the statements that create, replace and drop objects

and, for ``compare="alembic"``::

    classic_constraints.py    a ConstraintRules           when constraints are the same
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from limbeck.dialects.features import Features, Version, features_at
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection, Dialect, Executable, MetaData, Table
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.standard.classic_constraints import ConstraintRules
    from limbeck.dialects.standard.lock import DeployLocks
    from limbeck.dialects.standard.lock_timeout import LockTimeouts
    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.dialects.standard.scratch_database import ScratchDatabases
    from limbeck.dialects.standard.table_copy import TableCopy
    from limbeck.dialects.standard.tenant_schemas import TenantSchemas
    from limbeck.facts.new_names import NameWords, NewNames
    from limbeck.facts.objects import Options, SchemaFact, TableFact, TableKey
    from limbeck.facts.schema_objects import SchemaObject
    from limbeck.facts.scope import Scope
    from limbeck.operations.batch_value import BatchAlterTable
    from limbeck.operations.ops import MigrateOperation
    from limbeck.operations.risk import Risk

NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


class BatchHooks(Protocol):
    """What a third-party dialect says of a batch."""

    def requires_recreate(self, batch: BatchAlterTable) -> bool:
        """Whether the table has to be copied."""

    def prepare(self, copy: TableCopy) -> None:
        """Do what has to be done before the copy is created."""

    def cast(
        self, existing: TypeEngine[Any], transfer: dict[str, Any], new_type: TypeEngine[Any]
    ) -> None:
        """Convert a column's values to its new type."""


class EmitTarget(Value):
    """For whom statements are made.

    :param dialect: the dialect in whose words they are.
    :param connection: the database itself, or None where none may be asked (offline).
    :param metadata: ``target_metadata``, whose naming convention names unnamed constraints.
    :param as_sql: True where the statements become text instead of being run.
    :param opts: the options of the migration context.
    :param transactional_ddl: True where the migration's transaction takes DDL back.
    :param batch_hooks: what a third-party dialect says of batches.
    :param named_types: the types that a script of SQL has created so far, so that each is created
        once; keep one target for one run.
    """

    dialect: Dialect
    connection: Connection | None = None
    metadata: MetaData | None = None
    as_sql: bool = False
    opts: Mapping[str, Any] = field(default_factory=lambda: NO_OPTIONS)
    transactional_ddl: bool = False
    batch_hooks: BatchHooks | None = None
    named_types: set[str] = field(default_factory=set)
    looks: Counter[str] = field(default_factory=Counter, repr=False, compare=False)
    """How often it was looked whether there is a connection: statements for which it never was are
    the same ones on paper."""

    @property
    def online(self) -> Connection | None:
        """The connection that may be asked, None when the statements become text.

        A stand-in for a connection, as tests have them, takes statements but has no answers.
        """
        from sqlalchemy import Connection

        self.looks["online"] += 1
        return (
            self.connection if not self.as_sql and isinstance(self.connection, Connection) else None
        )


class Backend:
    """A database about which nothing but standard SQL is known."""

    name: str = "standard"

    reads_objects: bool = False
    """Whether views, routines and the like can be read from the database, and so be compared."""

    @property
    def features(self) -> Features:
        """The facts of the newest version."""
        from limbeck.dialects.standard.features import FEATURES

        return FEATURES

    @property
    def since(self) -> Mapping[str, Version]:
        """For each fact that was not always true, the version from which it is."""
        return MappingProxyType({})

    def features_of(self, dialect: Dialect) -> Features:
        """The facts as they hold for the server that ``dialect`` is connected to."""
        return features_at(self.features, self.since, getattr(dialect, "server_version_info", None))

    def statements(self, operation: MigrateOperation, target: EmitTarget) -> Iterator[Executable]:
        """The statements that carry out ``operation``, one after the other.

        The iterator is lazy: a statement may depend on what the database says after the one
        before it was run, so run each before asking for the next.

        :raises CommandError: the operation cannot be carried out as asked.
        :raises NotImplementedError: the database has nothing like it.
        """
        from limbeck.dialects.standard.emit import statements

        return statements(operation, target)

    def text(self, statement: Executable, dialect: Dialect) -> str:
        """A statement as one would type it: no bound parameters, no doubled percent signs.

        :return: the SQL text without a terminator.
        """
        from limbeck.dialects.text import statement_text

        return statement_text(statement, dialect)

    def reflect(self, connection: Connection, scope: Scope) -> SchemaFact:
        """Everything in the database that lies in ``scope``."""
        from limbeck.dialects.standard.reflect import reflect

        return reflect(connection, scope)

    def describe(self, metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
        """Everything in the models that lies in ``scope``, in the best text without a database."""
        from limbeck.dialects.standard.normalise import describe

        return describe(metadatas, dialect, scope)

    def on_scratch(
        self, connection: Connection, tables: Sequence[Table], scope: Scope
    ) -> tuple[TableFact, ...]:
        """``tables`` as the database would say them: built on scratch and read back."""
        from limbeck.dialects.standard.scratch import on_scratch

        return on_scratch(connection, tables, scope)

    def with_stored_conditions(
        self, connection: Connection, before: SchemaFact, after: SchemaFact, scope: Scope
    ) -> SchemaFact:
        """The models with the stored text of each CHECK that says the same in other words.

        Only where that is known for less than it costs to build whole tables on scratch.

        :param before: what the database has.
        :param after: what the models want.
        """
        return after

    def reflect_objects(self, connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
        """All views, routines, triggers and the like, in schemas out of ``scope`` as well.

        What stands in the way of a change may be anywhere.
        """
        return ()

    def needed_objects(
        self, connection: Connection, tables: Sequence[TableFact], scope: Scope
    ) -> tuple[SchemaObject, ...]:
        """What columns of the models need, no model declares, and the database does not have.

        :param tables: the models' tables.
        """
        return ()

    def freed_objects(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        left: Mapping[tuple[TableKey, str], str],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        """What only columns need that go or get another type.

        :param objects: what the database has.
        :param left: those columns, with the types that they had.
        """
        return ()

    def objects_on_scratch(
        self,
        connection: Connection,
        objects: Sequence[SchemaObject],
        stored: Sequence[SchemaObject],
        tables: Sequence[Table],
        scope: Scope,
    ) -> tuple[SchemaObject, ...]:
        """``objects`` of the models as the database would say them, in the same order.

        One that cannot be built (what it leans on is not there yet) stays as it is.

        :param stored: what the database has.
        :param tables: the models' tables that are new or differ from the database's.
        :raises ScratchImpossible: nothing can be built here.
        """
        return tuple(objects)

    def settle(self, before: SchemaFact, after: SchemaFact) -> tuple[SchemaFact, SchemaFact]:
        """Both sides as they are to be compared.

        What a database does by itself (an index for each foreign key, say) and what can be told
        only beside the models is settled here, before anything is compared.
        """
        return before, after

    @property
    def scratch_databases(self) -> ScratchDatabases:
        """How whole databases are made for a moment."""
        from limbeck.dialects.standard.scratch_database import ScratchDatabases

        return ScratchDatabases()

    @property
    def recovery(self) -> Recovery:
        """What is known of statements that cannot be rolled back."""
        from limbeck.dialects.standard.recovery import Recovery

        return Recovery()

    @property
    def deploy_locks(self) -> DeployLocks:
        """How one deployer at a time is let in."""
        from limbeck.dialects.standard.lock import DeployLocks

        return DeployLocks()

    @property
    def lock_timeouts(self) -> LockTimeouts:
        """How a statement is kept from waiting long for a lock."""
        from limbeck.dialects.standard.lock_timeout import LockTimeouts

        return LockTimeouts()

    @property
    def tenant_schemas(self) -> TenantSchemas:
        """How one schema of many is migrated as if it were a database."""
        from limbeck.dialects.standard.tenant_schemas import TenantSchemas

        return TenantSchemas()

    def option_statements(
        self, table: str, before: Options, after: Options, dialect: Dialect
    ) -> Iterator[str]:
        """The statements that give a whole table other options.

        :param table: the table as SQL spells it.
        """
        return iter(())

    def option_copies(
        self, before: Options, after: Options, is_key_changed: bool
    ) -> tuple[Mapping[str, bool], Mapping[str, bool]]:
        """The options that only a copy of a table gives it, as keyword arguments of a table.

        :param is_key_changed: whether the primary key, or a column of it, changes.
        :returns: those before anything else of the table changes, and those after.
        """
        return {}, {}

    def constraint_rules(
        self, dialect: Dialect, connection: Connection | None = None
    ) -> ConstraintRules:
        """When constraints are the same to a comparison that compares what Alembic does.

        :param connection: the database, None where it may not be asked.
        """
        from limbeck.dialects.standard.classic_constraints import ConstraintRules

        return ConstraintRules(dialect, connection)

    def type_risk(
        self, before: str, after: str, column: str, *, is_cast: bool = False
    ) -> Risk | None:
        """What may become of a column's values when it gets another type.

        :param before: the text of the old type, as the type compiler or the catalogue spells it.
        :param after: the text of the new one.
        :param column: the column for people, such as ``users.name``.
        :param is_cast: whether the step casts the values itself.
        :return: None where every value fits.
        """
        from limbeck.dialects.standard.type_risk import ValueRules, type_risk

        return type_risk(before, after, column, ValueRules(is_cast=is_cast))

    def with_sources(
        self,
        connection: Connection,
        schema: SchemaFact,
        keys: Set[TableKey],
        scope: Scope,
        names: NewNames,
    ) -> SchemaFact:
        """``schema`` with SQLAlchemy objects behind the tables of ``keys`` and all their parts.

        :param names: what is called otherwise in ``schema``, and so in the objects.
        """
        from limbeck.dialects.standard.sources import with_sources

        return with_sources(connection, schema, keys, scope, names)

    def name_words(self, dialect: Dialect) -> NameWords:
        """How names are spelled in the texts of expressions."""
        from limbeck.dialects.standard.name_words import StandardNameWords

        return StandardNameWords(dialect)

    def under_new_names(
        self, connection: Connection, schema: SchemaFact, names: NewNames, scope: Scope
    ) -> SchemaFact:
        """What :meth:`reflect` would find if ``names`` had been given already.

        :param schema: what it found.
        """

        from limbeck.facts.new_names import renamed

        return renamed(schema, names, self.name_words(connection.dialect))

    def object_under_new_names(
        self, connection: Connection, item: SchemaObject, names: NewNames
    ) -> SchemaObject:
        """What :meth:`reflect_objects` would find if ``names`` had been given already.

        Where a database does not say what hangs on a renamed table in its new words, the object
        stays as it is, and is made anew.

        :param item: what it found.
        """
        return item
