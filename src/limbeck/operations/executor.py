"""What operations need of the migration that is running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from limbeck.operations import ops

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Dialect, Executable

    from limbeck.operations.directives import Directives
    from limbeck.operations.ops import MigrateOperation


class Executor(Protocol):
    """Carries operations out, or records them."""

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""

    @property
    def opts(self) -> Mapping[str, Any]:
        """The options given to ``configure()``: ``target_metadata`` and the rest."""

    @property
    def bind(self) -> Connection | None:
        """The connection; offline a stand-in that prints, or nothing."""

    @property
    def as_sql(self) -> bool:
        """True where SQL is written down instead of being run."""

    def perform(self, operation: MigrateOperation, operations: Directives) -> Any:
        """Carry one operation out.

        :param operation: the operation.
        :param operations: the object whose directive was called.
        :return: what the directive returns: the table for ``create_table``, else nothing.
        """

    def execute(
        self,
        sql: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement of the user's."""

    def autocommit_block(self) -> AbstractContextManager[None]:
        """Run what is within outside of any transaction."""


def result_of(operation: MigrateOperation, executor: Executor) -> Any:
    """What the directive of an operation returns, whether it was run or recorded."""
    if not isinstance(operation, ops.CreateTableOp):
        return None
    created = operation.take_created()
    return operation.to_table(executor) if created is None else created
