"""The statements that put a copy in the place of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, MetaData, Table
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, DropTable

from limbeck.dialects.standard.batch import cannot_reflect, copies_table, refuse_copy_options
from limbeck.dialects.standard.constraints import (
    constraint_to_drop,
    in_order,
    type_bound_constraints,
)
from limbeck.dialects.standard.or_undo import OrUndo
from limbeck.dialects.standard.table_copy import TableCopy, cast_values
from limbeck.operations import ops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, Constraint, Dialect
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.batch_value import BatchAlterTable

Statements = Iterator["Executable"]


class CopyStatements:
    """The part of an emitter that carries batches out."""

    target: EmitTarget
    dialect: Dialect

    if TYPE_CHECKING:
        # The rest of the emitter answers these.
        def statements(self, operation: ops.MigrateOperation) -> Statements: ...
        def before_create_table(self, table: Table) -> Statements: ...
        def table_comments(self, table: Table) -> Statements: ...
        def _placed(self, column: Column[Any], op: ops.AlterTableOp) -> Table: ...
        def _with_type(
            self, op: ops.AlterColumnOp, name: str, type_: TypeEngine[Any]
        ) -> Column[Any]: ...

    def batch(self, op: BatchAlterTable) -> Statements:
        """Each operation by an ALTER of its own, unless the table is to be copied."""
        if copies_table(op, self.target):
            yield from self.copy_table(op)
            return
        refuse_copy_options(op)
        for inner in op.operations:
            yield from self.statements(inner)

    def copy_table(self, op: BatchAlterTable) -> Statements:
        """Copy the table, once between two statements of the user's."""
        pending: list[ops.MigrateOperation] = []
        given = op.options.copy_from
        for inner in op.operations:
            if isinstance(inner, ops.ExecuteSQLOp):
                yield from self._copy(op, pending, given)
                yield from self.statements(inner)
                pending, given = [], None
            else:
                pending.append(inner)
        yield from self._copy(op, pending, given)

    def _copy(
        self, op: BatchAlterTable, pending: Sequence[ops.MigrateOperation], given: Table | None
    ) -> Statements:
        hooks = self.target.batch_hooks
        copy = TableCopy(
            given if given is not None else self._reflected(op),
            op.options.table_args,
            op.options.table_kwargs,
            reflected=given is None,
            partial_reordering=op.options.partial_reordering,
            cast=hooks.cast if hooks is not None else self.cast_for_copy,
        )
        for inner in pending:
            self._edit(copy, inner)
        new = copy.build()
        yield from self.before_create_table(new)
        yield from self.before_copy(copy)
        if hooks is not None:
            hooks.prepare(copy)
        late = [
            AddConstraint(each)  # which keeps it out of CREATE TABLE
            for each in in_order(new)
            if isinstance(each.name, str) and self.is_late(each)
        ]
        yield CreateTable(new)
        rows = copy.rows(new)
        if rows is not None:
            yield from self.before_rows(new)
            yield self._or_drop(rows, new)
            yield from self.after_rows(copy, new)
        yield self._or_drop(DropTable(copy.table), new)
        name = copy.table.name
        yield from self.statements(ops.RenameTableOp(new.name, name, schema=new.schema))
        new.name = name
        yield from late
        for index in copy.indexes_on(new):
            yield CreateIndex(index)
        yield from self.table_comments(new)

    def before_copy(self, copy: TableCopy) -> Statements:
        """What stands in the way of the copy while the table is still there."""
        return iter(())

    def is_late(self, constraint: Constraint) -> bool:
        """Whether a constraint can have its name only when the old table is gone."""
        return False

    def before_rows(self, table: Table) -> Statements:
        """What the copy needs to take its rows."""
        return iter(())

    def after_rows(self, copy: TableCopy, table: Table) -> Statements:
        """What the copy needs when it has its rows."""
        return iter(())

    def cast_for_copy(
        self, existing: TypeEngine[Any], transfer: dict[str, Any], new_type: TypeEngine[Any]
    ) -> None:
        """Convert a column's values to its new type: see :func:`table_copy.cast_values`."""
        cast_values(existing, transfer, new_type)

    def column_reflect(self, inspector: Any, table: Table, column: Any) -> None:
        """Correct a column that is read from the database."""

    def _or_drop(self, statement: Any, table: Table) -> Executable:
        """A statement that leaves no half of a copy behind, where nothing is rolled back."""
        if self.target.online is None or self.target.transactional_ddl:
            return statement  # type: ignore[no-any-return]  # a statement as it came
        return OrUndo(statement, DropTable(table))

    def _reflected(self, op: BatchAlterTable) -> Table:
        if self.target.online is None:
            raise cannot_reflect(op.table_name, self.dialect)
        options = dict(op.options.reflect_kwargs)
        listeners = [("column_reflect", self.column_reflect), *options.pop("listeners", ())]
        return Table(
            op.table_name,
            MetaData(naming_convention=op.options.naming_convention),
            *op.options.reflect_args,
            schema=op.schema,
            autoload_with=self.target.online,
            resolve_fks=False,
            listeners=listeners,
            **options,
        )

    def _edit(self, copy: TableCopy, op: ops.MigrateOperation) -> None:
        """Let an operation act upon the copy."""
        if isinstance(op, ops.AddColumnOp):
            self._add_column_to(copy, op)
        elif isinstance(op, ops.DropColumnOp):
            options = {"if_exists": op.if_exists} if op.if_exists else {}
            copy.drop_column(op.table_name, op.to_column(), **options)
        elif isinstance(op, ops.AlterColumnOp):
            self._alter_column_of(copy, op)
        elif isinstance(op, ops.AddConstraintOp):
            copy.add_constraint(op.to_constraint(self.target))
        elif isinstance(op, ops.DropConstraintOp):
            copy.drop_constraint(constraint_to_drop(op, self.target), if_exists=op.if_exists)
        elif isinstance(op, ops.CreateIndexOp):
            copy.create_index(op.to_index(self.target))
        elif isinstance(op, ops.DropIndexOp):
            copy.drop_index(op.to_index(self.target), if_exists=op.if_exists)
        elif isinstance(op, ops.CreateTableCommentOp | ops.DropTableCommentOp):
            copy.comment = op.to_table(self.target).comment
        else:
            raise NotImplementedError(f"a copy of a table cannot {op.describe()}")

    def _add_column_to(self, copy: TableCopy, op: ops.AddColumnOp) -> None:
        if op.if_not_exists and op.column.name in copy.columns:
            return
        placed = self._placed(op.column, op)
        column = placed.c[op.column.key]
        # Its index is made here, for the name that the table has in the end.
        column.index = None
        copy.add_column(op.table_name, column, **op.kw)
        for key in placed.foreign_key_constraints:
            copy.add_constraint(key)
        for index in placed.indexes:
            copy.create_index(index)

    def _alter_column_of(self, copy: TableCopy, op: ops.AlterColumnOp) -> None:
        copy.alter_column(
            op.table_name,
            op.column_name,
            nullable=op.modify_nullable,
            server_default=op.modify_server_default,
            name=op.modify_name,
            type_=op.modify_type,
            comment=op.modify_comment,
            **op.kw,
        )
        if op.existing_type is None or (op.modify_type is None and op.modify_name is None):
            return
        # The CHECK that the type brought along is known to the database as any other.
        name = op.modify_name or op.column_name
        for check in type_bound_constraints(
            self._with_type(op, name, op.existing_type), self.dialect
        ):
            known = copy.named_constraints.pop(str(check.name), None)
            if known is not None and op.modify_type is None:
                copy.add_constraint(check)
