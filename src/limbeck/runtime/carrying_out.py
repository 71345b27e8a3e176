"""Operations on their way to a database: by a dialect's own methods, else by the engine.

What a dialect's ``DefaultImpl`` subclass overrides is asked of it; everything else never leaves the
engine, whose statements know more of the situation than the methods' arguments can say.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, MetaData, Table
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    SetColumnComment,
    SetTableComment,
)

from limbeck.ddl.base import Guarded
from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.constraints import constraint_to_drop
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Executable

_OF_STATEMENT = {
    AddConstraint: "add_constraint",
    DropConstraint: "drop_constraint",
    CreateIndex: "create_index",
    DropIndex: "drop_index",
    SetTableComment: "create_table_comment",
    DropTableComment: "drop_table_comment",
    SetColumnComment: "create_column_comment",
}


def run_operation(impl: Any, operation: ops.MigrateOperation) -> None:
    """Carry an operation out.

    :param impl: the ``DefaultImpl`` of the migration.
    :param operation: the operation.
    """
    with _transaction_of(impl, operation):
        if not _is_overridden_in(impl, operation):
            run_engine(impl, operation, None)


def _transaction_of(impl: Any, operation: ops.MigrateOperation) -> AbstractContextManager[Any]:
    """One transaction for a batch of Alembic's, where nobody has begun one."""
    classic = isinstance(operation, BatchAlterTable) and impl.opts.get("batch") == "alembic"
    connection = impl.connection
    if not classic or impl.as_sql or not isinstance(connection, Connection):
        return nullcontext()
    return nullcontext() if connection.in_transaction() else connection.begin()


def run_engine(impl: Any, operation: ops.MigrateOperation, method: str | None) -> None:
    """Carry an operation out by the engine.

    :param impl: the ``DefaultImpl`` of the migration.
    :param operation: the operation.
    :param method: the method that asks for it, whose statements are not handed to it again.
    """
    for statement in _statements(impl, operation):
        hook = _OF_STATEMENT.get(type(statement))
        if hook is None or hook == method or not is_overridden(impl, hook):
            _execute(impl, statement)
        else:
            getattr(impl, hook)(statement.element)  # type: ignore[attr-defined]  # all of them do


def _execute(impl: Any, statement: Executable) -> None:
    """Run a statement; who listens to the creation and dropping of tables is told of theirs."""
    inner = statement.statement if isinstance(statement, Guarded) else statement
    if not isinstance(inner, CreateTable | DropTable):
        impl._exec(statement)
        return
    table, verb = inner.element, "create" if isinstance(inner, CreateTable) else "drop"
    # Listeners of all tables, and not those that types add to one: the engine does their work.
    listeners = Table(table.name, MetaData(), schema=table.schema).dispatch
    told = {"checkfirst": False, "_ddl_runner": impl}
    getattr(listeners, f"before_{verb}")(table, impl.connection, **told)
    impl._exec(statement)
    getattr(listeners, f"after_{verb}")(table, impl.connection, **told)


def is_overridden(impl: Any, method: str) -> bool:
    """True where a dialect's subclass has a method of its own, and not limbeck's.

    Some projects put a method of theirs into limbeck's class instead; it is one of their own too.
    """
    owner = next((cls for cls in type(impl).__mro__ if method in vars(cls)), object)
    module = getattr(vars(owner).get(method), "__module__", None) or owner.__module__
    return owner is not object and not module.startswith("limbeck.")


def emit_target(impl: Any) -> EmitTarget:
    """For whom the statements of a migration are made, one value for the whole of it."""
    target: EmitTarget | None = vars(impl).get("_target")
    if target is None:
        target = impl._target = EmitTarget(
            dialect=impl.dialect,
            connection=impl.connection,
            as_sql=impl.as_sql,
            opts=impl.opts,
        )
    return target


def _statements(impl: Any, operation: ops.MigrateOperation) -> Iterator[Executable]:
    return backend_for(impl.dialect).statements(operation, emit_target(impl))


def _is_overridden_in(impl: Any, operation: ops.MigrateOperation) -> bool:
    """Hand an operation to the subclass's method, and say whether there was one."""
    if isinstance(operation, ops.OpContainer):
        for inner in operation.ops:
            run_operation(impl, inner)
        return True
    if isinstance(operation, BatchAlterTable) and _overrides_an_operation(impl):
        for inner in operation.operations:
            run_operation(impl, inner)
        return True
    for kind, (method, call) in _CALLS.items():
        if isinstance(operation, kind) and is_overridden(impl, method):
            call(impl, operation)
            return True
    return False


def _overrides_an_operation(impl: Any) -> bool:
    return any(is_overridden(impl, method) for method, _ in _CALLS.values())


def _create_table(impl: Any, op: ops.CreateTableOp) -> None:
    impl.create_table(op.to_table(emit_target(impl)), **_said(if_not_exists=op.if_not_exists))


def _drop_table(impl: Any, op: ops.DropTableOp) -> None:
    impl.drop_table(op.to_table(emit_target(impl)), **_said(if_exists=op.if_exists))


def _rename_table(impl: Any, op: ops.RenameTableOp) -> None:
    impl.rename_table(op.table_name, op.new_table_name, schema=op.schema)


def _add_column(impl: Any, op: ops.AddColumnOp) -> None:
    said = _said(
        if_not_exists=op.if_not_exists,
        inline_references=op.inline_references,
        inline_primary_key=op.inline_primary_key,
    )
    impl.add_column(op.table_name, op.column, schema=op.schema, **said, **op.kw)


def _drop_column(impl: Any, op: ops.DropColumnOp) -> None:
    column: Column[Any] = Column(op.column_name)
    said = _said(if_exists=op.if_exists)
    impl.drop_column(op.table_name, column, schema=op.schema, **said, **op.kw)


def _alter_column(impl: Any, op: ops.AlterColumnOp) -> None:
    impl.alter_column(
        op.table_name,
        op.column_name,
        nullable=op.modify_nullable,
        server_default=op.modify_server_default,
        name=op.modify_name,
        type_=op.modify_type,
        comment=op.modify_comment,
        schema=op.schema,
        existing_type=op.existing_type,
        existing_server_default=op.existing_server_default,
        existing_nullable=op.existing_nullable,
        existing_comment=op.existing_comment,
        **op.kw,
    )


def _add_constraint(impl: Any, op: ops.AddConstraintOp) -> None:
    impl.add_constraint(op.to_constraint(emit_target(impl)))


def _drop_constraint(impl: Any, op: ops.DropConstraintOp) -> None:
    constraint = constraint_to_drop(op, emit_target(impl))
    impl.drop_constraint(constraint, **_said(if_exists=op.if_exists))


def _create_index(impl: Any, op: ops.CreateIndexOp) -> None:
    impl.create_index(op.to_index(emit_target(impl)), **_said(if_not_exists=op.if_not_exists))


def _drop_index(impl: Any, op: ops.DropIndexOp) -> None:
    impl.drop_index(op.to_index(emit_target(impl)), **_said(if_exists=op.if_exists))


def _bulk_insert(impl: Any, op: ops.BulkInsertOp) -> None:
    impl.bulk_insert(op.table, op.rows, multiinsert=op.multiinsert)


def _said(**options: Any) -> dict[str, Any]:
    """The options that were given: an older subclass may not know the others."""
    return {name: value for name, value in options.items() if value is not None}


_CALLS: dict[type[ops.MigrateOperation], tuple[str, Callable[[Any, Any], None]]] = {
    ops.CreateTableOp: ("create_table", _create_table),
    ops.DropTableOp: ("drop_table", _drop_table),
    ops.RenameTableOp: ("rename_table", _rename_table),
    ops.AddColumnOp: ("add_column", _add_column),
    ops.DropColumnOp: ("drop_column", _drop_column),
    ops.AlterColumnOp: ("alter_column", _alter_column),
    ops.AddConstraintOp: ("add_constraint", _add_constraint),
    ops.DropConstraintOp: ("drop_constraint", _drop_constraint),
    ops.CreateIndexOp: ("create_index", _create_index),
    ops.DropIndexOp: ("drop_index", _drop_index),
    ops.BulkInsertOp: ("bulk_insert", _bulk_insert),
}
