"""Operations that hold operations, up to a whole revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from limbeck.operations.ops.base import MigrateOperation, described, qualified


class OpContainer(MigrateOperation):
    """A sequence of operations."""

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        self.ops: list[MigrateOperation] = list(ops)

    def is_empty(self) -> bool:
        """True where there is nothing to do."""
        return not self.ops

    def as_diffs(self) -> list[Any]:
        """All differences within, in the words of ``compare_metadata()``."""
        return list(self._ops_as_diffs(self))

    @classmethod
    def _ops_as_diffs(cls, container: OpContainer) -> Iterator[Any]:
        for op in container.ops:
            if isinstance(op, OpContainer):
                yield from cls._ops_as_diffs(op)
            else:
                yield op.to_diff_tuple()

    def describe(self) -> str:
        return "; ".join(described(op) for op in self.ops)


class ModifyTableOps(OpContainer):
    """Operations that all modify one table."""

    def __init__(
        self,
        table_name: str,
        ops: Sequence[MigrateOperation],
        *,
        schema: str | None = None,
    ) -> None:
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> ModifyTableOps:
        return ModifyTableOps(
            self.table_name, [op.reverse() for op in reversed(self.ops)], schema=self.schema
        )

    def describe(self) -> str:
        return f"modify table {qualified(self.table_name, self.schema)}: {super().describe()}"


class UpgradeOps(OpContainer):
    """What ``upgrade()`` does.

    :param upgrade_token: the template's variable that holds the rendered text.
    """

    def __init__(
        self, ops: Sequence[MigrateOperation] = (), upgrade_token: str = "upgrades"
    ) -> None:
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops: DowngradeOps) -> DowngradeOps:
        """Fill ``downgrade_ops`` with the inverse of these operations, the last one first."""
        downgrade_ops.ops[:] = [op.reverse() for op in reversed(self.ops)]
        return downgrade_ops

    def reverse(self) -> DowngradeOps:
        return self.reverse_into(DowngradeOps([]))


class DowngradeOps(OpContainer):
    """What ``downgrade()`` does.

    :param downgrade_token: the template's variable that holds the rendered text.
    """

    def __init__(
        self, ops: Sequence[MigrateOperation] = (), downgrade_token: str = "downgrades"
    ) -> None:
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self) -> UpgradeOps:
        return UpgradeOps([op.reverse() for op in reversed(self.ops)])


class MigrationScript(MigrateOperation):
    """A revision that is about to be written.

    :param upgrade_ops: one, or one for each database of a multi-database project.
    :param downgrade_ops: as many.
    """

    def __init__(
        self,
        rev_id: str | None,
        upgrade_ops: UpgradeOps | Sequence[UpgradeOps],
        downgrade_ops: DowngradeOps | Sequence[DowngradeOps],
        *,
        message: str | None = None,
        imports: set[str] | None = None,
        head: str | None = None,
        splice: bool | None = None,
        branch_label: str | Sequence[str] | None = None,
        version_path: str | None = None,
        depends_on: str | Sequence[str] | None = None,
    ) -> None:
        self.rev_id = rev_id
        self.message = message
        self.imports = imports if imports is not None else set()
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = version_path
        self.depends_on = depends_on
        self._upgrade_ops = _as_list(upgrade_ops)
        self._downgrade_ops = _as_list(downgrade_ops)

    @property
    def upgrade_ops(self) -> UpgradeOps | None:
        """What ``upgrade()`` does.

        :raises ValueError: there are several; see :attr:`upgrade_ops_list`.
        """
        if len(self._upgrade_ops) > 1:
            raise ValueError(
                "This MigrationScript instance has a multiple-entry list for UpgradeOps; "
                "please use the upgrade_ops_list attribute."
            )
        return self._upgrade_ops[0] if self._upgrade_ops else None

    @upgrade_ops.setter
    def upgrade_ops(self, upgrade_ops: UpgradeOps | Sequence[UpgradeOps]) -> None:
        self._upgrade_ops = _as_list(upgrade_ops)

    @property
    def downgrade_ops(self) -> DowngradeOps | None:
        """What ``downgrade()`` does.

        :raises ValueError: there are several; see :attr:`downgrade_ops_list`.
        """
        if len(self._downgrade_ops) > 1:
            raise ValueError(
                "This MigrationScript instance has a multiple-entry list for DowngradeOps; "
                "please use the downgrade_ops_list attribute."
            )
        return self._downgrade_ops[0] if self._downgrade_ops else None

    @downgrade_ops.setter
    def downgrade_ops(self, downgrade_ops: DowngradeOps | Sequence[DowngradeOps]) -> None:
        self._downgrade_ops = _as_list(downgrade_ops)

    @property
    def upgrade_ops_list(self) -> list[UpgradeOps]:
        """What ``upgrade()`` does, for each database."""
        return self._upgrade_ops

    @property
    def downgrade_ops_list(self) -> list[DowngradeOps]:
        """What ``downgrade()`` does, for each database."""
        return self._downgrade_ops

    def describe(self) -> str:
        return f"revision {self.rev_id}: {self.message or 'empty message'}"


def _as_list(ops: Any) -> list[Any]:
    return [ops] if isinstance(ops, OpContainer) else list(ops)
