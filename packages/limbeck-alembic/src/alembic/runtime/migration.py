"""One database, and the migration that runs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from alembic._limbeck import CLASSIC
from alembic.runtime._heads import HeadMaintainer as HeadMaintainer
from alembic.runtime._steps import MigrationStep as MigrationStep
from alembic.runtime._steps import RevisionStep as RevisionStep
from alembic.runtime._steps import StampStep as StampStep
from alembic.runtime._steps import with_rows
from limbeck.runtime import migration as _migration

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

    from limbeck.revisions.step import PlanStep
    from limbeck.runtime.environment import EnvironmentContext

MigrationInfo = _migration.MigrationInfo


class MigrationContext(_migration.MigrationContext):
    __doc__ = _migration.MigrationContext.__doc__

    defaults: ClassVar[Mapping[str, Any]] = CLASSIC

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        opts: Mapping[str, Any],
        environment_context: EnvironmentContext | None = None,
    ) -> None:
        if dialect.name == "sqlite":
            opts = _with_transactions_of_sqlite(opts)
        super().__init__(dialect, connection, opts, environment_context)

    @property
    def _migrations_fn(self) -> Any:
        return self.opts.get("fn")

    @_migrations_fn.setter
    def _migrations_fn(self, fn: Any) -> None:
        self.opts["fn"] = fn

    @property
    def _transaction_per_migration(self) -> bool:
        return self.per_migration

    def _has_version_table(self) -> bool:
        with self.transactions.reading() as connection:
            return self.versions.exists(connection)

    def _planned(self, heads: tuple[str, ...]) -> Iterable[PlanStep]:
        return with_rows(super()._planned(heads), heads)

    @property
    def _user_compare_type(self) -> Any:
        return self.opts.get("compare_type", True)

    @_user_compare_type.setter
    def _user_compare_type(self, decide: Any) -> None:
        self.opts["compare_type"] = decide


def _with_transactions_of_sqlite(opts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options with the transactions that Alembic has on SQLite, where none are asked for.

    To Alembic, SQLite cannot take DDL back. So the revisions before one that fails stay, and its
    scripts begin no transaction: whoever runs one does.
    """
    if opts.get("transactional_ddl") is not None:
        return opts
    if opts.get("as_sql"):
        return {**opts, "transactional_ddl": False}
    if opts.get("transaction_per_migration") is not None:
        return opts
    return {**opts, "transaction_per_migration": True}
