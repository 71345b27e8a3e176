"""What a third-party dialect's ``DefaultImpl`` is shown of a batch, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.runtime.calls import call_of

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.standard.table_copy import TableCopy
    from limbeck.operations.batch_value import BatchAlterTable

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


class GatheredBatch:
    """The operations of a batch as calls of a ``DefaultImpl``'s methods.

    :param batch: the batch.
    :param target: for whom schema objects are made.
    """

    def __init__(self, batch: BatchAlterTable, target: EmitTarget) -> None:
        self.table_name = batch.table_name
        self.schema = batch.schema
        self.recreate = batch.options.recreate
        self.operations = batch.operations
        self._target = target

    @property
    def batch(self) -> list[Call]:
        """The name of the method, its arguments and its keywords, for each operation."""
        recorder = _Recorder()
        for operation in self.operations:
            call_of(operation, recorder, self._target)
        return recorder.calls


class _Recorder:
    """Takes calls in an impl's place and writes them down."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:
        def record(*arguments: Any, **options: Any) -> None:
            self.calls.append((name, arguments, options))

        return record


class BatchAnswers:
    """The answers of a ``DefaultImpl`` where a batch is carried out."""

    def __init__(self, impl: Any) -> None:
        self._impl = impl

    def requires_recreate(self, batch: BatchAlterTable) -> bool:
        gathered = GatheredBatch(batch, self._impl._target)
        return bool(self._impl.requires_recreate_in_batch(gathered))

    def prepare(self, copy: TableCopy) -> None:
        self._impl.prep_table_for_batch(copy, copy.table)

    def cast(
        self, existing: TypeEngine[Any], transfer: dict[str, Any], new_type: TypeEngine[Any]
    ) -> None:
        self._impl.cast_for_batch_migrate(existing, transfer, new_type)
