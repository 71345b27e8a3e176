"""What a batch may ask for only where the table is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError

if TYPE_CHECKING:
    from limbeck.operations.batch_value import BatchAlterTable
    from limbeck.operations.ops import MigrateOperation


def refuse_copy_options(op: BatchAlterTable) -> None:
    """Refuse what only a copy of the table can do.

    An order of columns that is wished for (``partial_reordering``) is left out where there is no
    copy, as revisions that are written for SQLite run on other databases too.

    :raises CommandError: a column is to be put in a place.
    """
    if any(is_placed(inner) for inner in op.operations):
        raise CommandError(
            "Can't specify insert_before or insert_after when using ALTER; "
            "please specify recreate='always'"
        )


def is_placed(operation: MigrateOperation) -> bool:
    """True for an operation that says where its column shall stand."""
    options: dict[str, Any] = getattr(operation, "kw", {})
    return bool(options.get("insert_before") or options.get("insert_after"))
