"""The statements that undo an operation, where the catalogue does not keep what was before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.errors import CommandError
from limbeck.operations.ops import (
    AlterColumnOp,
    CreateTableOp,
    DropColumnOp,
    DropTableOp,
    MigrateOperation,
)

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalRow


def reverse_of(operation: Any, row: JournalRow, impl: Any) -> JournalRow:
    """A row with what undoes its operation, or why nothing does.

    :param operation: the operation, None where it was let go of.
    :param row: its row.
    :param impl: the ``DefaultImpl`` of the migration.
    """
    if row.is_data or not isinstance(operation, MigrateOperation):
        return replace(row, cannot_undo="what it has done to rows is not kept")
    if isinstance(operation, DropTableOp | DropColumnOp):
        return replace(row, cannot_undo="it has dropped what held rows")
    if getattr(operation, "if_not_exists", None) or getattr(operation, "if_exists", None):
        return replace(row, cannot_undo="it may have found done what it was to do")
    if isinstance(operation, AlterColumnOp) and not _says_before(operation):
        return replace(row, cannot_undo="the file does not say what was there before")
    target = EmitTarget(impl.dialect, as_sql=True, opts=impl.opts)
    backend = backend_for(impl.dialect)
    try:
        statements = backend.statements(operation.reverse(), target)
        undo = tuple(backend.text(each, impl.dialect) for each in statements)
    except (CommandError, NotImplementedError, SQLAlchemyError, ValueError, TypeError) as error:
        return replace(row, cannot_undo=f"its inverse is not known: {error}")
    made = [operation.table_name] if isinstance(operation, CreateTableOp) else []
    return replace(row, undo=undo, facts={**row.facts, "creates": made})


def _says_before(operation: AlterColumnOp) -> bool:
    """Whether an operation says of all that it changes what it was."""
    sides = (
        (operation.modify_type is None, operation.existing_type is not None),
        (operation.modify_nullable is None, operation.existing_nullable is not None),
        (
            operation.modify_server_default is False,
            operation.existing_server_default is not False,
        ),
    )
    return all(stays or is_said for stays, is_said in sides)
