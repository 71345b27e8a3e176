"""The operations that most revisions consist of as statements for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.ddl.base import RenameTableInPlace
from limbeck.dialects.postgresql.enum_types import create_domain, create_types, remember_types
from limbeck.dialects.standard.plain_emit import PlainEmitter

if TYPE_CHECKING:
    from sqlalchemy import Executable, Table

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations import ops

Statements = Iterator["Executable"]


def statements(operation: ops.MigrateOperation, target: EmitTarget) -> Statements:
    """The statements that carry out ``operation`` on PostgreSQL."""
    if PostgresqlPlainEmitter.knows(operation):
        return PostgresqlPlainEmitter(target).statements(operation)
    # Many a run needs none of the rest.
    from limbeck.dialects.postgresql.emit import PostgresqlEmitter

    return PostgresqlEmitter(target).statements(operation)


class PostgresqlPlainEmitter(PlainEmitter):
    """Makes the statements for one PostgreSQL target, of the operations in :attr:`methods`."""

    names_indexes_alone = True
    describes_columns_alone = True

    def before_create_table(self, table: Table) -> Statements:
        return create_types(table, self.target)

    def add_column(self, op: ops.AddColumnOp) -> Statements:
        if not self._as_alembic():
            yield from create_domain(op.column.type, self.target)
        yield from super().add_column(op)

    def _as_alembic(self) -> bool:
        """Whether revisions are carried out as Alembic's have made the databases that there are."""
        return self.target.opts.get("existing") == "alembic"

    def execute_sql(self, op: ops.ExecuteSQLOp) -> Statements:
        if self.target.as_sql:
            remember_types(str(op.sqltext), self.target.named_types)
        return super().execute_sql(op)

    def rename_table(self, op: ops.RenameTableOp) -> Statements:
        yield RenameTableInPlace(op.table_name, op.new_table_name, schema=op.schema)

    def require_exclude(self, op: ops.CreateExcludeConstraintOp) -> None:
        """Nothing to refuse."""
