"""Operations as calls of the methods that a dialect's ``DefaultImpl`` subclass may override."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column

from limbeck.dialects.standard.constraints import constraint_to_drop
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.dialects.backend import EmitTarget


def method_of(operation: ops.MigrateOperation) -> str | None:
    """The method that carries an operation out, None where there is none."""
    return next((name for kind, (name, _) in _CALLS.items() if isinstance(operation, kind)), None)


def call_of(operation: ops.MigrateOperation, impl: Any, target: EmitTarget) -> None:
    """Call the method that carries an operation out.

    :param operation: the operation.
    :param impl: what has the method.
    :param target: for whom schema objects are made.
    """
    for kind, (_, call) in _CALLS.items():
        if isinstance(operation, kind):
            call(impl, target, operation)
            return


def _create_table(impl: Any, target: EmitTarget, op: ops.CreateTableOp) -> None:
    impl.create_table(op.to_table(target), **_said(if_not_exists=op.if_not_exists))


def _drop_table(impl: Any, target: EmitTarget, op: ops.DropTableOp) -> None:
    impl.drop_table(op.to_table(target), **_said(if_exists=op.if_exists))


def _rename_table(impl: Any, target: EmitTarget, op: ops.RenameTableOp) -> None:
    impl.rename_table(op.table_name, op.new_table_name, schema=op.schema)


def _add_column(impl: Any, target: EmitTarget, op: ops.AddColumnOp) -> None:
    said = _said(
        if_not_exists=op.if_not_exists,
        inline_references=op.inline_references,
        inline_primary_key=op.inline_primary_key,
    )
    impl.add_column(op.table_name, op.column, schema=op.schema, **said, **op.kw)


def _drop_column(impl: Any, target: EmitTarget, op: ops.DropColumnOp) -> None:
    column: Column[Any] = Column(op.column_name)
    said = _said(if_exists=op.if_exists)
    impl.drop_column(op.table_name, column, schema=op.schema, **said, **op.kw)


def _alter_column(impl: Any, target: EmitTarget, op: ops.AlterColumnOp) -> None:
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


def _add_constraint(impl: Any, target: EmitTarget, op: ops.AddConstraintOp) -> None:
    impl.add_constraint(op.to_constraint(target))


def _drop_constraint(impl: Any, target: EmitTarget, op: ops.DropConstraintOp) -> None:
    constraint = constraint_to_drop(op, target)
    impl.drop_constraint(constraint, **_said(if_exists=op.if_exists))


def _create_index(impl: Any, target: EmitTarget, op: ops.CreateIndexOp) -> None:
    impl.create_index(op.to_index(target), **_said(if_not_exists=op.if_not_exists))


def _drop_index(impl: Any, target: EmitTarget, op: ops.DropIndexOp) -> None:
    impl.drop_index(op.to_index(target), **_said(if_exists=op.if_exists))


def _bulk_insert(impl: Any, target: EmitTarget, op: ops.BulkInsertOp) -> None:
    impl.bulk_insert(op.table, op.rows, multiinsert=op.multiinsert)


def _said(**options: Any) -> dict[str, Any]:
    """The options that were given: an older subclass may not know the others."""
    return {name: value for name, value in options.items() if value is not None}


_CALLS: dict[type[ops.MigrateOperation], tuple[str, Callable[[Any, EmitTarget, Any], None]]] = {
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

METHODS = tuple(name for name, _ in _CALLS.values())
"""All of these methods."""
