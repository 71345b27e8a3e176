"""One database, and the migration that runs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from alembic._limbeck import CLASSIC
from alembic.runtime._steps import HeadMaintainer as HeadMaintainer
from alembic.runtime._steps import MigrationStep as MigrationStep
from alembic.runtime._steps import RevisionStep as RevisionStep
from alembic.runtime._steps import StampStep as StampStep
from alembic.runtime._steps import with_rows
from limbeck.runtime import migration as _migration

if TYPE_CHECKING:
    from limbeck.revisions.plan import PlanStep

MigrationInfo = _migration.MigrationInfo


class MigrationContext(_migration.MigrationContext):
    __doc__ = _migration.MigrationContext.__doc__

    defaults: ClassVar[Mapping[str, Any]] = CLASSIC

    def _planned(self, heads: tuple[str, ...]) -> Iterable[PlanStep]:
        return with_rows(super()._planned(heads), heads)

    @property
    def _user_compare_type(self) -> Any:
        return self.opts.get("compare_type", True)

    @_user_compare_type.setter
    def _user_compare_type(self, decide: Any) -> None:
        self.opts["compare_type"] = decide
