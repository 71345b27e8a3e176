"""The operations that most revisions consist of as statements, in standard SQL.

:class:`PlainEmitter` has one method for each of them. What alters a column, copies a table or makes
a view is in :mod:`limbeck.dialects.standard.emit`, and is loaded by those that need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Column, inspect
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropIndex,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)
from sqlalchemy.types import NULLTYPE

from limbeck.ddl.base import DropColumn, RenameTable
from limbeck.dialects.standard.add_column import AddColumnStatements
from limbeck.dialects.standard.bare_index import CreateBareIndex, is_bare_index
from limbeck.dialects.standard.constraints import constraint_to_drop, drop_constraint
from limbeck.dialects.standard.rows import insert_statements
from limbeck.errors import CommandError
from limbeck.operations import ops
from limbeck.operations.literal_text import literal_text
from limbeck.operations.referred import referred_table
from limbeck.operations.schema_objects import build_table, throwaway_metadata

if TYPE_CHECKING:
    from sqlalchemy import Executable, ForeignKeyConstraint, Index, Table

    from limbeck.dialects.backend import EmitTarget

Statements = Iterator["Executable"]


class PlainEmitter(AddColumnStatements):
    """Makes the statements for one target, of the operations in :attr:`methods`."""

    methods: ClassVar[dict[type[ops.MigrateOperation], str]] = {
        ops.CreateTableOp: "create_table",
        ops.DropTableOp: "drop_table",
        ops.RenameTableOp: "rename_table",
        ops.CreateTableCommentOp: "create_table_comment",
        ops.DropTableCommentOp: "drop_table_comment",
        ops.AddColumnOp: "add_column",
        ops.DropColumnOp: "drop_column",
        ops.AddConstraintOp: "add_constraint",
        ops.DropConstraintOp: "drop_constraint",
        ops.CreateIndexOp: "create_index",
        ops.DropIndexOp: "drop_index",
        ops.BulkInsertOp: "bulk_insert",
        ops.ExecuteSQLOp: "execute_sql",
    }

    creates_as_said: ClassVar[bool] = True
    """Whether a new table is as its operation says, and not changed for its statement."""
    names_indexes_alone: ClassVar[bool] = False
    """Whether an index needs no table around the names of its columns."""

    def __init__(self, target: EmitTarget) -> None:
        self.target = target
        self.dialect = target.dialect

    @classmethod
    def knows(cls, operation: ops.MigrateOperation) -> bool:
        """Whether there is a method for an operation."""
        return any(each in cls.methods for each in type(operation).__mro__)

    def statements(self, operation: ops.MigrateOperation) -> Statements:
        """The statements for an operation.

        :raises NotImplementedError: nobody taught limbeck this kind.
        """
        for cls in type(operation).__mro__:
            if cls in self.methods:
                method: Callable[[Any], Statements] = getattr(self, self.methods[cls])
                return method(operation)
        raise NotImplementedError(
            f"no statements are known for {type(operation).__name__}; "
            "see Operations.implementation_for()"
        )

    # Tables

    def create_table(self, op: ops.CreateTableOp) -> Statements:
        table = op.to_table(self.target)
        if op.if_not_exists and self._has_table(op.table_name, op.schema):
            return
        yield from self.before_create_table(table)
        yield CreateTable(table, if_not_exists=bool(op.if_not_exists))
        if self.creates_as_said:
            op.created(table)
        for constraint in self._left_out(table):
            yield AddConstraint(constraint)
        for index in sorted(table.indexes, key=lambda index: index.name or ""):
            yield CreateIndex(index)
        yield from self.table_comments(table)

    def before_create_table(self, table: Table) -> Statements:
        """What a table needs before it can be created: types, on some databases."""
        return iter(())

    def _left_out(self, table: Table) -> list[ForeignKeyConstraint]:
        """Foreign keys that SQLAlchemy leaves out of CREATE TABLE, to be added after it.

        One to a table that is not there is left to a later operation, as old revisions expect.
        """
        if not self.dialect.supports_alter:
            return []
        late = [
            key for key in table.foreign_key_constraints if key.use_alter and self._finds_other(key)
        ]
        return sorted(late, key=lambda key: key._creation_order)

    def _finds_other(self, key: ForeignKeyConstraint) -> bool:
        online = self.target.online
        schema, name, _ = referred_table(key.elements[0])
        return online is None or inspect(online).has_table(name, schema)

    def table_comments(self, table: Table) -> Statements:
        """Comments on a new table and its columns, where they are statements of their own."""
        if not self.dialect.supports_comments or self.dialect.inline_comments:
            return
        if table.comment is not None:
            yield SetTableComment(table)
        for column in table.c:
            yield from self.column_comment(column)

    def column_comment(self, column: Column[Any]) -> Statements:
        """The comment on a new column, where it is a statement of its own."""
        own = self.dialect.supports_comments and not self.dialect.inline_comments
        if own and column.comment is not None:
            yield SetColumnComment(column)

    def drop_table(self, op: ops.DropTableOp) -> Statements:
        table = op.to_table(self.target)
        yield DropTable(table, if_exists=bool(op.if_exists))

    def rename_table(self, op: ops.RenameTableOp) -> Statements:
        yield RenameTable(op.table_name, op.new_table_name, schema=op.schema)

    def create_table_comment(self, op: ops.CreateTableCommentOp) -> Statements:
        table = op.to_table(self.target)
        yield SetTableComment(table) if table.comment else DropTableComment(table)

    def drop_table_comment(self, op: ops.DropTableCommentOp) -> Statements:
        yield DropTableComment(op.to_table(self.target))

    # Columns

    def drop_column(self, op: ops.DropColumnOp) -> Statements:
        if op.if_exists and self._column_is_missing(op.table_name, op.column_name, op.schema):
            return
        yield DropColumn(
            op.table_name,
            Column(op.column_name),
            schema=op.schema,
            if_exists=op.if_exists and self.says_existence(),
        )

    # Constraints and indexes

    def add_constraint(self, op: ops.AddConstraintOp) -> Statements:
        if isinstance(op, ops.CreateExcludeConstraintOp):
            self.require_exclude(op)
        yield AddConstraint(op.to_constraint(self.target))

    def require_exclude(self, op: ops.CreateExcludeConstraintOp) -> None:
        """Refuse a constraint that only PostgreSQL has."""
        raise CommandError(
            f"cannot {op.describe()}: {self.dialect.name} has no EXCLUDE constraints",
            hint='guard it with: if op.get_context().dialect.name == "postgresql"',
        )

    def drop_constraint(self, op: ops.DropConstraintOp) -> Statements:
        yield drop_constraint(constraint_to_drop(op, self.target), if_exists=op.if_exists)

    def create_index(self, op: ops.CreateIndexOp) -> Statements:
        if self.names_indexes_alone and is_bare_index(op, self.target):
            yield CreateBareIndex(op, self.target)
            return
        yield CreateIndex(op.to_index(self.target), if_not_exists=bool(op.if_not_exists))

    def drop_index(self, op: ops.DropIndexOp) -> Statements:
        index: Index = op.to_index(self.target)
        yield DropIndex(index, if_exists=bool(op.if_exists))

    # Data

    def bulk_insert(self, op: ops.BulkInsertOp) -> Statements:
        return insert_statements(op, self.target)

    def execute_sql(self, op: ops.ExecuteSQLOp) -> Statements:
        statement: Any = op.sqltext
        if isinstance(statement, str):
            statement = literal_text(statement)
        if op.execution_options:
            statement = statement.execution_options(**op.execution_options)
        yield statement

    # What the database says

    def says_existence(self) -> bool:
        """True where ``IF [NOT] EXISTS`` may be said of a column: always on paper."""
        return True

    def _placed(self, column: Column[Any], op: ops.AlterTableOp) -> Table:
        """A throw-away table that holds a copy of ``column``, and what it refers to."""
        referred = {
            name
            for schema, table, name in map(referred_table, column.foreign_keys)
            if (schema, table) == (op.schema, op.table_name) and name not in (None, column.name)
        }
        others = [Column(name, NULLTYPE) for name in sorted(map(str, referred))]
        return build_table(
            op.table_name, throwaway_metadata(self.target), column, *others, schema=op.schema
        )

    def _has_table(self, name: str, schema: str | None) -> bool:
        connection = self.target.online
        return connection is not None and inspect(connection).has_table(name, schema=schema)

    def _column_names(self, table: str, schema: str | None) -> set[str] | None:
        """The columns that the table has now, None where nobody can be asked."""
        if self.target.online is None:
            return None
        try:
            columns = inspect(self.target.online).get_columns(table, schema=schema)
        except NoSuchTableError:
            return None
        return {column["name"] for column in columns}

    def _column_is_missing(self, table: str, column: str, schema: str | None) -> bool:
        names = self._column_names(table, schema)
        return names is not None and column not in names

    def _column_is_there(self, table: str, column: str, schema: str | None) -> bool:
        names = self._column_names(table, schema)
        return names is not None and column in names
