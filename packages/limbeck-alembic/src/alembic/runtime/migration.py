"""One database, and the migration that runs on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from alembic._limbeck import CLASSIC
from limbeck.runtime import migration as _migration

MigrationInfo = _migration.MigrationInfo


class MigrationContext(_migration.MigrationContext):
    __doc__ = _migration.MigrationContext.__doc__

    defaults: ClassVar[Mapping[str, Any]] = CLASSIC
