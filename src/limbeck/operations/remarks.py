"""Comment lines that a generated file carries above an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.operations import ops

KEY = "limbeck.remarks"
"""Where an operation's ``info`` keeps them."""

NOT_NULL_INVENTS = (
    "rows that {table} has get an empty {column}: give it a server_default, or add it nullable, "
    "fill it, and make it NOT NULL"
)


def remark(operation: ops.MigrateOperation, words: str) -> None:
    """Add a comment line to an operation."""
    operation.info.setdefault(KEY, []).append(words)


def remarks_of(operation: ops.MigrateOperation) -> list[str]:
    """Return an operation's comment lines."""
    return list(operation.info.get(KEY, ()))
