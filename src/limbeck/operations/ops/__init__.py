"""Operation values: each knows its fields, its inverse and how to say what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.operations.ops.base import AlterTableOp, MigrateOperation
from limbeck.operations.ops.containers import (
    DowngradeOps,
    MigrationScript,
    ModifyTableOps,
    OpContainer,
    UpgradeOps,
)

if TYPE_CHECKING:
    from limbeck.operations.ops.checks import CreateCheckConstraintOp, CreateExcludeConstraintOp
    from limbeck.operations.ops.columns import AddColumnOp, AlterColumnOp, DropColumnOp
    from limbeck.operations.ops.comments import CreateTableCommentOp, DropTableCommentOp
    from limbeck.operations.ops.constraints import AddConstraintOp, DropConstraintOp
    from limbeck.operations.ops.data import BulkInsertOp, ExecuteSQLOp
    from limbeck.operations.ops.indexes import CreateIndexOp, DropIndexOp
    from limbeck.operations.ops.keys import (
        CreateForeignKeyOp,
        CreatePrimaryKeyOp,
        CreateUniqueConstraintOp,
    )
    from limbeck.operations.ops.objects import CreateObjectOp, DropObjectOp, ReplaceObjectOp
    from limbeck.operations.ops.tables import CreateTableOp, DropTableOp, RenameTableOp

__all__ = [
    "AddColumnOp",
    "AddConstraintOp",
    "AlterColumnOp",
    "AlterTableOp",
    "BulkInsertOp",
    "CreateCheckConstraintOp",
    "CreateExcludeConstraintOp",
    "CreateForeignKeyOp",
    "CreateIndexOp",
    "CreateObjectOp",
    "CreatePrimaryKeyOp",
    "CreateTableCommentOp",
    "CreateTableOp",
    "CreateUniqueConstraintOp",
    "DowngradeOps",
    "DropColumnOp",
    "DropConstraintOp",
    "DropIndexOp",
    "DropObjectOp",
    "DropTableCommentOp",
    "DropTableOp",
    "ExecuteSQLOp",
    "MigrateOperation",
    "MigrationScript",
    "ModifyTableOps",
    "OpContainer",
    "RenameTableOp",
    "ReplaceObjectOp",
    "UpgradeOps",
]

_ROOMS = (
    *("checks", "columns", "comments", "constraints", "data", "indexes", "keys", "objects"),
    "tables",
)
"""Where the operations are that change something.

A kind of constraint is known as soon as its room is loaded, so whoever asks for one operation gets
all of them.
"""

if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        """What changes something, imported when it is asked for: often nothing differs."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = {}
        for room in _ROOMS:
            found |= vars(import_module(f"{__name__}.{room}"))
        for each in set(__all__).difference(globals()):  # somebody may have put one of theirs here
            globals()[each] = found[each]
        return globals()[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
