"""All operations, those that change something included.

Constraints are known by their kind as soon as its room is loaded, so whoever asks for one operation
gets all of them.
"""

from __future__ import annotations

from limbeck.operations.ops.base import AlterTableOp, MigrateOperation
from limbeck.operations.ops.checks import CreateCheckConstraintOp, CreateExcludeConstraintOp
from limbeck.operations.ops.columns import AddColumnOp, AlterColumnOp, DropColumnOp
from limbeck.operations.ops.comments import CreateTableCommentOp, DropTableCommentOp
from limbeck.operations.ops.constraints import AddConstraintOp, DropConstraintOp
from limbeck.operations.ops.containers import (
    DowngradeOps,
    MigrationScript,
    ModifyTableOps,
    OpContainer,
    UpgradeOps,
)
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
