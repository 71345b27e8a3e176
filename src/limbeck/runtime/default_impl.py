"""What a third-party dialect subclasses to have its operations carried out its own way."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.types import JSON

from limbeck.dialects.standard.or_undo import OrUndo
from limbeck.operations.literal_text import literal_text
from limbeck.runtime.impl import Impl
from limbeck.runtime.impl_comparison import ImplComparison
from limbeck.runtime.impl_constraints import ImplConstraints
from limbeck.runtime.impl_directives import ImplDirectives
from limbeck.runtime.overriding import emit_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import TextIO

    from sqlalchemy import (
        ClauseElement,
        Column,
        Connection,
        CursorResult,
        Dialect,
        Executable,
        Table,
    )
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.standard.table_copy import TableCopy
    from limbeck.operations.ops import MigrateOperation
    from limbeck.runtime.batch_answers import GatheredBatch
    from limbeck.runtime.journal.journal import Journal
    from limbeck.runtime.politeness import Politeness

_NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})

registered: dict[str, type[DefaultImpl]] = {}
"""The class that speaks for each dialect, by its name."""


class DefaultImpl(ImplDirectives, ImplComparison, ImplConstraints, Impl):
    """A database as a migration sees it; subclass it to speak for a dialect of your own.

    A subclass names its dialect and overrides what its database does differently. An operation
    whose method is overridden is carried out by that method; every other by limbeck's engine, with
    the answers of the dialect (or of the one that it builds on)::

        class DuckDBImpl(DefaultImpl):
            __dialect__ = "duckdb"
            transactional_ddl = True

    :param dialect: the dialect.
    :param connection: the connection, None on paper.
    :param as_sql: write statements down instead of running them.
    :param transactional_ddl: whether DDL can be rolled back, None for what the database can.
    :param output_buffer: where statements are written.
    :param context_opts: the options given to ``configure()``.
    """

    __dialect__: ClassVar[str] = "default"
    """The name of the dialect that the class speaks for."""

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        as_sql: bool,
        transactional_ddl: bool | None,
        output_buffer: TextIO,
        context_opts: Mapping[str, Any],
    ) -> None:
        if transactional_ddl is None:
            # A subclass says it as a class attribute; limbeck's own leave it to the database.
            transactional_ddl = getattr(type(self), "transactional_ddl", None)
        super().__init__(
            dialect, connection, as_sql, transactional_ddl, output_buffer, context_opts
        )
        self.memo: dict[Any, Any] = {}
        self.journal: Journal | None = None
        self.paper_step: Callable[[], AbstractContextManager[None]] | None = None
        self.politeness: Politeness | None = None

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        name = vars(cls).get("__dialect__")
        if isinstance(name, str):
            registered[name] = cls

    @classmethod
    def get_by_dialect(cls, dialect: Dialect) -> type[DefaultImpl]:
        """The class that speaks for a dialect.

        :param dialect: the dialect.
        :return: the class registered for it or for one it builds on, else the general one.
        """
        inherited = [vars(each).get("name") for each in type(dialect).__mro__]
        for name in [dialect.name, *inherited]:
            if isinstance(name, str) and name in registered:
                return registered[name]
        return DefaultImpl

    @property
    def name(self) -> str:
        """The name that logs know, as in ``PostgresqlImpl``."""
        return super().name if type(self) is DefaultImpl else type(self).__name__

    @property
    def bind(self) -> Connection | None:
        """The connection, None on paper."""
        return self.connection

    # Statements

    def execute(
        self,
        sql: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement, or write it down.

        :param sql: a statement; in a string a colon is a colon.
        :param execution_options: for this statement alone.
        """
        self._exec(sql, execution_options)

    def _exec(
        self,
        construct: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
        multiparams: Sequence[Mapping[str, Any]] | None = None,
        params: Mapping[str, Any] = _NO_PARAMETERS,
    ) -> CursorResult[Any] | None:
        """The one way out for every statement; dialects' subclasses call it by this name.

        :param construct: a statement; in a string a colon is a colon.
        :param execution_options: for this statement alone.
        :param multiparams: several sets of parameters.
        :param params: one set of parameters.
        :return: the result, None on paper and where an earlier run has run it.
        :raises TypeError: both kinds of parameters are given, or any on paper.
        """
        statement = literal_text(construct) if isinstance(construct, str) else construct
        if self.as_sql or self.connection is None:
            if multiparams is not None or params:
                raise TypeError("SQL parameters not allowed with as_sql")
            self._write_as_step(statement)
            return None
        if params and multiparams is not None:
            raise TypeError("Can't send params and multiparams at the same time")
        run = partial(
            self.connection.execute,
            statement,
            multiparams if multiparams is not None else (params or None),
            execution_options=execution_options or {},
        )
        if isinstance(statement, OrUndo):
            # What cleans up comes when the statement is given up, and not between two attempts.
            run = partial(self.connection.execute, statement.statement)
        if self.politeness is not None:
            run = partial(self.politeness.statement, run)
        if isinstance(statement, OrUndo):
            run = partial(statement.attempt, run, self.connection)
        if self.journal is None:
            return run()
        is_plain = not (multiparams or params or execution_options or isinstance(statement, OrUndo))
        found: CursorResult[Any] | None = self.journal.statement(statement, run, is_plain=is_plain)
        return found

    def _write_as_step(self, statement: Executable) -> None:
        """Write a statement down, outside of the transaction where none may hold it."""
        recovery = self._backend.recovery
        if self.paper_step is None or not recovery.needs_own_step(statement, None):
            self.write(statement)
            return
        with self.paper_step():
            self.write(statement)

    def carry_out(self, operation: MigrateOperation) -> None:
        """Carry an operation out, by the methods that a subclass overrides and the engine."""
        from limbeck.runtime.carrying_out import run_operation

        run_operation(self, operation)

    # What a subclass may answer

    def start_migrations(self) -> None:
        """Called once before the first revision runs."""

    def version_table_impl(
        self,
        *,
        version_table: str,
        version_table_schema: str | None,
        version_table_pk: bool,
        **kw: Any,
    ) -> Table:
        """The version table, as it is created.

        :param version_table: its name.
        :param version_table_schema: its schema, None for the default one.
        :param version_table_pk: whether it has a primary key.
        """
        from limbeck.database.version_table import VersionTable

        return VersionTable(version_table, version_table_schema, version_table_pk).table

    def requires_recreate_in_batch(self, batch_op: GatheredBatch) -> bool:
        """Whether a batch has to copy its table, which only a database without ALTER needs.

        :param batch_op: the operations that were gathered.
        """
        return False

    def prep_table_for_batch(self, batch_impl: TableCopy, table: Table) -> None:
        """Called before a table is copied.

        :param batch_impl: the copy that is about to be made; its constraints are in
            ``named_constraints`` and ``unnamed_constraints``.
        :param table: the table as it is.
        """

    def cast_for_batch_migrate(
        self,
        existing: TypeEngine[Any],
        existing_transfer: dict[str, Any],
        new_type: TypeEngine[Any],
    ) -> None:
        """Say how a batch copies the values of a column whose type changes.

        :param existing: the type that the column has.
        :param existing_transfer: what is selected for the column, as ``expr``; may be changed.
        :param new_type: the type that it gets.
        """
        from limbeck.dialects.standard.table_copy import cast_values

        cast_values(existing, existing_transfer, new_type)

    def render_ddl_sql_expr(
        self,
        expr: ClauseElement,
        is_server_default: bool = False,
        is_index: bool = False,
        **kw: Any,
    ) -> str:
        """An expression as it stands in DDL, and so in a file that autogenerate writes.

        :param expr: the expression.
        :param is_server_default: it is a server default.
        :param is_index: it is an element of an index.
        :param kw: options of the compiler.
        """
        options = {"literal_binds": True, "include_table": False, **kw}
        return str(expr.compile(dialect=self.dialect, compile_kwargs=options))


class PostgresqlImpl(DefaultImpl):
    """PostgreSQL."""

    __dialect__ = "postgresql"
    _rules_of = "postgresql"
    type_synonyms = (*DefaultImpl.type_synonyms, {"FLOAT", "DOUBLE PRECISION"})
    identity_attrs_ignore = ("on_null", "order")

    def compare_server_default(
        self,
        inspector_column: Column[Any] | None,
        metadata_column: Column[Any],
        rendered_metadata_default: str | None,
        rendered_inspector_default: str | None,
    ) -> bool:
        """As for every database, but that a primary key which counts by itself has no default."""
        from limbeck.dialects.postgresql.serial_columns import counts_by_itself

        if counts_by_itself(metadata_column, rendered_inspector_default):
            return False
        return super().compare_server_default(
            inspector_column,
            metadata_column,
            rendered_metadata_default,
            rendered_inspector_default,
        )

    def normalize_computed(self, sqltext: str) -> str:
        """As for every database, and without casts, which PostgreSQL adds by itself."""
        from limbeck.dialects.postgresql.casts import without_casts

        return super().normalize_computed(without_casts(sqltext))


class MySQLImpl(DefaultImpl):
    """MySQL."""

    __dialect__ = "mysql"
    _rules_of = "mysql"
    type_synonyms = (*DefaultImpl.type_synonyms, {"BOOL", "TINYINT"}, {"JSON", "LONGTEXT"})
    type_arg_extract = (r"character set ([\w\-_]+)", r"collate ([\w\-_]+)")


class MariaDBImpl(MySQLImpl):
    """MariaDB."""

    __dialect__ = "mariadb"


class SQLiteImpl(DefaultImpl):
    """SQLite."""

    __dialect__ = "sqlite"
    _rules_of = "sqlite"

    def requires_recreate_in_batch(self, batch_op: GatheredBatch) -> bool:
        """Whether there is more to do than SQLite can do by itself."""
        from limbeck.dialects.sqlite.emit import SqliteEmitter

        return not SqliteEmitter(emit_target(self)).is_native(batch_op.operations)

    def cast_for_batch_migrate(
        self,
        existing: TypeEngine[Any],
        existing_transfer: dict[str, Any],
        new_type: TypeEngine[Any],
    ) -> None:
        """As for every database, but that JSON is text to SQLite."""
        if not isinstance(new_type, JSON):
            super().cast_for_batch_migrate(existing, existing_transfer, new_type)


class MSSQLImpl(DefaultImpl):
    """SQL Server."""

    __dialect__ = "mssql"
    _rules_of = "mssql"
    transactional_ddl = True
    type_synonyms = (*DefaultImpl.type_synonyms, {"VARCHAR", "NVARCHAR"})
    # An identity has a start and an increment there, and nothing else.
    identity_attrs_ignore = (
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
        "order",
        "on_null",
    )


class OracleImpl(DefaultImpl):
    """Oracle."""

    __dialect__ = "oracle"
    transactional_ddl = False
    identity_attrs_ignore = ()
    type_synonyms = (
        *DefaultImpl.type_synonyms,
        {"VARCHAR", "VARCHAR2"},
        {"BIGINT", "INTEGER", "SMALLINT", "DECIMAL", "NUMERIC", "NUMBER"},
        {"DOUBLE", "FLOAT", "DOUBLE_PRECISION"},
    )
