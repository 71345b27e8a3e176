"""Operations: values that say what a migration does, and the directives that make them."""

from __future__ import annotations

from limbeck.operations.batch import BatchOperations
from limbeck.operations.operations import Operations
from limbeck.operations.ops import MigrateOperation, MigrationScript

__all__ = ["BatchOperations", "MigrateOperation", "MigrationScript", "Operations"]
