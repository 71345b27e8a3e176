"""Calls that are written down: the same directives, and nothing runs."""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from limbeck.operations.executor import result_of
from limbeck.operations.ops import ExecuteSQLOp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Dialect, Executable

    from limbeck.operations.directives import Directives
    from limbeck.operations.ops import MigrateOperation


class Recorder:
    """An :class:`~limbeck.operations.executor.Executor` that keeps what it is given.

    ::

        recorder = Recorder(dialect)
        with Operations.context(recorder):
            revision.module.upgrade()
        recorder.operations

    :param dialect: the dialect that revisions see when they ask for one.
    :param opts: the options that they see; ``target_metadata`` gives the naming convention.
    :param bind: a connection for revisions that ask the database; None refuses to answer.
    """

    def __init__(
        self,
        dialect: Dialect,
        opts: Mapping[str, Any] = MappingProxyType({}),
        bind: Connection | None = None,
    ) -> None:
        self.dialect = dialect
        self.opts = opts
        self.bind = bind
        self.as_sql = bind is None
        self.operations: list[MigrateOperation] = []

    def perform(self, operation: MigrateOperation, operations: Directives) -> Any:
        """Write an operation down.

        :return: what the directive would return.
        """
        self.operations.append(operation)
        return result_of(operation, self)

    def execute(
        self, sql: Executable | str, execution_options: Mapping[str, Any] | None = None
    ) -> None:
        """Write a statement down."""
        options = dict(execution_options) if execution_options else None
        self.operations.append(ExecuteSQLOp(sql, execution_options=options))

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Nothing runs, so there is no transaction to leave."""
        yield
