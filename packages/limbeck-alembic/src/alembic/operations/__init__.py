"""Operations: values that say what a migration does, and the directives that make them."""

from alembic.operations import base as base
from limbeck.operations import BatchOperations as BatchOperations
from limbeck.operations import MigrateOperation as MigrateOperation
from limbeck.operations import MigrationScript as MigrationScript
from limbeck.operations import Operations as Operations
