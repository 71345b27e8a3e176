"""A statement that cleans up where it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement, Executable
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult
    from sqlalchemy.engine.interfaces import Compiled


class OrUndo(Executable, ClauseElement):
    """A statement, and another one that cleans up where it fails.

    :param statement: the statement.
    :param undo: run on failure, where the database cannot roll back what came before.
    """

    inherit_cache = False

    def __init__(self, statement: Any, undo: Executable) -> None:
        self.statement = statement
        self.undo = undo

    def compile(self, *args: Any, **kw: Any) -> Compiled:
        """The statement itself."""
        compiled: Compiled = self.statement.compile(*args, **kw)
        return compiled

    def _execute_on_connection(
        self, connection: Connection, distilled_params: object, execution_options: Any
    ) -> CursorResult[Any]:
        # Connection.execute() asks its statement to run itself.
        return self.attempt(
            lambda: connection.execute(self.statement, execution_options=execution_options),
            connection,
        )

    def attempt(
        self, run: Callable[[], CursorResult[Any]], connection: Connection
    ) -> CursorResult[Any]:
        """Run the statement, and the other one where it fails.

        :param run: runs the statement, perhaps several times.
        :param connection: where the other one is run.
        """
        try:
            return run()
        except DBAPIError:
            connection.execute(self.undo)
            raise
