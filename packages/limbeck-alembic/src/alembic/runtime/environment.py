"""The environment that ``env.py`` configures and in which migrations run."""

from __future__ import annotations

from typing import ClassVar

from alembic.runtime.migration import MigrationContext
from limbeck.runtime import environment as _environment


class EnvironmentContext(_environment.EnvironmentContext):
    __doc__ = _environment.EnvironmentContext.__doc__

    migration_context_class: ClassVar[type[MigrationContext]] = MigrationContext
    must_run_migrations: ClassVar[bool] = False
