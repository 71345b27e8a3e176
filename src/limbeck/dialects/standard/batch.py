"""What a batch may ask for only where the table is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError

if TYPE_CHECKING:
    from limbeck.operations.batch_value import BatchAlterTable
    from limbeck.operations.ops import MigrateOperation


def refuse_copy_options(op: BatchAlterTable) -> None:
    """Refuse what only a copy of the table can do.

    :raises CommandError: the batch wants columns in another order, or a table with other options.
    """
    reorders = [inner for inner in op.operations if is_placed(inner)]
    if (reorders and op.options.recreate != "always") or (
        op.options.partial_reordering and op.options.recreate == "never"
    ):
        raise CommandError(
            "Can't specify insert_before or insert_after when using ALTER; "
            "please specify recreate='always'"
        )
    if reorders or op.options.partial_reordering:
        raise CommandError(
            f"cannot change the order of the columns of table {op.address}: "
            "a table is copied on SQLite only",
            hint="leave out insert_before, insert_after and partial_reordering",
        )
    if op.options.recreate == "always" and (op.options.table_args or op.options.table_kwargs):
        raise CommandError(
            f"cannot give table {op.address} table_args or table_kwargs: "
            "a table is copied on SQLite only",
            hint="add constraints with batch_op.create_...(), options with op.execute()",
        )


def is_placed(operation: MigrateOperation) -> bool:
    """True for an operation that says where its column shall stand."""
    options: dict[str, Any] = getattr(operation, "kw", {})
    return bool(options.get("insert_before") or options.get("insert_after"))
