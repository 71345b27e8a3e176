"""What batches that copy their table have in common on all databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Dialect

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.batch_value import BatchAlterTable
    from limbeck.operations.ops import MigrateOperation


_LONGEST_NAME = 50


class NoSuchPart(CommandError, ValueError):
    """The table has no constraint or index of this name."""


def temporary_name(table_name: str) -> str:
    """The name of the new table until it takes the old one's place."""
    return f"_alembic_tmp_{table_name}"[:_LONGEST_NAME]


def cannot_reflect(table_name: str, dialect: Dialect) -> CommandError:
    """The error where a table is to be copied and nobody can say what it looks like."""
    return CommandError(
        f"This operation cannot proceed in --sql mode; batch mode with dialect {dialect.name} "
        f'requires a live database connection with which to reflect the table "{table_name}". To '
        'generate a batch SQL migration script using table "move and copy", a complete Table '
        'object should be passed to the "copy_from" argument of the batch_alter_table() method so '
        "that table reflection can be skipped."
    )


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


def copies_table(op: BatchAlterTable, target: EmitTarget) -> bool:
    """Whether a batch is carried out by a copy.

    An ALTER keeps what a copy may lose (rights, triggers, what other tables refer to), so
    ``recreate="always"`` alone is no reason, unless it is to be as in Alembic.
    """
    options, hooks = op.options, target.batch_hooks
    if options.recreate == "auto":
        return hooks is not None and hooks.requires_recreate(op)
    if options.recreate == "never":
        return False
    reorders = options.partial_reordering or any(is_placed(each) for each in op.operations)
    other = options.table_args or options.table_options
    return bool(reorders or other or target.opts.get("batch") == "alembic")
