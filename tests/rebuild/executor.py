"""The least that carries out directives: enough of a migration context for a batch."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.operations import Operations
from limbeck.operations.executor import result_of
from limbeck.operations.registry import implementation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import sqlalchemy as sa

    from limbeck.operations.ops import MigrateOperation


class DirectExecutor:
    """Carries each operation out at once, or writes its statements down."""

    def __init__(
        self,
        dialect: sa.Dialect,
        connection: sa.Connection | None,
        metadata: sa.MetaData | None = None,
    ) -> None:
        self.dialect = dialect
        self.bind = connection
        self.as_sql = connection is None
        self.opts: Mapping[str, Any] = {"target_metadata": metadata}
        self.done: list[str] = []

    def perform(self, operation: MigrateOperation, operations: Any) -> Any:
        implementation = implementation_of(operation)
        if implementation is not None:
            return implementation(operations, operation)
        backend = backend_for(self.dialect)
        target = EmitTarget(self.dialect, self.bind, as_sql=self.as_sql, opts=self.opts)
        for statement in backend.statements(operation, target):
            self.done.append(backend.text(statement, self.dialect))
            if self.bind is not None:
                self.bind.execute(statement)
        return result_of(operation, self)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        raise AssertionError("nothing here runs statements of the user's")

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        yield


def directives(
    connection: sa.Connection, metadata: sa.MetaData | None = None
) -> tuple[Operations, list[str]]:
    """``op`` on a connection, and the statements that it has run."""
    executor = DirectExecutor(connection.dialect, connection, metadata)
    return Operations(executor), executor.done


def on_paper(
    dialect: sa.Dialect, metadata: sa.MetaData | None = None
) -> tuple[Operations, list[str]]:
    """``op`` without a database, and the statements that it has written."""
    executor = DirectExecutor(dialect, None, metadata)
    return Operations(executor), executor.done
