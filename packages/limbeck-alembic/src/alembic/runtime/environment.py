"""The environment that ``env.py`` configures and in which migrations run."""

from __future__ import annotations

from typing import Any, ClassVar

from alembic._limbeck import share_loggers
from alembic.runtime.migration import MigrationContext
from limbeck.runtime import environment as _environment


class EnvironmentContext(_environment.EnvironmentContext):
    __doc__ = _environment.EnvironmentContext.__doc__

    migration_context_class: ClassVar[type[MigrationContext]] = MigrationContext
    must_run_migrations: ClassVar[bool] = False

    def run_migrations(self, **kw: Any) -> None:
        """Run what the command is about; what ``env.py`` has silenced speaks again."""
        share_loggers()
        super().run_migrations(**kw)
