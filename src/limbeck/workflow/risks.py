"""What a new revision may do to rows, each way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Dialect

    from limbeck.operations.ops import MigrateOperation, MigrationScript
    from limbeck.operations.risk import Kind, Risk


class RevisionRisks(Value):
    """What the two directions of a revision may do to rows.

    :param upgrade: what ``upgrade()`` loses, and for which rows it fails.
    :param downgrade: the same of ``downgrade()``; what the upgrade has added goes there.
    """

    upgrade: tuple[Risk, ...] = ()
    downgrade: tuple[Risk, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The risks as plain values."""
        return {
            "loses_data": _words(self.upgrade, "loses"),
            "can_fail": _words(self.upgrade, "fails"),
            "downgrade_loses_data": _words(self.downgrade, "loses"),
            "downgrade_can_fail": _words(self.downgrade, "fails"),
        }


def risks_of(script: MigrationScript, dialects: Sequence[Dialect]) -> RevisionRisks:
    """Say what a revision may do to rows.

    :param script: the revision.
    :param dialects: one for each database; the last one stands for any that are missing.
    """
    if not dialects:
        return RevisionRisks()
    return RevisionRisks(
        _in_all(script.upgrade_ops_list, dialects), _in_all(script.downgrade_ops_list, dialects)
    )


def _in_all(
    containers: Iterable[MigrateOperation], dialects: Sequence[Dialect]
) -> tuple[Risk, ...]:
    from limbeck.plan.data_loss import data_risks

    return tuple(
        risk
        for number, container in enumerate(containers)
        for risk in data_risks(container, dialects[min(number, len(dialects) - 1)])
    )


def _words(risks: Iterable[Risk], kind: Kind) -> list[str]:
    return [risk.words for risk in risks if risk.kind == kind]
