"""Statements as the journal keeps them: as one would type them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.operations.ops import MigrateOperation
    from limbeck.runtime.migration import MigrationContext


class Texts:
    """Says statements for one database.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self.context = context
        self._said: tuple[Any, str] = (None, "")

    def of(self, statement: Any) -> str:
        """A statement as text."""
        if self._said[0] is not statement:  # asked when an operation is planned, and when it runs
            self._said = (statement, self._text_of(statement))
        return self._said[1]

    def of_operation(self, operation: MigrateOperation) -> str:
        """The statement that an operation is; nothing for one that makes its own."""
        if not isinstance(operation, ops.ExecuteSQLOp):
            return ""
        given = operation.sqltext
        return given if isinstance(given, str) else self.of(given)

    def _text_of(self, statement: Any) -> str:
        try:
            return self.context.backend.text(statement, self.context.dialect)
        except (AttributeError, NotImplementedError, SQLAlchemyError):
            return str(statement)  # a sequence, say, which is executed and has no text
