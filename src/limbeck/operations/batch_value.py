"""What ``batch_alter_table()`` has recorded, as one operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, get_args

from limbeck.operations.ops.base import AlterTableOp, MigrateOperation, described
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Table

Recreate = Literal["auto", "always", "never"]


class BatchOptions(Value, slots=True):
    """How a batch is carried out; see :meth:`Operations.batch_alter_table`."""

    recreate: Recreate = "auto"
    partial_reordering: Sequence[tuple[str, ...]] | None = None
    copy_from: Table | None = None
    table_args: Sequence[Any] = ()
    table_kwargs: Mapping[str, Any] = field(default_factory=dict)
    reflect_args: Sequence[Any] = ()
    reflect_kwargs: Mapping[str, Any] = field(default_factory=dict)
    naming_convention: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.recreate not in get_args(Recreate):
            raise ValueError("recreate may be one of 'auto', 'always', or 'never'.")

    @property
    def table_options(self) -> Mapping[str, Any]:
        """The options of the table without its ``info``, which no database hears of."""
        return {key: value for key, value in self.table_kwargs.items() if key != "info"}

    @property
    def existing(self) -> str | None:
        """What ``table_kwargs={"info": {"existing": …}}`` says; None where it says nothing.

        It takes the place of the option ``existing`` of ``context.configure()`` for one batch.
        """
        info: Mapping[str, Any] = self.table_kwargs.get("info") or {}
        return info.get("existing")


class BatchAlterTable(AlterTableOp):
    """Several operations on one table, carried out together.

    On a database that can alter little, they cost one copy of the table instead of one each.

    :param operations: the operations, in the order of their calls.
    :param options: how to carry them out.
    """

    def __init__(
        self,
        table_name: str,
        operations: Sequence[MigrateOperation],
        *,
        schema: str | None = None,
        options: BatchOptions | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.operations = list(operations)
        self.options = options if options is not None else BatchOptions()

    def reverse(self) -> BatchAlterTable:
        """The batch that undoes each operation, the last one first.

        :raises ValueError: one of the operations cannot be undone.
        """
        undone = [operation.reverse() for operation in reversed(self.operations)]
        return BatchAlterTable(self.table_name, undone, schema=self.schema, options=self.options)

    def to_diff_tuple(self) -> tuple[str, str | None, str, dict[str, Any]]:
        return ("modify_table", self.schema, self.table_name, dict(self.options.table_kwargs))

    def describe(self) -> str:
        return "; ".join(described(operation) for operation in self.operations) or (
            f"copy table {self.address}"
        )
